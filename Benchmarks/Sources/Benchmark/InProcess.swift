import BTFReasons
import CReference

/// What the library costs a program that is already running.
enum InProcess {
  private struct Contestant {
    let name: String
    /// Does the work from nothing; how many names or types there were.
    let run: () throws -> Int
  }

  /// All reasons of the core, from nothing to the names.
  static func printNames() {
    compare(
      "names of the core's drop reasons",
      [
        Contestant(name: "BTFReasons, `DropReasons(kernel:)`") {
          try DropReasons(kernel: BTF.runningKernel()).reasons.count { $0.subsystem == "core" }
        },
        Contestant(name: "BTFReasons, `enums(named:)`") {
          try BTF.runningKernel().enums(named: "skb_drop_reason").first?.enumerators()?.count ?? 0
        },
        Contestant(name: "libbpf") { CReference_libbpf_names() },
        Contestant(name: "C, mapped, walk up to the enum") { CReference_walk_names() },
        Contestant(name: "C, mapped, scan for the enum") { CReference_scan_names() },
      ])
  }

  /// The place of every type.
  static func printIndex() {
    compare(
      "index of all types",
      [
        Contestant(name: "BTFReasons, `typeCount()`") { try BTF.runningKernel().typeCount() },
        Contestant(name: "libbpf") { CReference_libbpf_index() },
        Contestant(name: "C, mapped, full pass") { CReference_walk_index() },
      ])
  }

  /// Every type, by its id.
  static func printTypes() {
    compare(
      "structs among all types, asked for by id",
      [
        Contestant(name: "BTFReasons, `type(_:)`") {
          let btf = try BTF.runningKernel()
          var structs = 0
          for id in 1...UInt32(try btf.typeCount()) where try btf.type(id)?.kind == .structure {
            structs += 1
          }
          return structs
        },
        Contestant(name: "libbpf") { CReference_libbpf_structs() },
        Contestant(name: "C, mapped, full pass") { CReference_walk_structs() },
      ])
  }

  private static func compare(_ title: String, _ contestants: [Contestant]) {
    var times = contestants.map { _ in Times() }
    var counts = contestants.map { _ in 0 }
    for _ in 0..<300 {
      for index in contestants.indices {
        times[index].measure { counts[index] = (try? contestants[index].run()) ?? -1 }
      }
    }
    guard counts.allSatisfy({ $0 > 0 && $0 == counts[0] }) else { stop("\(title) differ: \(counts)") }

    print(
      "\n| \(title) (\(counts[0])) | least, ms | median, ms | of libbpf's | heap at most, KiB | allocations |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    let libbpf = contestants.firstIndex { $0.name == "libbpf" } ?? 0
    for index in contestants.indices {
      CReference_heap_start()
      _ = try? contestants[index].run()
      let (heap, allocations) = (CReference_heap_peak(), CReference_heap_allocations())
      let ratio = times[index].median / times[libbpf].median
      let cells = [
        contestants[index].name, (times[index].least / 1e6).short, (times[index].median / 1e6).short,
        ratio.short, "\(heap / 1024)", "\(allocations)",
      ]
      print("| \(cells.joined(separator: " | ")) |")
    }
  }

  /// A value's reason, where the reasons are at hand.
  static func printLookup() {
    guard let reasons = try? DropReasons.runningKernel() else { stop("the kernel shows no reasons") }
    let core = reasons.reasons.map(\.value).filter { $0 < 0x1_0000 }
    // What has a subsystem, and what nobody knows.
    let others = reasons.reasons.map(\.value).filter { $0 >= 0x1_0000 } + [0x7_0005, 0xffff_fff0]
    print("\n| one value | least, ns | median, ns | allocations |")
    print("| --- | ---: | ---: | ---: |")
    printLookup("`reasons[value]`, core", core) { reasons[$0]?.value ?? 0 }
    printLookup("`reasons[value]`, others and unknown", others) { reasons[$0]?.value ?? 0 }
    printLookup("`name(of:)`, core", core) { UInt32(truncatingIfNeeded: reasons.name(of: $0).utf8.count) }
  }

  private static func printLookup(_ name: String, _ values: [UInt32], _ look: (UInt32) -> UInt32) {
    let rounds = 200_000 / values.count
    var times = Times()
    var sum: UInt32 = 0
    func run() {
      for _ in 0..<rounds { for value in values { sum &+= look(value) } }
    }
    for _ in 0..<50 { times.measure(run) }
    CReference_heap_start()
    run()
    let allocations = CReference_heap_allocations()
    if sum == 0 { stop("nothing was looked up") }
    let lookups = Double(rounds * values.count)
    let cells = [name, (times.least / lookups).short, (times.median / lookups).short, "\(allocations)"]
    print("| \(cells.joined(separator: " | ")) |")
  }
}

import BTFReasons
import Foundation
import Testing

/// The running kernel against what the kernel and its tools say elsewhere.
@Suite(
  .enabled(if: FileManager.default.fileExists(atPath: "/sys/kernel/btf/vmlinux"), "the kernel shows no BTF"))
struct RunningKernelTests {
  @Test("The mapped kernel and its bytes in memory are the same")
  func waysIn() throws {
    let mapped = try BTF.runningKernel()
    let bytes = try BTF(
      bytes: [UInt8](#require(FileManager.default.contents(atPath: "/sys/kernel/btf/vmlinux"))))
    #expect(mapped.identity == bytes.identity)
    #expect(mapped.header == bytes.header)
  }

  @Test("A kernel's own BTF keeps the kernel's rules")
  func kernelRules() throws {
    try BTF.runningKernel().checkKernelRules()
  }

  @Test("Values and names are those of the tracepoint's format")
  func tracefs() throws {
    let format = try Tracefs.read("events/skb/kfree_skb/format")
    var expected: [UInt32: String] = [:]
    for match in format.matches(of: /\{ (\d+), "(\w+)" \}/) {
      expected[try #require(UInt32(match.1))] = String(match.2)
    }
    #expect(!expected.isEmpty)
    let reasons = try DropReasons.runningKernel()
    for (value, name) in expected {
      #expect(reasons.name(of: value) == name)
      #expect(reasons[name: name]?.value == value)
    }
    // The tracepoint has no names for what is never dropped.
    let unnamed = reasons.reasons.filter { $0.subsystem == "core" && expected[$0.value] == nil }
    #expect(unnamed.allSatisfy { $0.isSentinel || $0.name == "CONSUMED" })
  }

  @Test("Enums are those that bpftool prints", .enabled(if: Tool.exists("bpftool"), "no bpftool"))
  func bpftool() throws {
    let text = try Tool.run("bpftool", "btf", "dump", "file", "/sys/kernel/btf/vmlinux")
    let btf = try BTF.runningKernel()
    let reasons = try DropReasons(kernel: btf)
    let enums = Self.enums(in: text)
    #expect(enums.count >= 2)
    for (name, expected) in enums {
      let found = try btf.enums(named: name)
      #expect(found.count == 1)
      #expect(try found.first?.enumerators()?.map { "\($0.name ?? "") \($0.bits)" } == expected)
    }
    #expect(
      text.split(separator: "\n").last { $0.hasPrefix("[") }?.hasPrefix("[\(try btf.typeCount())]") == true)
    #expect(
      reasons.reasons.count { $0.subsystem == "core" } == enums["skb_drop_reason"]?.count)
  }

  @Test("Per-CPU variables lie where bpftool says", .enabled(if: Tool.exists("bpftool"), "no bpftool"))
  func variables() throws {
    let text = try Tool.run("bpftool", "btf", "dump", "file", "/sys/kernel/btf/vmlinux", "format", "raw")
    // "	type_id=8427 offset=86064 size=4 (VAR '__preempt_count')", behind the section's own line.
    let section = text.utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }
      .drop { !$0.contains("DATASEC '.data..percpu'") }.dropFirst().prefix { $0.hasPrefix("\t") }
    var expected: [String: UInt32] = [:]
    for line in section {
      let match = try #require(line.firstMatch(of: /offset=(\d+) size=\d+ \(VAR '(\w+)'\)/))
      expected[String(match.2)] = UInt32(match.1, radix: 10)
    }
    #expect(expected.count > 100)
    let btf = try BTF.runningKernel()
    let found = try btf.variableOffsets(
      Set(expected.keys).union(["no_such_variable"]), inSection: ".data..percpu")
    #expect(found == expected)
    #expect(try btf.variableOffsets(["this_cpu_off"], inSection: ".no_such_section").isEmpty)
  }

  @Test("An enumerator is found in its enum only")
  func enumerator() throws {
    let btf = try BTF.runningKernel()
    #expect(try btf.hasEnumerator("BPF_PROG_TYPE_TRACING", inEnum: "bpf_prog_type"))
    #expect(try !btf.hasEnumerator("BPF_PROG_TYPE_TRACING", inEnum: "bpf_map_type"))
    #expect(try !btf.hasEnumerator("BPF_PROG_TYPE_NONE_SUCH", inEnum: "bpf_prog_type"))
  }

  /// The enums of drop reasons in bpftool's output: `name value` of each enumerator.
  private static func enums(in text: String) -> [String: [String]] {
    var enums: [String: [String]] = [:]
    var current: String?
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      if line.first == UInt8(ascii: "[") {
        let words = String(Substring(line)).split(separator: " ")
        let name = words[2].trimmingCharacters(in: ["'"])
        current = words[1] == "ENUM" && name.contains("drop_reason") ? name : nil
        if let current { enums[current] = [] }
      } else if let current {
        let words = String(Substring(line)).split(separator: " ")
        enums[current]?.append("\(words[0].trimmingCharacters(in: ["\t", "'"])) \(words[1].dropFirst(4))")
      }
    }
    return enums
  }

  @Test("The tracepoint of drops has the parameters that all kernels since 5.17 have")
  func tracepoint() throws {
    let parameters = try BTF.runningKernel().tracepointParameters("kfree_skb")
    #expect(parameters?.prefix(3).map(\.name) == ["skb", "location", "reason"])
  }

  @Test("A folder that did not change needs no reading")
  func refresh() throws {
    var reasons = try DropReasons.runningKernel()
    let before = reasons.reasons
    // Another test or process may load a module meanwhile.
    let changed = try reasons.refresh()
    #expect(changed || reasons.reasons == before)
  }
}

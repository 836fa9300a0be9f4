import DropEvents
import Foundation
import Testing

@testable import DropCapture

@Suite(.enabled(if: FileManager.default.isReadableFile(atPath: "/sys/kernel/btf/vmlinux")))
struct RunningKernelTests {
  @Test func `Routine are the reasons of the table, by the numbers of this kernel`() throws {
    let kernel = try RunningKernel()
    let names = Set(kernel.routineReasons.map { kernel.reasonName($0) })
    #expect(names.isSubset(of: RoutineReasons.names))
    #expect(names.contains("OTHERHOST"))
    #expect(!names.contains("NO_SOCKET"))
    for reason in kernel.reasons {
      #expect(reason.isRoutine == (kernel.routineReasons.contains(reason.value) && !reason.isSentinel))
    }
    #expect(
      Set(kernel.describeCapture(options: "{}", program: "test").reasons.filter(\.isRoutine).map(\.value))
        == kernel.routineReasons)
  }

  @Test func `Names can be looked for again while others ask for them`() async throws {
    let kernel = try RunningKernel()
    let value = try #require(kernel.reasons.first { $0.name == "NO_SOCKET" }?.value)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { for _ in 0..<2000 { #expect(kernel.reasonName(value) == "NO_SOCKET") } }
      }
      group.addTask {
        for _ in 0..<50 {
          // Whether a module comes just now nobody knows; what was there is not new.
          #expect(!kernel.refreshReasons().reasons.contains { $0.name == "NO_SOCKET" })
        }
      }
    }
  }
}

/// The table of routine reasons, against real kernels.
@Suite struct RoutineReasonsTests {
  /// The `enums.tsv` of each kernel in the folder that `DROPDB_KERNELS` names.
  private static let lists: [String] = {
    guard let folder = ProcessInfo.processInfo.environment["DROPDB_KERNELS"] else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.map { "\(folder)/\($0)/enums.tsv" }.filter(FileManager.default.fileExists)
  }()

  @Test(.enabled(if: !lists.isEmpty, "set DROPDB_KERNELS to a folder of kernels' BTF"))
  func `Each name is a reason of some kernel`() throws {
    var symbols: Set<Substring> = []
    for list in Self.lists {
      for line in try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n") {
        let columns = line.split(separator: "\t")
        if columns[0] == "skb_drop_reason" { symbols.insert(columns[2]) }
      }
    }
    for name in RoutineReasons.names {
      #expect(symbols.contains { $0 == "SKB_DROP_REASON_\(name)" }, "\(name)")
    }
  }
}

import ArgumentParser
import BTFReasons
import DropEvents
import Foundation
import KernelImages
import Testing

@testable import DropCapture
@testable import dropdb

/// The types of real kernels.
private enum KernelTypes {
  static let files: [String] = {
    guard let folder = ProcessInfo.processInfo.environment["DROPDB_KERNELS"] else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.map { "\(folder)/\($0)/vmlinux.btf.zst" }.filter(FileManager.default.fileExists).sorted()
  }()
}

/// `QDISC_DROP` in a filter, on the kernels whose BTF is in the folder that `DROPDB_KERNELS` names.
@Suite(.enabled(if: !KernelTypes.files.isEmpty, "set DROPDB_KERNELS to a folder of kernels' BTF"))
struct QdiscReasonTests {
  private static func kernel(_ path: String) throws -> RunningKernel {
    let btf = try BTF(kernelImage: path)
    return RunningKernel(btf, try DropReasons(kernel: btf))
  }

  private static func filter(_ kernel: RunningKernel, _ arguments: String...) throws -> CaptureFilter {
    try FilterOptions.parse(arguments).filter(
      reasons: kernel.reasons, subsystems: kernel.subsystems, tellsQdiscReasons: kernel.tellsQdiscReasons
    ).0
  }

  @Test(
    "It means the detailed reasons too where the kernel tells them, and nothing else",
    arguments: KernelTypes.files)
  func selection(path: String) throws {
    let kernel = try Self.kernel(path)
    let details = Set(kernel.reasons.filter { $0.subsystem == "qdisc" && !$0.isSentinel }.map(\.value))
    // The oldest kernels with reasons do not have this one.
    guard let general = kernel.reason(named: "QDISC_DROP") else {
      #expect(!kernel.tellsQdiscReasons && details.isEmpty)
      return
    }
    #expect(kernel.tellsQdiscReasons == !details.isEmpty)
    let all = details.union([general])
    for name in ["QDISC_DROP", "skb_drop_reason_qdisc_drop", "core:QDISC_DROP", String(general)] {
      #expect(try Self.filter(kernel, "--reason", name).reasons == all)
      #expect(try Self.filter(kernel, "--not-reason", name).excludedReasons == all)
    }
    #expect(try Self.filter(kernel, "--reason", "core").reasons.isDisjoint(with: details))
    guard let detail = kernel.reasons.first(where: { $0.name == "QDISC_DROP_OVERLIMIT" }) else { return }
    #expect(try Self.filter(kernel, "--reason", detail.name).reasons == [detail.value])
    // As of a subsystem, some may be left out.
    let some = try Self.filter(kernel, "--reason", "QDISC_DROP", "--not-reason", detail.name)
    #expect(some.reasons == all && some.excludedReasons == [detail.value])
    #expect(throws: CommandFailure.self) {
      try Self.filter(kernel, "--reason", detail.name, "--not-reason", "QDISC_DROP")
    }
  }

  @Test("A kernel that tells them is among them")
  func coverage() throws {
    #expect(try KernelTypes.files.contains { try Self.kernel($0).tellsQdiscReasons })
  }
}

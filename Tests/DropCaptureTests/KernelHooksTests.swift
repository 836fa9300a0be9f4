import BTFReasons
import Foundation
import Testing

@testable import DropCapture

/// What tracepoints tell, by the BTF of real kernels.
@Suite struct KernelHooksTests {
  /// What one kernel has, by its sources.
  struct Expectation: Sendable, CustomTestStringConvertible {
    /// How the kernel's folder begins.
    let kernel: String
    let tellsReceivingSocket: Bool
    let tellsQdiscReason: Bool
    let castsPointers: Bool

    var testDescription: String { kernel }
  }

  /// The expectations for kernels that are there.
  private static let expectations = [
    Expectation(kernel: "5.18", tellsReceivingSocket: false, tellsQdiscReason: false, castsPointers: false),
    Expectation(kernel: "6.1.", tellsReceivingSocket: false, tellsQdiscReason: false, castsPointers: false),
    Expectation(kernel: "6.6", tellsReceivingSocket: false, tellsQdiscReason: false, castsPointers: true),
    Expectation(kernel: "6.12.", tellsReceivingSocket: true, tellsQdiscReason: false, castsPointers: true),
    Expectation(kernel: "7.1", tellsReceivingSocket: true, tellsQdiscReason: true, castsPointers: true),
    Expectation(kernel: "7.2.", tellsReceivingSocket: true, tellsQdiscReason: true, castsPointers: true),
  ].filter { expected in Kernels.names.contains { $0.hasPrefix(expected.kernel) } }

  @Test(
    .enabled(if: Kernels.folder != nil, "set DROPDB_KERNELS to a folder of kernels' BTF (and install zstd)"),
    arguments: expectations)
  func `Hooks are those that the kernel has`(_ expected: Expectation) throws {
    for name in Kernels.names where name.hasPrefix(expected.kernel) {
      let hooks = try KernelHooks(try BTF(bytes: Kernels.vmlinux(name), file: name))
      #expect(hooks.tellsReason)
      #expect(hooks.tellsReceivingSocket == expected.tellsReceivingSocket)
      #expect(hooks.tellsQdiscReason == expected.tellsQdiscReason)
      #expect(hooks.castsPointers == expected.castsPointers)
      #expect(hooks.readsNonlinear == expected.tellsReceivingSocket)
      #expect(hooks.tracepoints.contains("qdisc:qdisc_drop") == expected.tellsQdiscReason)
      #expect(
        hooks.freeProgram == (expected.castsPointers ? "drop_kfree_skb" : "drop_kfree_skb_by_calls"))
      #expect(hooks.freeProgram != hooks.otherFreeProgram)
    }
  }

  @Test(
    .enabled(if: Kernels.folder != nil, "set DROPDB_KERNELS to a folder of kernels' BTF (and install zstd)"))
  func `What a verifier may refuse is left out, what tells least first`() throws {
    let name = try #require(Kernels.names.first { $0.hasPrefix("7.2.") })
    let full = try KernelHooks(try BTF(bytes: Kernels.vmlinux(name), file: name))
    #expect(full.readsNonlinear)
    let plainer = try #require(full.plainer)
    #expect(!plainer.readsNonlinear)
    #expect(plainer.tracepoints == full.tracepoints)
    #expect(plainer.freeProgram == "drop_kfree_skb")
    let plainest = try #require(plainer.plainer)
    #expect(plainest.tellsReason)
    #expect(plainest.tellsReceivingSocket)
    #expect(plainest.tracepoints == ["skb:kfree_skb"])
    #expect(plainest.freeProgram == "drop_kfree_skb_by_calls")
    #expect(plainest.plainer.map(\.tracepoints) == nil)
  }
}

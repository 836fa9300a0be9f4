import Foundation
import Testing

@testable import DropCapture

@Suite(.enabled(if: FileManager.default.isReadableFile(atPath: "/sys/kernel/btf/vmlinux")))
struct KernelHooksTests {
  @Test func `What a verifier may refuse is done without, at first only what tells least`() throws {
    let full = try KernelHooks(try RunningKernel().btf)
    var hooks = full
    if hooks.readsNonlinear {
      hooks = try #require(hooks.plainer)
      #expect(!hooks.readsNonlinear)
      #expect(hooks.freeProgram == full.freeProgram)
      #expect(hooks.tracepoints == full.tracepoints)
    }
    if let plainer = hooks.plainer { hooks = plainer }
    #expect(hooks.freeProgram == "drop_kfree_skb_by_calls")
    #expect(hooks.tracepoints == ["skb:kfree_skb"])
    #expect(hooks.tellsReason == full.tellsReason)
    #expect(hooks.plainer == nil)
  }
}

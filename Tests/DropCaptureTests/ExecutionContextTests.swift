import DropEvents
import Testing

@testable import DropCapture

@Suite struct ExecutionContextTests {
  @Test(
    arguments: [
      (["udp_queue_rcv_one_skb", "__sys_sendto", "do_syscall_64"], .task),
      (
        ["tcp_v4_rcv", "__napi_poll", "net_rx_action", "handle_softirqs", "do_softirq", "__sys_connect"],
        .softirq
      ),
      (["tcp_v4_rcv", "net_rx_action", "__do_softirq", "irq_exit_rcu", "common_interrupt"], .softirq),
      (["dev_kfree_skb_irq_reason", "e1000_intr", "handle_irq_event", "handle_softirqs"], .hardirq),
      (["x", "__sysvec_call_function_single", "y"], .hardirq),
      (["x", "nmi_handle", "handle_irq_event"], .nmi),
      ([], .task),
    ] as [([String], ExecutionContext)])
  func `The innermost entry into an interrupt decides`(functions: [String], context: ExecutionContext) {
    #expect(ExecutionContext(functions: functions) == context)
  }
}

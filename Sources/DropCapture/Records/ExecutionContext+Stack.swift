internal import CDropRecord
internal import DropEvents

extension ExecutionContext {
  /// The BPF program's number of it; `nil` where it could not tell.
  init?(kernel context: UInt8) {
    switch UInt32(context) {
    case DROP_CONTEXT_TASK: self = .task
    case DROP_CONTEXT_SOFTIRQ: self = .softirq
    case DROP_CONTEXT_HARDIRQ: self = .hardirq
    case DROP_CONTEXT_NMI: self = .nmi
    default: return nil
    }
  }

  /// What the CPU was doing, told from the functions on its stack, the innermost first.
  ///
  /// The kernel enters interrupts through few functions, and the innermost of them decides. They are named as in
  /// `kernel/softirq.c`, `arch/x86/include/asm/idtentry.h`, `arch/arm64/kernel/entry-common.c` and `kernel/irq`.
  init(functions: some Sequence<String>) {
    for function in functions {
      if Self.softirqEntries.contains(function) {
        self = .softirq
        return
      }
      if Self.nmiEntries.contains(function) {
        self = .nmi
        return
      }
      if Self.hardirqEntries.contains(function) || function.hasPrefix("__sysvec_") {
        self = .hardirq
        return
      }
    }
    self = .task
  }

  private static let softirqEntries: Set<String> = [
    "handle_softirqs", "__do_softirq", "__softirqentry_text_start",
  ]
  private static let nmiEntries: Set<String> = [
    "exc_nmi", "nmi_handle", "default_do_nmi", "el1h_64_sync_nmi",
  ]
  private static let hardirqEntries: Set<String> = [
    "handle_irq_event", "__common_interrupt", "generic_handle_domain_irq", "handle_arch_irq", "do_IRQ",
  ]
}

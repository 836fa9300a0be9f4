import CProcess

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Some signals.
struct SignalSet: @unchecked Sendable {
  private var signals = sigset_t()

  init(_ numbers: [Int32]) {
    unsafe sigemptyset(&signals)
    for number in numbers { unsafe sigaddset(&signals, number) }
  }

  /// Holds them back from this thread and those it makes from now on.
  ///
  /// - Returns: What was held back before.
  func block() -> SignalSet {
    var before = SignalSet([])
    var signals = signals
    unsafe pthread_sigmask(SIG_BLOCK, &signals, &before.signals)
    return before
  }

  /// Makes these, and no others, those that are held back.
  func restore() {
    var signals = signals
    unsafe pthread_sigmask(SIG_SETMASK, &signals, nil)
  }

  /// Waits for one of them, which must be held back; `nil` if none has come in time.
  func wait(nanoseconds: Int64) -> Int32? {
    var signals = signals
    var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    var sender: pid_t = 0
    let number = unsafe CProcess_wait_for_signal(&signals, &time, &sender)
    return number > 0 ? number : nil
  }

  /// Ends the process by a signal, as if nothing had held it back.
  static func die(by number: Int32) {
    var signals = SignalSet([number]).signals
    _ = raise(number)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}

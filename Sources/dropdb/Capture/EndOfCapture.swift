#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Waits for what ends a capture: Ctrl-C, a request to terminate, the terminal going away, or the end of its time.
///
/// Make it before any thread is started: threads inherit that these signals are not for them.
struct EndOfCapture: Sendable {
  private let signals: sigset_t

  init() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    self.signals = signals
  }

  /// Waits.
  ///
  /// - Parameter nanoseconds: The capture's time; `nil` for no limit.
  func wait(atMost nanoseconds: Int64?) {
    var signals = signals
    guard let nanoseconds else {
      var signal: CInt = 0
      unsafe sigwait(&signals, &signal)
      return
    }
    let deadline = ContinuousClock.now + .nanoseconds(nanoseconds)
    while true {
      let left = ContinuousClock.now.duration(to: deadline).components
      guard left.seconds >= 0, left.attoseconds >= 0 else { return }
      var time = timespec(tv_sec: Int(left.seconds), tv_nsec: Int(left.attoseconds / 1_000_000_000))
      // A signal ends the capture, and so does the end of its time; only an interruption is waited out.
      if unsafe sigtimedwait(&signals, nil, &time) >= 0 || errno != EINTR { return }
    }
  }

  /// From here on the signals do again what they do to other programs: a second Ctrl-C ends at once.
  func release() {
    var signals = signals
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}

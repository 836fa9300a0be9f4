import CProcess
import Dispatch
import DropStore
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Ends a command that runs until it is told to, also while it reads or waits for whoever takes its output.
///
/// Make it before any other thread is started: threads inherit that these signals are not for them.
final class EndWatch: Sendable {
  /// How long output may take that has been begun, before the process ends all the same.
  private static let patience = DispatchTimeInterval.milliseconds(500)

  private let isEnding = Atomic(false)
  private let interrupter = Mutex<Interrupter?>(nil)
  private let wake = DispatchSemaphore(value: 0)

  /// Begins to watch for `SIGINT`, `SIGTERM` and `SIGHUP`, but for one that was to be ignored.
  init() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] where !EndSignals.isIgnored(number) {
      unsafe sigaddset(&signals, number)
    }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let watched = signals
    DispatchQueue(label: "dropdb.end").async {
      Self.wait(for: watched)
      self.end()
    }
  }

  /// Whether it is time to end.
  var hasCome: Bool { isEnding.load(ordering: .relaxed) }

  /// Names the reader whose work is to end as well.
  func interrupts(_ interrupter: Interrupter) {
    self.interrupter.withLock { $0 = interrupter }
    if hasCome { interrupter.interrupt() }
  }

  /// Waits, but not when it is time to end.
  ///
  /// - Returns: whether to go on.
  func pause(milliseconds: Int) -> Bool {
    guard !hasCome else { return false }
    return wake.wait(timeout: .now() + .milliseconds(milliseconds)) == .timedOut && !hasCome
  }

  private static func wait(for signals: sigset_t) {
    var signals = signals
    var received: Int32 = 0
    while unsafe sigwait(&signals, &received) != 0 {}
  }

  private func end() {
    isEnding.store(true, ordering: .relaxed)
    interrupter.withLock { $0?.interrupt() }
    wake.signal()
    // Whoever reads may have stopped doing so for good.
    _ = DispatchSemaphore(value: 0).wait(timeout: .now() + Self.patience)
    endAtOnce(0)
  }
}

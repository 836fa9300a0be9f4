import CProcess
import Dispatch
import DropStore
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Waits for keys and for signals, whichever comes first.
///
/// Signals are blocked in all threads and taken by one, which writes their numbers into a pipe. Make it before any other
/// thread is started.
final class TopSignals: Sendable {
  /// What there was to wait for.
  struct Arrival {
    var isEnd = false
    /// Ctrl-Z: the program shall stop.
    var isStop = false
    /// It goes on after a stop: others may have used the terminal.
    var isContinue = false
    var isResize = false
    var hasKeys = false
  }

  /// How long the end may take before the process ends all the same.
  private static let patience = DispatchTimeInterval.milliseconds(1000)

  private let readEnd: Int32
  private let writeEnd: Int32
  private let interrupter = Mutex<Interrupter?>(nil)

  /// Begins to take signals.
  ///
  /// - Parameter stuck: What to do when the program does not end although it is told to; the process ends then.
  /// - Throws: ``CommandFailure`` where there can be no pipe.
  init(stuck: @escaping @Sendable () -> Void) throws(CommandFailure) {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw CommandFailure("no pipe: \(SystemError.text(errno))") }
    (readEnd, writeEnd) = (ends[0], ends[1])
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH] {
      unsafe sigaddset(&signals, number)
    }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let taken = signals
    DispatchQueue(label: "dropdb.signals").async { self.take(taken, stuck) }
  }

  /// Names the reader whose work is to end as well.
  func interrupts(_ interrupter: Interrupter) { self.interrupter.withLock { $0 = interrupter } }

  /// Waits.
  ///
  /// - Parameter milliseconds: How long at most.
  /// - Returns: What has come; nothing after that time.
  func wait(milliseconds: Int32) -> Arrival {
    var arrival = Arrival()
    var files = [
      pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
    ]
    guard unsafe poll(&files, 2, max(0, milliseconds)) > 0 else { return arrival }
    arrival.hasKeys = files[1].revents != 0
    guard files[0].revents != 0 else { return arrival }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = systemRead(readEnd, &bytes)
    for byte in bytes.prefix(max(0, count)) {
      switch Int32(byte) {
      case SIGWINCH: arrival.isResize = true
      case SIGTSTP: arrival.isStop = true
      case SIGCONT: arrival.isContinue = true
      default: arrival.isEnd = true
      }
    }
    return arrival
  }

  private func take(_ signals: sigset_t, _ stuck: @Sendable () -> Void) {
    var signals = signals
    var isEnding = false
    while !isEnding {
      var received: Int32 = 0
      guard unsafe sigwait(&signals, &received) == 0 else { continue }
      isEnding = ![SIGWINCH, SIGTSTP, SIGCONT].contains(received)
      if isEnding { interrupter.withLock { $0?.interrupt() } }
      let byte = [UInt8(truncatingIfNeeded: received)]
      _ = unsafe byte.withUnsafeBytes { unsafe systemWrite(writeEnd, $0) }
    }
    _ = DispatchSemaphore(value: 0).wait(timeout: .now() + Self.patience)
    stuck()
    endAtOnce(0)
  }
}

import CProcess

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What others ask of a running capture: by signals, or by the end of its time.
///
/// Make it before any thread is started: threads inherit that these signals are not for them.
struct CaptureSignals: Sendable {
  /// What is asked for.
  enum Request: Equatable, Sendable {
    /// To end in good order.
    case end
    /// To read again what names there are.
    case refresh
    /// To tell the counters.
    case counters
  }

  private let signals: sigset_t
  /// Whether somebody sits at a terminal before this.
  private let hasTerminal: Bool
  /// Whether it is to outlive its terminal, as nohup(1) asks for.
  private let outlivesTerminal: Bool

  init() {
    signals = Self.set(SIGINT, SIGTERM, SIGHUP, SIGUSR1)
    var signals = signals
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    // Asked here, because a blocked signal comes even if it is ignored.
    outlivesTerminal = CProcess_ignores(SIGHUP) != 0
    hasTerminal = isatty(STDIN_FILENO) == 1 || isatty(STDERR_FILENO) == 1
  }

  /// Waits for the next request.
  ///
  /// - Parameter deadline: When to end at the latest; `nil` for no limit.
  /// - Returns: What is asked for; at the deadline, to end.
  func next(before deadline: ContinuousClock.Instant?) -> Request {
    while true {
      var sender: pid_t = 0
      var left: Duration?
      if let deadline {
        let time = ContinuousClock.now.duration(to: deadline)
        guard time >= .zero else { return .end }
        left = time
      }
      switch wait(atMost: left, &sender) {
      case SIGUSR1: return .counters
      case SIGHUP: return meansHangup(from: sender) ? .end : .refresh
      case SIGINT, SIGTERM: return .end
      // Its time is over, or the wait was only interrupted: the clock tells.
      default: continue
      }
    }
  }

  /// From here on Ctrl-C does again what it does to other programs: a second one ends at once.
  ///
  /// The other signals stay without effect. A terminal that goes may say so twice, and who asks for counters a moment too late
  /// must not kill a capture that is storing its last.
  func release() {
    var signals = Self.set(SIGINT, SIGTERM)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Whether a SIGHUP says that whoever watched has gone, rather than that an administrator wants names read again.
  ///
  /// The kernel sends it when the terminal goes. A shell that ends passes it on, and so does sudo, which gives its command a
  /// terminal of its own that is still there then. All of these would leave a capture that nobody sees running for ever.
  private func meansHangup(from sender: pid_t) -> Bool {
    guard !outlivesTerminal else { return false }
    return sender == 0 || hasTerminal && (sender == getppid() || sender == getsid(0))
  }

  /// The number of the next signal, or -1.
  private func wait(atMost time: Duration?, _ sender: inout pid_t) -> CInt {
    var signals = signals
    guard let time else { return unsafe CProcess_wait_for_signal(&signals, nil, &sender) }
    var limit = timespec(
      tv_sec: Int(time.components.seconds), tv_nsec: Int(time.components.attoseconds / 1_000_000_000))
    return unsafe CProcess_wait_for_signal(&signals, &limit, &sender)
  }

  private static func set(_ numbers: CInt...) -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    return set
  }
}

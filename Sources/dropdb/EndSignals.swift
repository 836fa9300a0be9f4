import CProcess

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The signals that end a program, for one that must tidy up first: from its making on they wait to be asked for.
struct EndSignals {
  private static let numbers = [SIGINT, SIGTERM, SIGHUP]

  init() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in Self.numbers { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Whether one of them waits.
  var haveCome: Bool {
    var waiting = sigset_t()
    guard unsafe sigpending(&waiting) == 0 else { return false }
    for number in Self.numbers where unsafe sigismember(&waiting, number) == 1 { return true }
    return false
  }

  /// Whether a signal was to be ignored when this process began, as nohup(1) does with `SIGHUP`.
  static func isIgnored(_ number: Int32) -> Bool { CProcess_ignores(number) != 0 }
}

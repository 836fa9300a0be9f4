import CProcess
import DropStore
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Watches over a query from a thread of its own: ends it on a signal or when its time is over, and tells how far it is.
///
/// From its making on, the signals that end a program are held back, so that output is still complete in its format. If
/// the program has not ended a second after one of them, as when nobody reads what it writes, or a second one comes, it
/// ends by the signal as any other program.
final class QueryWatch: Sendable {
  /// How long a program may take to end after a signal, in nanoseconds.
  private static let grace: Int64 = 1_000_000_000
  /// How often a query that must end is told so, and a progress line drawn.
  private static let rhythm: Int64 = 100_000_000
  /// After what time there is a progress line.
  private static let patience: Int64 = 2_000_000_000
  /// Wakes the thread; nobody else has a use for it here.
  private static let wakeUp = SIGURG

  private let interrupters: [Interrupter]
  private let limit: Int64?
  private let progress: ProgressLine?
  private let started = MonotonicClock.now
  private let isDone = Atomic(false)
  /// Why the query ends: a signal's number, −1 for its time, 0 for no such reason.
  private let reason = Atomic<Int32>(0)
  private let rows = Atomic(0)
  /// How much of all has been read; −1 where that is not known.
  private let percent = Atomic(-1)
  private let hasPager = Atomic(false)
  private let thread = Mutex<pthread_t?>(nil)
  private let before: SignalSet

  /// Begins to watch.
  ///
  /// - Parameters:
  ///   - interrupters: What ends the query; where nothing does, a signal ends the program at once.
  ///   - limit: After what time it is ended, in nanoseconds.
  ///   - progress: Where to tell how far it is.
  init(_ interrupters: [Interrupter], limit: Int64?, progress: ProgressLine?) {
    self.interrupters = interrupters
    self.limit = limit
    self.progress = progress
    // A signal that is ignored would come all the same once it is blocked.
    let ending = [SIGINT, SIGTERM, SIGHUP].filter { CProcess_ignores($0) == 0 }
    before = SignalSet(ending + [Self.wakeUp]).block()
    var made = pthread_t()
    let start = Start(watch: self, signals: ending)
    let argument = unsafe Unmanaged.passRetained(start).toOpaque()
    let code = unsafe pthread_create(
      &made, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        start.watch.run(start.signals)
        return nil
      }, argument)
    guard code == 0 else {
      // Without a thread the signals end the program as ever.
      unsafe Unmanaged<Start>.fromOpaque(argument).release()
      before.restore()
      return
    }
    thread.withLock { $0 = made }
  }

  private final class Start: Sendable {
    let watch: QueryWatch
    let signals: [Int32]

    init(watch: QueryWatch, signals: [Int32]) {
      self.watch = watch
      self.signals = signals
    }
  }

  /// Notes that one more row has been read.
  func noteRow() { rows.wrappingAdd(1, ordering: .relaxed) }

  /// Notes how far rows in the order of time have come.
  ///
  /// - Parameters:
  ///   - time: The time of the last row, in nanoseconds since the epoch.
  ///   - range: The time that is asked for.
  func note(_ time: Int64, in range: Range<Int64>) {
    let share = Double(time &- range.lowerBound) / Double(max(1, range.upperBound &- range.lowerBound))
    percent.store(Int(max(0, min(1, share)) * 100), ordering: .relaxed)
  }

  /// Lets go of the progress line, before something is written to the terminal.
  func hideProgress() { progress?.end() }

  /// Notes that a pager shows the rows: Ctrl-C goes to it as well, and must not leave it behind alone on the terminal.
  func notePager() { hasPager.store(true, ordering: .sequentiallyConsistent) }

  /// Ends the watching: signals do what they did before.
  func stop() {
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    guard let thread = running else { return }
    isDone.store(true, ordering: .sequentiallyConsistent)
    _ = pthread_kill(thread, Self.wakeUp)
    _ = pthread_join(thread, nil)
    progress?.end()
    before.restore()
  }

  /// What to say when the watch has ended the query; `nil` if it has not.
  var failure: CommandFailure? {
    switch reason.load(ordering: .sequentiallyConsistent) {
    case 0: nil
    case -1: CommandFailure("the query was ended: it took longer than --timeout allows")
    case let signal: .ended(by: signal)
    }
  }

  private func run(_ signals: [Int32]) {
    let awaited = SignalSet(signals + [Self.wakeUp])
    var signalled: Int64?
    while true {
      let signal = awaited.wait(nanoseconds: pause)
      if isDone.load(ordering: .sequentiallyConsistent) { return }
      let now = MonotonicClock.now
      if let signal, signal != Self.wakeUp {
        let isForPager = signal == SIGINT && hasPager.load(ordering: .sequentiallyConsistent)
        if signalled != nil || interrupters.isEmpty && !isForPager {
          progress?.end()
          SignalSet.die(by: signal)
        }
        signalled = isForPager ? nil : now
        reason.store(signal, ordering: .sequentiallyConsistent)
      } else if let limit, now - started >= limit {
        _ = reason.compareExchange(expected: 0, desired: -1, ordering: .sequentiallyConsistent)
      }
      let reason = reason.load(ordering: .sequentiallyConsistent)
      if reason != 0 {
        // Again and again: an interruption between two statements is forgotten by SQLite.
        for interrupter in interrupters { interrupter.interrupt() }
        progress?.end()
        if let signalled, now - signalled >= Self.grace { SignalSet.die(by: reason) }
      } else if now - started >= Self.patience {
        let percent = percent.load(ordering: .relaxed)
        progress?.show(
          rows: rows.load(ordering: .relaxed), percent: percent < 0 ? nil : percent,
          nanoseconds: now - started)
      }
    }
  }

  /// How long to wait for a signal before looking at the clock, in nanoseconds.
  private var pause: Int64 {
    if reason.load(ordering: .sequentiallyConsistent) != 0 { return Self.rhythm }
    let elapsed = MonotonicClock.now - started
    var pause: Int64 = 3_600_000_000_000
    if progress != nil { pause = elapsed < Self.patience ? Self.patience - elapsed : Self.rhythm }
    if let limit { pause = min(pause, max(0, limit - elapsed)) }
    return pause
  }
}

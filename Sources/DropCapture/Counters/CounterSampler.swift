internal import Dispatch
public import DropEvents
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Looks at the kernel's own counters of loss every few seconds, and tells what rose.
///
/// It has a thread of its own, because that goes into other network namespaces, and because neither draining the kernel nor
/// storing shall wait for it. A look takes some two milliseconds.
public final class CounterSampler: Sendable {
  /// What rose since it was last asked.
  public struct Rises: Sendable {
    /// The rises, oldest first.
    public var rises: [CounterRise] = []
    /// The names of the namespaces in them, where they are new or have changed.
    public var namespaces: [NetworkNamespace] = []
  }

  /// What to look at, and how often.
  public struct Source: Sendable {
    let seconds: Int64
    let namespaces: CounterNamespaces
    let tell: @Sendable (String) -> Void

    /// What to look at.
    ///
    /// - Parameters:
    ///   - seconds: How often, in seconds; at least 1.
    ///   - namespaces: Where, besides the namespace of this process.
    ///   - tell: Is told, once, what cannot be looked at and why.
    public init(
      every seconds: Int64, namespaces: CounterNamespaces, tell: @escaping @Sendable (String) -> Void
    ) {
      self.seconds = max(1, seconds)
      self.namespaces = namespaces
      self.tell = tell
    }
  }

  /// While more rises than this wait to be stored nobody looks; the next look tells what rose meanwhile.
  private static let mostWaiting = 16_384
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  private let source: Source
  private let waiting = Mutex(Rises())
  private let isEnding = Atomic(false)
  private let wake = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)
  private let begun = DispatchSemaphore(value: 0)

  /// Takes the first look, which is what later ones are compared with, and goes on.
  ///
  /// - Parameter source: What to look at.
  public init(_ source: Source) {
    self.source = source
    DispatchQueue(label: "dropdb.counters").async { self.run() }
    // What rises from here on is known to have risen; but others may hold the kernel's lock of interfaces for long.
    _ = begun.wait(timeout: .now() + .seconds(2))
  }

  /// What rose since this was called last; never waits.
  public func take() -> Rises {
    waiting.withLock { waiting in
      let rises = waiting
      waiting = Rises()
      return rises
    }
  }

  /// Takes a last look and ends.
  ///
  /// - Returns: What rose since ``take()`` was called last.
  public func finish() -> Rises {
    isEnding.store(true, ordering: .releasing)
    wake.signal()
    // Where the kernel does not answer, what is there must do.
    _ = ended.wait(timeout: .now() + .seconds(5))
    return take()
  }

  private func run() {
    defer {
      begun.signal()
      ended.signal()
    }
    guard let visitor = NamespaceVisitor() else {
      source.tell("the kernel's counters are not looked at: /proc/thread-self/ns/net cannot be read")
      return
    }
    let reader = NamespaceCounters()
    var finder = RiseFinder()
    var names = NamespaceNames()
    var hasTold = false
    var last: ContinuousClock.Instant?
    while true {
      let isLast = isEnding.load(ordering: .acquiring)
      if waiting.withLock({ $0.rises.count < Self.mostWaiting }) {
        var readings = NamespaceCounters.softnet()
        readings += reader.readings(of: visitor.inode)
        for file in source.namespaces.files {
          let outcome = visitor.visit(file) { inode in readings += reader.readings(of: inode) }
          switch outcome {
          case .visited, .gone: break
          case .refused(let error):
            guard !hasTold else { break }
            hasTold = true
            source.tell(Self.sentence(file, error))
          case .lost:
            source.tell("the kernel's counters are not looked at any more: there is no way back from \(file)")
            return
          }
        }
        let now = ContinuousClock.now
        let elapsed = last.map { Self.nanoseconds($0.duration(to: now)) } ?? Self.nanosecondsPerSecond
        last = now
        let seconds = max(1, Self.rounded(elapsed))
        let rises = finder.rises(
          readings, start: Self.rounded(WallClock.now()) - seconds, seconds: seconds)
        put(rises, &names)
      }
      begun.signal()
      if isLast { return }
      _ = wake.wait(timeout: .now() + .nanoseconds(Int(clamping: untilNext())))
    }
  }

  private func put(_ rises: [CounterRise], _ names: inout NamespaceNames) {
    var announced = names.refresh(now: WallClock.now())
    for inode in Set(rises.compactMap(\.counter.netns)) {
      if let name = names.announcement(of: inode) { announced.append(name) }
    }
    guard !rises.isEmpty || !announced.isEmpty else { return }
    waiting.withLock { waiting in
      waiting.rises += rises
      waiting.namespaces += announced
    }
  }

  /// Looks are taken when the clock shows a multiple of the interval, so that stretches of time of different captures are the
  /// same, and each is in one minute where the interval allows; none is shorter than half of it.
  private func untilNext() -> Int64 {
    let width = source.seconds.multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
    guard !width.overflow else { return .max / 2 }
    let rest = width.partialValue - WallClock.now() % width.partialValue
    return rest < width.partialValue / 2 ? rest + width.partialValue : rest
  }

  private static func rounded(_ nanoseconds: Int64) -> Int64 {
    (nanoseconds + nanosecondsPerSecond / 2) / nanosecondsPerSecond
  }

  private static func nanoseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * nanosecondsPerSecond + attoseconds / 1_000_000_000
  }

  private static func sentence(_ file: String, _ error: CInt) -> String {
    let remedy =
      error == EPERM
      ? "that takes CAP_SYS_ADMIN, which this process does not have or has given up" : systemMessage(error)
    return
      "the counters of other network namespaces are not looked at (\(file)): \(remedy); those of its own are"
  }
}

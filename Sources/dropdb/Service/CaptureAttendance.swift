import DropEvents
import DropMetrics
import Logging

/// Tells those who look after a capture how it is, each time something was stored.
///
/// A sign of life is given only here: by the thread that stores, when it has stored what the thread that drains the ring has handed over.
/// So it proves that both go on.
struct CaptureAttendance {
  /// How often the service manager is told how it stands.
  private static let telling = Duration.seconds(10)
  /// Without drops there is a batch this often, unless the service manager wants to hear more often.
  private static let heartbeat = Duration.seconds(10)

  private let manager: ServiceManager?
  private let progress: CaptureProgress
  private let metrics: CaptureMetrics?
  private var retention: RetentionLog?
  private let clock: () -> ContinuousClock.Instant
  private var losses = LossLog()
  private var lastSign: ContinuousClock.Instant?
  private var lastStatus: ContinuousClock.Instant?

  /// Attends a capture that has begun.
  ///
  /// - Parameters:
  ///   - manager: Who started it as a service.
  ///   - progress: How it stands.
  ///   - metrics: What Prometheus is told.
  ///   - retention: Notices what goes from the database; `nil` where nothing does.
  ///   - clock: What time it is.
  init(
    manager: ServiceManager?, progress: CaptureProgress, metrics: CaptureMetrics? = nil,
    retention: RetentionLog? = nil, clock: @escaping () -> ContinuousClock.Instant = { .now }
  ) {
    self.manager = manager
    self.progress = progress
    self.metrics = metrics
    self.retention = retention
    self.clock = clock
    manager?.isReady()
    manager?.hasStatus(progress.line)
  }

  /// How often there must be a batch, also an empty one.
  static func heartbeat(for manager: ServiceManager?) -> Duration {
    guard let patience = manager?.patience else { return heartbeat }
    return min(heartbeat, patience / 4)
  }

  /// A batch has been stored, or is held in memory for want of a place to store it.
  ///
  /// - Parameters:
  ///   - batch: What happened.
  ///   - totals: What became of all drops so far.
  ///   - isStored: Whether it stands in the database.
  ///   - began: When storing it began.
  mutating func hasStored(
    _ batch: DropBatch, totals: CaptureTotals, isStored: Bool, began: ContinuousClock.Instant
  ) {
    let now = clock()
    metrics?.add(
      batch, totals: totals, isStored: isStored, took: Self.nanoseconds(began.duration(to: now)),
      now: Clock.now)
    if let text = retention?.note(now: now) { OperatorLog.shared.info("\(text)") }
    switch losses.note(totals, now: now) {
    case .warning(let text): OperatorLog.shared.warning("\(text)")
    case .notice(let text): OperatorLog.shared.notice("\(text)")
    case nil: break
    }
    guard let manager else { return }
    // In a storm there are four batches a second.
    if lastSign.map({ $0.duration(to: now) >= .milliseconds(200) }) ?? true {
      lastSign = now
      manager.isAlive()
    }
    if lastStatus.map({ $0.duration(to: now) >= Self.telling }) ?? true {
      lastStatus = now
      manager.hasStatus(progress.line)
    }
  }

  private static func nanoseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
  }
}

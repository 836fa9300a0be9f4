import DropEvents
import DropReport

/// Notices when drops begin to be lost to the record, and when that ends.
///
/// Only what was not asked for is loss: what a filter leaves out is not. It has ended when nothing was lost for a while, so that a storm
/// that comes in waves is told once.
struct LossLog {
  /// Without a loss for so long, it has ended.
  static let silence = Duration.seconds(30)
  /// While it lasts, it is told again so often.
  static let telling = Duration.seconds(600)

  /// What there is to say.
  enum Message: Equatable {
    case warning(String)
    case notice(String)
  }

  private struct Stretch {
    let start: ContinuousClock.Instant
    /// What had been lost before it.
    let before: [LossCause: UInt64]
    var last: ContinuousClock.Instant
    var told: ContinuousClock.Instant
  }

  private var lost: [LossCause: UInt64] = [:]
  private var stretch: Stretch?

  /// Takes note of what has been lost so far.
  ///
  /// - Parameters:
  ///   - totals: What became of all drops so far.
  ///   - now: What time it is.
  /// - Returns: What to tell, if anything.
  mutating func note(_ totals: CaptureTotals, now: ContinuousClock.Instant) -> Message? {
    let before = lost
    lost = totals.lost.filter { !$0.key.isIntended && $0.value > 0 }
    guard var current = stretch else {
      guard lost != before else { return nil }
      stretch = Stretch(start: now, before: before, last: now, told: now)
      return .warning(
        "drops are counted and not recorded in detail: \(Self.sum(of: lost, since: before)); counts stay exact"
      )
    }
    if lost != before { current.last = now }
    stretch = current
    let sum = Self.sum(of: lost, since: current.before)
    if current.last.duration(to: now) >= Self.silence {
      stretch = nil
      let seconds = max(1, current.start.duration(to: current.last).components.seconds)
      return .notice("all drops are recorded in detail again: in \(seconds) s \(sum) were not")
    }
    guard current.told.duration(to: now) >= Self.telling else { return nil }
    stretch?.told = now
    let seconds = current.start.duration(to: now).components.seconds
    return .warning("drops are still counted and not recorded in detail: \(sum) in \(seconds) s")
  }

  /// `12 (ring_full 10, thinned 2)`.
  private static func sum(of lost: [LossCause: UInt64], since before: [LossCause: UInt64]) -> String {
    let new = LossCause.allCases.compactMap { cause -> (LossCause, UInt64)? in
      let packets = (lost[cause] ?? 0) &- (before[cause] ?? 0)
      return packets > 0 ? (cause, packets) : nil
    }.sorted { ($1.1, $0.0.rawValue) < ($0.1, $1.0.rawValue) }
    let sum = new.reduce(0) { $0 &+ $1.1 }
    return "\(sum) (" + new.map { "\($0.0.rawValue) \($0.1)" }.joined(separator: ", ") + ")"
  }
}

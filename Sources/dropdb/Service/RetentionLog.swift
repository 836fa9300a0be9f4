import DropReport

/// Notices that retention is at work: the oldest recorded drop is another than before.
struct RetentionLog {
  /// How often it is looked: once an hour is told often enough.
  private static let interval = Duration.seconds(3600)

  private let oldest: () -> Int64?
  private var last: Int64?
  private var looked: ContinuousClock.Instant

  /// Looks from now on.
  ///
  /// - Parameters:
  ///   - now: What time it is.
  ///   - oldest: When the oldest recorded drop happened, in nanoseconds since the epoch.
  init(now: ContinuousClock.Instant, oldest: @escaping () -> Int64?) {
    self.oldest = oldest
    looked = now
    last = oldest()
  }

  /// Looks, if it is time to.
  ///
  /// - Parameter now: What time it is.
  /// - Returns: What to tell, if anything.
  mutating func note(now: ContinuousClock.Instant) -> String? {
    guard looked.duration(to: now) >= Self.interval else { return nil }
    looked = now
    let time = oldest()
    defer { last = time ?? last }
    guard let time, let last, time > last else { return nil }
    return
      "retention: recorded drops before \(TimeFormatter.local(time, precision: .seconds)) are gone; counts stay"
  }
}

/// The most bytes that were found in the ring during this minute and the one before.
struct RingPeak {
  private static let width = Duration.seconds(60)

  private var start: ContinuousClock.Instant?
  private var current: UInt64 = 0
  private var previous: UInt64 = 0

  /// Takes note of what was found.
  mutating func note(_ bytes: UInt64, at now: ContinuousClock.Instant) {
    advance(to: now)
    current = max(current, bytes)
  }

  /// The most of the last minute or two.
  mutating func bytes(at now: ContinuousClock.Instant) -> UInt64 {
    advance(to: now)
    return max(current, previous)
  }

  private mutating func advance(to now: ContinuousClock.Instant) {
    guard let start else { return self.start = now }
    let age = start.duration(to: now)
    guard age >= Self.width else { return }
    previous = age < Self.width * 2 ? current : 0
    current = 0
    self.start = now
  }
}

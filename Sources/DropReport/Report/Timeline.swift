/// Counts over time, in buckets of equal width.
struct Timeline: Sendable {
  struct Bucket: Sendable {
    var interval: Interval
    /// Drops, exact.
    var packets: Int64 = 0
    /// Drops that were noticed in it to have been lost as events.
    var lost: Int64 = 0
    /// Drops that were not to become events, as noticed in it.
    var leftOut: Int64 = 0
    /// The share of the bucket, from 0 to 1, in which a capture ran.
    var covered: Double = 0
  }

  /// More lines do not fit a screen.
  private static let mostBuckets: Int64 = 24
  private static let niceWidths: [Int64] = [
    60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000,
    7_776_000,
    31_536_000,
  ]

  /// The width of a bucket in seconds.
  let seconds: Int64
  private(set) var buckets: [Bucket] = []

  static let empty = Timeline()

  private init() {
    seconds = 60
  }

  /// Buckets over a range, none of them narrower than a tally.
  ///
  /// - Parameters:
  ///   - range: The range; the first bucket begins with it.
  ///   - narrowest: The widest tally in it, in seconds.
  init(over range: Interval, narrowest: Int64) {
    let wanted = max(narrowest, range.length / 1_000_000_000 / Self.mostBuckets)
    // Beyond years, any width that does not overflow will do.
    seconds = Self.niceWidths.first { $0 >= wanted && $0 % max(1, narrowest) == 0 } ?? min(wanted, 1 << 33)
    let width = seconds * 1_000_000_000
    var start = range.start
    while start < range.end {
      let (end, overflow) = start.addingReportingOverflow(width)
      buckets.append(
        Bucket(interval: Interval(start: start, end: overflow ? range.end : min(end, range.end))))
      if overflow { break }
      start = end
    }
  }

  /// The number of the bucket in which a moment of the range lies.
  private func index(of moment: Int64) -> Int? {
    guard let first = buckets.first?.interval.start, moment >= first else { return nil }
    let (distance, overflow) = moment.subtractingReportingOverflow(first)
    let index = Int(distance / (seconds * 1_000_000_000))
    return !overflow && buckets.indices.contains(index) ? index : nil
  }

  mutating func add(packets: Int64, at moment: Int64) {
    guard let index = index(of: moment) else { return }
    buckets[index].packets += packets
  }

  mutating func add(lost: Int64, at moment: Int64) {
    guard let index = index(of: moment) else { return }
    buckets[index].lost += lost
  }

  mutating func add(leftOut: Int64, at moment: Int64) {
    guard let index = index(of: moment) else { return }
    buckets[index].leftOut += leftOut
  }

  mutating func mark(_ coverage: Coverage) {
    for index in buckets.indices { buckets[index].covered = coverage.share(of: buckets[index].interval) }
  }
}

internal import DropStore

/// The range that is asked about and its baseline, in buckets of one width.
struct ComparedTime: Sendable {
  /// The shares of time that are compared: what is dropped while nobody captures is not counted.
  struct Bucket: Sendable {
    let interval: Interval
    /// The time in it in which a capture ran.
    let seconds: Double
  }

  private static let most: Int64 = 60
  private static let minute: Int64 = 60 * 1_000_000_000
  /// More would not fit into memory if a database had a tally at the beginning and one at the end of all time.
  private static let mostBuckets: Int64 = 20_000

  /// Those of the range asked about first, then those of the baseline.
  let buckets: [Bucket]
  /// How many of them are of the range asked about.
  let nowCount: Int
  /// The number of the first bucket of each stretch, and that behind the last.
  private let starts: [Int]

  /// Buckets.
  ///
  /// - Parameters:
  ///   - now: The range asked about, and when captures ran in it.
  ///   - baseline: The same of each part of the baseline.
  ///   - narrowest: The widest tally in them, in seconds.
  init(
    now: (interval: Interval, coverage: Coverage)?, baseline: [(interval: Interval, coverage: Coverage)],
    narrowest: Int64
  ) {
    let all = (now.map { [$0] } ?? []) + baseline
    let length = now?.interval.length ?? baseline.map(\.interval.length).max() ?? 0
    let total = all.reduce(Int64(0)) { sum, part in
      let (sum, overflow) = sum.addingReportingOverflow(part.interval.length)
      return overflow ? .max : sum
    }
    let unit = max(1, min(narrowest, 1 << 33)) * 1_000_000_000
    let step = max(unit, Self.minute)
    let wanted = max(length / Self.most, total / Self.mostBuckets)
    // Whole minutes, and whole tallies.
    let factor = wanted / step + (wanted % step > 0 ? 1 : 0)
    let (product, overflow) = max(1, factor).multipliedReportingOverflow(by: step)
    let width = overflow ? Int64.max : product
    var buckets: [Bucket] = []
    var starts: [Int] = []
    for part in all {
      starts.append(buckets.count)
      var start = part.interval.start
      while start < part.interval.end {
        let (next, overflow) = start.addingReportingOverflow(width)
        let interval = Interval(
          start: start, end: overflow ? part.interval.end : min(next, part.interval.end))
        let share = part.coverage.share(of: interval)
        let covered = part.coverage.wanted?.intersection(interval)?.length ?? 0
        buckets.append(Bucket(interval: interval, seconds: share * Double(covered) / 1_000_000_000))
        start = interval.end
      }
    }
    starts.append(buckets.count)
    self.buckets = buckets
    self.starts = starts
    nowCount = now == nil ? 0 : starts[1]
  }

  /// What to ask the store for.
  ///
  /// - Parameter newest: How many events to look at, of the range asked about and of the baseline in all.
  /// - Returns: A segment for the range and for each part of the baseline.
  func segments(newest: (now: Int64, baseline: Int64)?) -> [SeriesSegment] {
    let parts = max(1, starts.count - 1 - (nowCount > 0 ? 1 : 0))
    return (0..<starts.count - 1).map { index in
      let isNow = starts[index] < nowCount
      return SeriesSegment(
        buckets: buckets[starts[index]..<starts[index + 1]].map {
          $0.interval.start..<max($0.interval.start, $0.interval.end)
        },
        newest: newest.map { isNow ? $0.now : $0.baseline / Int64(parts) })
    }
  }

  /// The captured seconds of the buckets, as far as all events in them were looked at.
  func seconds(of looked: [EventSeries.Segment]) -> [Double] {
    var seconds = buckets.map(\.seconds)
    for (segment, looked) in looked.enumerated() where segment + 1 < starts.count {
      guard let oldest = looked.oldest else { continue }
      for index in starts[segment]..<starts[segment + 1] {
        let interval = buckets[index].interval
        if interval.end <= oldest {
          seconds[index] = 0
        } else if interval.start < oldest {
          seconds[index] *= Double(interval.end - oldest) / Double(max(1, interval.length))
        }
      }
    }
    return seconds
  }
}

internal import DropStore

/// What changed of one kind of thing: of reasons, say, or of flows.
struct Changes: Sendable {
  struct Entry: Sendable {
    /// One value for each of ``Changes/columns``.
    let key: [Cell]
    let rate: RateChange
    let kind: RateChange.Kind
    /// Where it began to be more than the baseline explains, in nanoseconds since the epoch; of what is new, its first bucket.
    let onset: Int64?
  }

  let basis: Report.Basis
  let columns: [String]
  /// What changed, what is surest first.
  let entries: [Entry]
  /// How many there are in either range.
  let distinct: Int
  /// How many are in one range alone, and too few to tell whether that is chance.
  let fewNew: Int
  let fewGone: Int

  static func none(in columns: [String], basis: Report.Basis) -> Changes {
    Changes(basis: basis, columns: columns, entries: [], distinct: 0, fewNew: 0, fewGone: 0)
  }

  private init(
    basis: Report.Basis, columns: [String], entries: [Entry], distinct: Int, fewNew: Int, fewGone: Int
  ) {
    self.basis = basis
    self.columns = columns
    self.entries = entries
    self.distinct = distinct
    self.fewNew = fewNew
    self.fewGone = fewGone
  }

  /// One thing and its counts by the bucket of ``ComparedTime``.
  typealias Series = (number: Int, points: [(bucket: Int, packets: Int64)])

  /// Compares.
  ///
  /// - Parameters:
  ///   - series: The things that there are in either range.
  ///   - columns: What they are told apart by.
  ///   - basis: Where the counts come from.
  ///   - time: The buckets.
  ///   - seconds: How much of each bucket the counts are about.
  ///   - key: What a number of a thing stands for; asked for those alone that changed.
  init(
    _ series: some Sequence<Series>, columns: [String], basis: Report.Basis, time: ComparedTime,
    seconds: [Double], key: (Int) -> [Cell]
  ) {
    let nowCount = time.nowCount
    let nowSeconds = seconds[..<nowCount].reduce(0, +)
    let baseline = BaselineBuckets(captured: Array(seconds[nowCount...]))
    var rates: [(series: Series, rate: RateChange)] = []
    var distinct = 0
    for one in series {
      var now: Int64 = 0
      var before: [(bucket: Int, packets: Int64)] = []
      for point in one.points {
        if point.bucket < nowCount {
          // A part of what the store has added up cannot overflow.
          now &+= point.packets
        } else if seconds[point.bucket] > 0 {
          before.append((point.bucket - nowCount, point.packets))
        }
      }
      let total = before.reduce(Int64(0)) { $0 &+ $1.packets }
      guard now > 0 || total > 0 else { continue }
      distinct += 1
      rates.append(
        (
          one,
          RateChange(
            now: now, before: total, nowSeconds: nowSeconds, beforeSeconds: baseline.seconds,
            dispersion: baseline.dispersion(of: before))
        ))
    }
    var entries: [Entry] = []
    var fewNew = 0
    var fewGone = 0
    for (one, rate) in rates where nowSeconds > 0 && baseline.seconds > 0 {
      let kind = rate.kind(among: distinct)
      guard kind != .same else {
        if rate.before == 0 { fewNew += 1 }
        if rate.now == 0 { fewGone += 1 }
        continue
      }
      entries.append(
        Entry(
          key: key(one.number), rate: rate, kind: kind,
          onset: rate.z > 0 ? Self.onset(one, rate, time, seconds) : nil))
    }
    entries.sort { left, right in
      if abs(left.rate.z) != abs(right.rate.z) { return abs(left.rate.z) > abs(right.rate.z) }
      return left.key.lexicographicallyPrecedes(right.key) { $0.plainText < $1.plainText }
    }
    self.init(
      basis: basis, columns: columns, entries: entries, distinct: distinct, fewNew: fewNew, fewGone: fewGone)
  }

  /// The first bucket with more packets than would be chance in one of the baseline's.
  private static func onset(
    _ series: Series, _ rate: RateChange, _ time: ComparedTime, _ seconds: [Double]
  ) -> Int64? {
    var sums: [Int: Double] = [:]
    for point in series.points where point.bucket < time.nowCount {
      sums[point.bucket, default: 0] += Double(point.packets)
    }
    let perSecond = rate.beforeSeconds > 0 ? Double(rate.before) / rate.beforeSeconds : 0
    let first = sums.keys.sorted().first { bucket in
      let expected = perSecond * seconds[bucket]
      return sums[bucket, default: 0] > expected + 4 * (rate.dispersion * expected).squareRoot()
    }
    return first.map { time.buckets[$0].interval.start }
  }
}

extension Changes {
  /// Compares the groups of a series of the store.
  init(
    _ series: BucketSeries, basis: Report.Basis, time: ComparedTime, seconds: [Double]
  ) {
    self.init(
      (0..<series.groupCount).lazy.map { group in
        (number: group, points: series.points(group).map { (bucket: $0.bucket, packets: $0.count) })
      },
      columns: series.columns.map(\.name), basis: basis, time: time, seconds: seconds,
      key: { series.key($0).map { Cell($0) } })
  }
}

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

  /// The counts of one thing, by the bucket of ``ComparedTime``.
  typealias Points = ArraySlice<BucketSeries.Point>

  /// Compares things whose counts are at hand.
  init<Failure: Error>(
    _ count: Int, columns: [String], basis: Report.Basis, time: ComparedTime, seconds: [Double],
    points: (Int) -> Points, key: (Int) throws(Failure) -> [Cell]
  ) throws(Failure) {
    try self.init(
      count, columns: columns, basis: basis, time: time, seconds: seconds,
      sum: { number, buckets in
        // A part of what the store has added up cannot overflow.
        points(number).reduce(0) { buckets[$1.bucket] ? $0 &+ $1.count : $0 }
      },
      points: points, key: key)
  }

  /// Compares.
  ///
  /// - Parameters:
  ///   - count: How many things there are in either range, numbered from 0 on.
  ///   - columns: What they are told apart by.
  ///   - basis: Where the counts come from.
  ///   - time: The buckets.
  ///   - seconds: How much of each bucket the counts are about.
  ///   - sum: How many of a thing there were in those of the buckets for which this is told.
  ///   - points: The counts of a thing; asked for those alone that may have changed.
  ///   - key: What a number of a thing stands for; asked for those alone that changed.
  /// - Throws: What `key` throws.
  private init<Failure: Error>(
    _ count: Int, columns: [String], basis: Report.Basis, time: ComparedTime, seconds: [Double],
    sum: (Int, [Bool]) -> Int64, points: (Int) -> Points, key: (Int) throws(Failure) -> [Cell]
  ) throws(Failure) {
    let nowCount = time.nowCount
    let nowSeconds = seconds[..<nowCount].reduce(0, +)
    let baseline = BaselineBuckets(captured: Array(seconds[nowCount...]))
    func rate(_ now: Int64, _ before: Int64, _ dispersion: Double) -> RateChange {
      RateChange(
        now: now, before: before, nowSeconds: nowSeconds, beforeSeconds: baseline.seconds,
        dispersion: dispersion)
    }
    var candidates: [(number: Int, now: Int64, before: Int64)] = []
    var distinct = 0
    var fewNew = 0
    var fewGone = 0
    let isComparable = nowSeconds > 0 && baseline.seconds > 0
    let isNow = seconds.indices.map { $0 < nowCount }
    let isBefore = seconds.indices.map { $0 >= nowCount && seconds[$0] > 0 }
    var few = FewPackets()
    for number in 0..<count {
      let now = sum(number, isNow)
      let before = sum(number, isBefore)
      guard now > 0 || before > 0 else { continue }
      distinct += 1
      guard isComparable else { continue }
      if before == 0 { fewNew += 1 }
      if now == 0 { fewGone += 1 }
      // Most are no change even if the baseline varied as little as it can: of these no more needs to be known.
      let mayHaveChanged = few.verdict(on: now, before) {
        rate(now, before, baseline.leastDispersion(of: before)).kind(among: 1) != .same
      }
      guard mayHaveChanged else { continue }
      candidates.append((number, now, before))
    }
    var entries: [Entry] = []
    for candidate in candidates {
      let points = points(candidate.number)
      let before = points.lazy.filter { $0.bucket >= nowCount && seconds[$0.bucket] > 0 }
        .map { (bucket: $0.bucket - nowCount, packets: $0.count) }
      let rate = rate(candidate.now, candidate.before, baseline.dispersion(of: Array(before)))
      let kind = rate.kind(among: distinct)
      guard kind != .same else { continue }
      if candidate.before == 0 { fewNew -= 1 }
      if candidate.now == 0 { fewGone -= 1 }
      entries.append(
        Entry(
          key: try key(candidate.number), rate: rate, kind: kind,
          onset: rate.z > 0 ? Self.onset(points, rate, time, seconds) : nil))
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
    _ points: Points, _ rate: RateChange, _ time: ComparedTime, _ seconds: [Double]
  ) -> Int64? {
    var sums: [Int: Double] = [:]
    for point in points where point.bucket < time.nowCount {
      sums[point.bucket, default: 0] += Double(point.count)
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
  /// Compares the groups of a series of the store, which may look up what they are called.
  init(
    _ series: BucketSeries, basis: Report.Basis, time: ComparedTime, seconds: [Double]
  ) throws(StoreError) {
    try self.init(
      series.groupCount, columns: series.columns.map(\.name), basis: basis, time: time, seconds: seconds,
      sum: { series.packets(of: $0, in: $1) }, points: { series.points($0)[...] },
      key: { (group) throws(StoreError) in try series.key(group).map { Cell($0) } })
  }
}

/// What was found of small counts, as most of a hundred thousand flows have the same few.
private struct FewPackets {
  private static let most: Int64 = 16

  private var verdicts = [Bool?](repeating: nil, count: Int(most * most))

  /// Whether something holds of two counts, which depends on nothing else.
  mutating func verdict(on now: Int64, _ before: Int64, _ find: () -> Bool) -> Bool {
    guard now < Self.most, before < Self.most, now >= 0, before >= 0 else { return find() }
    let place = Int(now * Self.most + before)
    if let known = verdicts[place] { return known }
    let found = find()
    verdicts[place] = found
    return found
  }
}

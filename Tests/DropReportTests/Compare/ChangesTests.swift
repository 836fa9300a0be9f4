import DropStore
import Foundation
import Testing

@testable import DropReport

/// What is called a change, on series whose truth is known.
@Suite struct ChangesTests {
  static let minute: Int64 = 60 * 1_000_000_000
  static let start: Int64 = 1_795_140_000 * 1_000_000_000

  /// An hour, and the baseline of some hours before it, captured all the time unless told otherwise.
  static func time(baselineHours: Int64 = 1, captured: [Interval]? = nil) -> ComparedTime {
    let now = Interval(start: start, end: start + 60 * minute)
    let baseline = Interval(start: start - baselineHours * 60 * minute, end: start)
    let captures = (captured ?? [Interval(start: baseline.start, end: now.end)]).enumerated().map {
      Coverage.Capture(id: Int64($0), interval: $1, hasEnded: true, host: nil, kernel: nil)
    }
    return ComparedTime(
      now: (now, Coverage(of: now, captures: captures)),
      baseline: [(baseline, Coverage(of: baseline, captures: captures))], narrowest: 60)
  }

  /// Compares series that are given as the counts by minute, now and before.
  static func changes(_ series: [(now: [Int64], before: [Int64])], _ time: ComparedTime = time()) -> Changes {
    let all = series.map { points($0.now + $0.before) }
    return Changes(
      all.count, columns: ["name"], basis: .counted, time: time, seconds: time.buckets.map(\.seconds),
      points: { all[$0][...] }, key: { [.integer(Int64($0))] })
  }

  private static func points(_ counts: [Int64]) -> [BucketSeries.Point] {
    counts.enumerated().compactMap { $1 > 0 ? BucketSeries.Point(bucket: $0, count: $1) : nil }
  }

  static func flat(_ count: Int64, _ buckets: Int = 60) -> [Int64] {
    [Int64](repeating: count, count: buckets)
  }

  static func once(_ count: Int64, at bucket: Int = 10, _ buckets: Int = 60) -> [Int64] {
    var counts = flat(0, buckets)
    counts[bucket] = count
    return counts
  }

  // MARK: - No change

  @Test("Independent drops at an unchanged rate are no change", arguments: [0.2, 3, 40])
  func steady(mean: Double) {
    var random = Random(seed: 1)
    let series = (0..<100).map { _ in (now: random.poisson(mean, 60), before: random.poisson(mean, 60)) }
    #expect(Self.changes(series).entries.isEmpty)
  }

  @Test("Bursts that come as often as before are no change, however different the sums are")
  func bursty() {
    var random = Random(seed: 2)
    let series = (0..<200).map { _ in (now: random.bursts(60), before: random.bursts(60)) }
    let ratios = series.map { Double($0.now.reduce(1, +)) / Double($0.before.reduce(1, +)) }
    // Else the test would show nothing.
    #expect(ratios.filter { $0 > 2 || $0 < 0.5 }.count > 20)
    #expect(Self.changes(series).entries.count <= 2)
  }

  @Test("Bursts that last for many minutes are no change either")
  func longBursts() {
    var random = Random(seed: 3)
    let hours: Int64 = 8
    let series = (0..<200).map { _ in
      (now: random.longBursts(60), before: random.longBursts(60 * Int(hours)))
    }
    #expect(Self.changes(series, Self.time(baselineHours: hours)).entries.count <= 6)
  }

  @Test("Few packets are no change, and are counted as new or gone")
  func few() {
    for (now, before) in [(1, 0), (0, 1), (2, 10), (10, 2), (8, 0), (1, 5)] as [(Int64, Int64)] {
      let changes = Self.changes([(now: Self.once(now), before: Self.once(before))])
      #expect(changes.entries.isEmpty, "\(before) to \(now)")
      #expect(changes.fewNew == (before == 0 ? 1 : 0) && changes.fewGone == (now == 0 ? 1 : 0))
    }
  }

  @Test("One burst before and none now does not mean that it is gone")
  func burstBefore() {
    #expect(Self.changes([(now: Self.flat(0), before: Self.once(5000))]).entries.isEmpty)
  }

  // MARK: - Changes

  @Test("A steady rate that rises three times is told with its factor and the minute in which it rose")
  func step() throws {
    var random = Random(seed: 4)
    let now = random.poisson(20, 30) + random.poisson(100, 30)
    let entry = try #require(Self.changes([(now: now, before: random.poisson(20, 60))]).entries.first)
    #expect(entry.kind == .more && entry.rate.z > 10 && entry.rate.isFactorKnown)
    #expect(try abs(#require(entry.rate.factor) - 3) < 0.3)
    #expect(entry.onset == Self.start + 30 * Self.minute)
  }

  @Test("A rate that falls is fewer, one that ends is gone")
  func falling() throws {
    let fewer = try #require(Self.changes([(now: Self.flat(5), before: Self.flat(20))]).entries.first)
    #expect(fewer.kind == .fewer && fewer.rate.factor == 0.25 && fewer.onset == nil)
    let gone = try #require(Self.changes([(now: Self.flat(0), before: Self.flat(20))]).entries.first)
    #expect(gone.kind == .gone && gone.rate.z < -10)
  }

  @Test("What was not there before is new, from its first minute on")
  func new() throws {
    let entry = try #require(
      Self.changes([(now: Self.once(100, at: 17), before: Self.flat(0))]).entries.first)
    #expect(entry.kind == .new && entry.rate.factor == nil)
    #expect(entry.onset == Self.start + 17 * Self.minute)
  }

  @Test("One burst now is a change where the baseline was steady, and none where it had such bursts")
  func burstNow() {
    let burst = Self.flat(10).enumerated().map { $0 == 30 ? Int64(10_000) : $1 }
    #expect(Self.changes([(now: burst, before: Self.flat(10))]).entries.first?.kind == .more)
    var bursts = Self.flat(10)
    for bucket in [3, 20, 41] { bursts[bucket] = 8000 }
    #expect(Self.changes([(now: burst, before: bursts)]).entries.isEmpty)
  }

  @Test("Few packets before and many now are more, but not so many times more")
  func cautious() throws {
    let entry = try #require(Self.changes([(now: Self.flat(5), before: Self.once(2))]).entries.first)
    #expect(entry.kind == .more && !entry.rate.isFactorKnown && entry.rate.factor == 150)
    #expect(try (2...40).contains(#require(entry.rate.cautiousFactor)))
  }

  @Test("What is surest comes first, not what is largest")
  func ranking() {
    var bursts = Self.flat(0)
    for bucket in [3, 9, 20, 41] { bursts[bucket] = 50_000 }
    var many = Self.flat(0)
    for bucket in 0..<30 { many[bucket] = 50_000 }
    let changes = Self.changes([(now: many, before: bursts), (now: Self.flat(30), before: Self.flat(3))])
    #expect(changes.entries.map(\.key) == [[.integer(1)], [.integer(0)]])
    #expect(changes.entries[1].rate.now > 100 * changes.entries[0].rate.now)
  }

  // MARK: - Coverage

  @Test("Rates are compared in captured time: half of it and half the packets are no change")
  func partlyCaptured() {
    let half = Interval(start: Self.start - 30 * Self.minute, end: Self.start + 60 * Self.minute)
    let time = Self.time(captured: [half])
    let before = [Int64](repeating: 0, count: 30) + [Int64](repeating: 20, count: 30)
    #expect(Self.changes([(now: Self.flat(20), before: before)], time).entries.isEmpty)
    // The counts are one to four; the rates are one to two.
    let doubled = Self.changes([(now: Self.flat(40), before: before)], time).entries
    #expect(doubled.map(\.kind) == [.more] && doubled.first?.rate.factor == 2)
  }

  @Test("Where nobody captured, nothing is new")
  func notCaptured() {
    let now = Interval(start: Self.start, end: Self.start + 60 * Self.minute)
    let changes = Self.changes([(now: Self.flat(20), before: Self.flat(0))], Self.time(captured: [now]))
    #expect(changes.entries.isEmpty && changes.fewNew == 0)
  }

  // MARK: - The numbers

  /// From scipy 1.17, `2 * sum(xlogy(observed, observed / expected))` by
  /// `scipy.stats.power_divergence(f_obs=[y, b], f_exp=…, lambda_="log-likelihood")`, divided by the dispersion.
  @Test(
    "The statistic is that of a G-test",
    arguments: [
      (120, 60, 3600.0, 3600.0, 1.0, 20.387_884_415), (1200, 300, 3600, 7200, 4, 344.685_321_763),
      (7, 0, 60, 60, 1, 9.704_060_528), (0, 40, 3600, 3600, 2, 27.725_887_222),
    ] as [(Int64, Int64, Double, Double, Double, Double)])
  func statistic(y: Int64, b: Int64, e: Double, f: Double, dispersion: Double, g: Double) {
    let rate = RateChange(now: y, before: b, nowSeconds: e, beforeSeconds: f, dispersion: dispersion)
    #expect(abs(rate.z * rate.z - g) < 1e-9 * g)
  }

  @Test(
    "The dispersion of independent drops is about 1, of a steady stretch and a burst as large as the burst")
  func dispersion() {
    let buckets = BaselineBuckets(captured: [Double](repeating: 60, count: 60))
    var random = Random(seed: 5)
    let steady = random.poisson(50, 60).enumerated().map { (bucket: $0, packets: $1) }
    #expect((1..<2.5).contains(buckets.dispersion(of: steady)))
    #expect(buckets.dispersion(of: [(bucket: 7, packets: 6000)]) > 5000)
    #expect(buckets.dispersion(of: []) == 3)
  }

  @Test("Any counts are compared without a trap")
  func extremes() {
    let all: [Int64] = [0, 1, .max / 2]
    for now in all {
      for before in all {
        let changes = Self.changes([(now: Self.once(now), before: Self.once(before))])
        #expect(changes.entries.allSatisfy { $0.rate.z.isFinite })
      }
    }
  }
}

/// Numbers that look random and are the same in each run.
struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  // SplitMix64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Counts of independent drops.
  mutating func poisson(_ mean: Double, _ count: Int) -> [Int64] {
    // Knuth's: how many uniform numbers until their product is below e^-mean.
    (0..<count).map { _ in
      var drops: Int64 = 0
      var product = Double.random(in: 0..<1, using: &self)
      while product > exp(-mean) {
        drops += 1
        product *= Double.random(in: 0..<1, using: &self)
      }
      return drops
    }
  }

  /// A burst in one minute of ten, of a size between 1 and 1000.
  mutating func bursts(_ count: Int) -> [Int64] {
    (0..<count).map { _ in
      Double.random(in: 0..<1, using: &self) < 0.1 ? Int64.random(in: 1...1000, using: &self) : 0
    }
  }

  /// Bursts that last ten minutes, about one an hour.
  mutating func longBursts(_ count: Int) -> [Int64] {
    var left = 0
    return (0..<count).map { _ in
      if left == 0, Double.random(in: 0..<1, using: &self) < 1.0 / 60 { left = 10 }
      if left > 0 { left -= 1 }
      return left > 0 ? Int64.random(in: 50...150, using: &self) : 0
    }
  }
}

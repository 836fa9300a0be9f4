/// What a range of time is compared with.
struct Baseline: Sendable {
  /// The parts of it, the latest first; none overlaps another or the range itself.
  let intervals: [Interval]
  /// When captures ran in each of them.
  let coverages: [Coverage]
  /// How it came to be, in a few words.
  let origin: String?

  /// No baseline.
  static let none = Baseline(intervals: [], coverages: [], origin: nil)

  private static let day: Int64 = 86_400 * 1_000_000_000
  private static let mostDays: Int64 = 7

  /// Whether a capture ran in it.
  var isCaptured: Bool { coverages.contains { $0.length > 0 } }

  /// The captured time in nanoseconds.
  var captured: Int64 { coverages.reduce(0) { $0 &+ $1.length } }

  private init(intervals: [Interval], coverages: [Coverage], origin: String?) {
    self.intervals = intervals
    self.coverages = coverages
    self.origin = origin
  }

  /// Finds the baseline of a range.
  ///
  /// - Parameters:
  ///   - request: What was asked for.
  ///   - range: The range, in whole tallies.
  ///   - captures: When captures ran.
  ///   - now: Nanoseconds since the epoch.
  init(_ request: BaselineRequest, of range: Interval, captures: [Coverage.Capture], now: Int64) {
    switch request {
    case .none: self = .none
    case .range(let asked):
      let first = captures.map(\.interval.start).min() ?? 0
      let interval = Interval(start: max(0, asked.since ?? first), end: max(0, min(asked.until ?? now, now)))
      let parts = interval.widened(to: 60).without(range)
      self.init(
        intervals: parts, coverages: parts.map { Coverage(of: $0, captures: captures) },
        origin: interval.intersection(range) == nil ? nil : "without the range itself")
    case .earlier(let distance):
      let parts = Self.shifted(range, by: distance)?.without(range) ?? []
      self.init(
        intervals: parts, coverages: parts.map { Coverage(of: $0, captures: captures) },
        origin: "the same, \(DurationFormatter.text(distance)) earlier")
    case .automatic:
      self = Self.automatic(range, captures)
    }
  }

  /// The same with parts that begin and end with whole tallies of so many seconds, without the range itself.
  func widened(to seconds: Int64, without range: Interval, captures: [Coverage.Capture]) -> Baseline {
    guard seconds > 60 else { return self }
    var parts: [Interval] = []
    for interval in intervals {
      // Parts that meet when they are widened are one.
      var rest = interval.widened(to: seconds).without(range)
      for part in parts { rest = rest.flatMap { $0.without(part) } }
      parts += rest
    }
    return Baseline(
      intervals: parts, coverages: parts.map { Coverage(of: $0, captures: captures) }, origin: origin)
  }

  private static func automatic(_ range: Interval, _ captures: [Coverage.Capture]) -> Baseline {
    guard let before = shifted(range, by: range.length) else { return .none }
    var intervals = [before]
    var coverages = [Coverage(of: before, captures: captures)]
    var days: Int64 = 0
    for number in 1...mostDays {
      // What overlaps the range, or the stretch before it, would be counted twice.
      guard let same = shifted(range, by: number * day), same.intersection(range) == nil,
        intervals.allSatisfy({ $0.intersection(same) == nil })
      else { continue }
      let coverage = Coverage(of: same, captures: captures)
      // A few minutes of another day say nothing about its hours.
      guard coverage.length >= same.length / 2 else { continue }
      intervals.append(same)
      coverages.append(coverage)
      days += 1
    }
    let origin =
      "\(DurationFormatter.text(range.length)) before"
      + (days == 0 ? "" : ", and the same hours of \(days == 1 ? "a day" : "\(days) days") before")
    return Baseline(intervals: intervals, coverages: coverages, origin: origin)
  }

  private static func shifted(_ range: Interval, by distance: Int64) -> Interval? {
    let (start, overflow) = range.start.subtractingReportingOverflow(distance)
    guard !overflow, start >= 0, distance > 0, range.length > 0 else { return nil }
    return Interval(start: start, end: start + range.length)
  }
}

extension Interval {
  /// Widened to begin and end with a multiple of so many seconds since the epoch, as tallies do.
  func widened(to seconds: Int64) -> Interval {
    let (unit, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow, unit > 0, start >= 0, end >= start else { return self }
    let (last, isTooLate) = (end - end % unit).addingReportingOverflow(end % unit > 0 ? unit : 0)
    return Interval(start: start - start % unit, end: isTooLate ? .max : last)
  }

  /// The parts of it that are not in another.
  func without(_ other: Interval) -> [Interval] {
    guard length > 0 else { return [] }
    guard let common = intersection(other) else { return [self] }
    return [Interval(start: start, end: common.start), Interval(start: common.end, end: end)].filter {
      $0.length > 0
    }
  }
}

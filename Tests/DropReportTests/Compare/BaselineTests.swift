import Testing

@testable import DropReport

/// What a range is compared with.
@Suite struct BaselineTests {
  static let hour: Int64 = 3600 * 1_000_000_000
  static let day = 24 * hour
  static let start = 20_000 * day
  static let range = Interval(start: start, end: start + hour)

  static func captures(_ intervals: Interval...) -> [Coverage.Capture] {
    intervals.enumerated().map {
      Coverage.Capture(id: Int64($0), interval: $1, hasEnded: true, host: nil, kernel: nil)
    }
  }

  @Test("Automatic is the same length before, and the same hours of days that were captured")
  func automatic() {
    let baseline = Baseline(
      .automatic, of: Self.range,
      captures: Self.captures(
        Interval(start: Self.start - 3 * Self.day, end: Self.start - 2 * Self.day + Self.hour),
        Interval(start: Self.start - Self.hour / 2, end: Self.range.end)), now: Self.range.end)
    #expect(
      baseline.intervals == [
        Interval(start: Self.start - Self.hour, end: Self.start),
        Interval(start: Self.start - 2 * Self.day, end: Self.start - 2 * Self.day + Self.hour),
        Interval(start: Self.start - 3 * Self.day, end: Self.start - 3 * Self.day + Self.hour),
      ])
    #expect(baseline.isCaptured && baseline.captured == 2 * Self.hour + Self.hour / 2)
    #expect(baseline.origin == "1h before, and the same hours of 2 days before")
  }

  @Test(
    "A baseline of days never counts a time twice, nor the range itself", arguments: [1, 2, 9] as [Int64])
  func days(days: Int64) {
    let range = Interval(start: Self.start, end: Self.start + days * Self.day)
    let all = Interval(start: 0, end: range.end)
    let parts =
      Baseline(.automatic, of: range, captures: Self.captures(all), now: range.end).intervals + [range]
    for (index, part) in parts.enumerated() {
      #expect(parts[(index + 1)...].allSatisfy { $0.intersection(part) == nil })
    }
  }

  @Test("A range that was chosen loses what it shares with the range asked about")
  func overlapping() throws {
    let asked = TimeRange(since: Self.start - Self.hour, until: Self.start + 3 * Self.hour)
    let baseline = Baseline(
      .range(asked), of: Self.range, captures: [], now: Self.start + 2 * Self.hour)
    #expect(
      baseline.intervals == [
        Interval(start: Self.start - Self.hour, end: Self.start),
        Interval(start: Self.range.end, end: Self.start + 2 * Self.hour),
      ])
    #expect(!baseline.isCaptured)
  }

  @Test("There is nothing before the beginning of time")
  func beginning() {
    let range = Interval(start: 10, end: Self.hour)
    for request in [BaselineRequest.automatic, .earlier(Self.day), .earlier(.max)] {
      #expect(Baseline(request, of: range, captures: [], now: Self.hour).intervals.isEmpty)
    }
  }

  @Test("What a user writes")
  func requests() throws {
    let parser = TimeParser(now: Self.start)
    #expect(try BaselineRequest("auto", parser: parser) == .automatic)
    #expect(try BaselineRequest("-1d", parser: parser) == .earlier(Self.day))
    #expect(try BaselineRequest("1h 30min", parser: parser) == .earlier(Self.hour * 3 / 2))
    #expect(
      try BaselineRequest("-3h..-1h", parser: parser)
        == .range(TimeRange(since: Self.start - 3 * Self.hour, until: Self.start - Self.hour)))
    #expect(try TimeRange("..-1h", parser: parser).since == nil)
    #expect(try TimeRange("-1h..", parser: parser).until == nil)
    for text in ["", "..", "x", "7", "-2h..x", "now", "-1h..-2h", "03:10"] {
      #expect(throws: ReportError.self) { try BaselineRequest(text, parser: parser) }
    }
    let yesterday = try TimeRange("yesterday", parser: parser)
    #expect(try yesterday.since == parser.parse("yesterday") && yesterday.until == parser.parse("today"))
  }
}

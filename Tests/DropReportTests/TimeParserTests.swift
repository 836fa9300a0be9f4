import Foundation
import Testing

@testable import DropReport

extension LocalTimeTests {
  @Suite struct TimeParserTests {
    static let second: Int64 = 1_000_000_000
    /// Friday, 20 November 2026, 12:00:00 UTC.
    static let now: Int64 = 1_795_176_000 * second

    static func inZone<Result>(_ zone: String, _ body: () throws -> Result) rethrows -> Result {
      unsafe setenv("TZ", zone, 1)
      defer { unsafe unsetenv("TZ") }
      return try body()
    }

    static func parse(_ text: String, zone: String) throws -> String {
      try inZone(zone) { TimeFormatter.utc(try TimeParser(now: now).parse(text)) }
    }

    @Test(
      "A local time means what it does in the zone of TZ",
      arguments: [
        ("2026-11-20 03:10:05.123456", "UTC0", "2026-11-20T03:10:05.123456Z"),
        ("2026-11-20 03:10:05", "UTC0", "2026-11-20T03:10:05.000000Z"),
        ("2026-11-20 03:10", "CET-1", "2026-11-20T02:10:00.000000Z"),
        ("2026-11-20T03:10", "CET-1", "2026-11-20T02:10:00.000000Z"),
        ("2026-11-20", "CET-1", "2026-11-19T23:00:00.000000Z"),
        ("  2026-11-20 03:10  ", "UTC0", "2026-11-20T03:10:00.000000Z"),
        // Central European summer time begins on the last Sunday of March.
        ("2026-07-01 12:00", "CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01T10:00:00.000000Z"),
        ("2026-12-01 12:00", "CET-1CEST,M3.5.0,M10.5.0/3", "2026-12-01T11:00:00.000000Z"),
        ("03:10", "UTC0", "2026-11-20T03:10:00.000000Z"),
        ("3:10:05.5", "UTC0", "2026-11-20T03:10:05.500000Z"),
        // It is already the 21st there.
        ("03:10", "XXX-14", "2026-11-20T13:10:00.000000Z"),
        ("now", "CET-1", "2026-11-20T12:00:00.000000Z"),
        ("today", "CET-1", "2026-11-19T23:00:00.000000Z"),
        ("Yesterday", "UTC0", "2026-11-19T00:00:00.000000Z"),
        ("tomorrow", "UTC0", "2026-11-21T00:00:00.000000Z"),
        ("yesterday 22:15", "UTC0", "2026-11-19T22:15:00.000000Z"),
        // 'systemd-analyze timestamp' reads these the same.
        ("Fri 2026-11-20 03:10", "UTC0", "2026-11-20T03:10:00.000000Z"),
        ("FRIDAY 2026-11-20", "CET-1", "2026-11-19T23:00:00.000000Z"),
        ("26-11-20 03:10", "UTC0", "2026-11-20T03:10:00.000000Z"),
        ("70-01-02", "UTC0", "1970-01-02T00:00:00.000000Z"),
        ("11:12 UTC", "CET-1", "2026-11-20T11:12:00.000000Z"),
        ("today UTC", "CET-1", "2026-11-20T00:00:00.000000Z"),
      ])
    func local(text: String, zone: String, expected: String) throws {
      #expect(try Self.parse(text, zone: zone) == expected)
    }

    @Test(
      "A time with a zone does not depend on TZ",
      arguments: [
        ("2026-11-20T03:10:05Z", "2026-11-20T03:10:05.000000Z"),
        ("2026-11-20t03:10:05.25z", "2026-11-20T03:10:05.250000Z"),
        ("2026-11-20T03:10:05+01:00", "2026-11-20T02:10:05.000000Z"),
        ("2026-11-20T03:10:05-05:30", "2026-11-20T08:40:05.000000Z"),
        ("2026-11-20 03:10:05.123456+01:00", "2026-11-20T02:10:05.123456Z"),
        ("2026-11-20 03:10 +0100", "2026-11-20T02:10:00.000000Z"),
        ("2026-11-20 03:10 -05", "2026-11-20T08:10:00.000000Z"),
        ("2026-11-20 03:10 UTC", "2026-11-20T03:10:00.000000Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"),
        ("2000-03-01T00:00:00Z", "2000-03-01T00:00:00.000000Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"),
        ("2026-07-01 12:00 Europe/Berlin", "2026-07-01T10:00:00.000000Z"),
        ("2026-11-20 Europe/Berlin", "2026-11-19T23:00:00.000000Z"),
        ("03:10 Asia/Tokyo", "2026-11-19T18:10:00.000000Z"),
        ("tomorrow Pacific/Auckland", "2026-11-21T11:00:00.000000Z"),
        ("@1795000000", "2026-11-18T11:06:40.000000Z"),
        ("@1795000000.5", "2026-11-18T11:06:40.500000Z"),
      ])
    func zoned(text: String, expected: String) throws {
      #expect(try Self.parse(text, zone: "XXX-7") == expected)
    }

    @Test(
      "A span is measured from now, in the units of systemd.time",
      arguments: [
        ("-2h", -7200.0), ("+5min", 300), ("2 hours ago", -7200), ("-1d 12h", -129_600), ("-1d12h", -129_600),
        ("1 day 2 hours ago", -93_600), ("-90", -90), ("-1.5s", -1.5), ("-5ms", -0.005), ("-7us", -0.000007),
        ("-7µs", -0.000007), ("-7μs", -0.000007), ("-3m", -180), ("-1M", -2_629_800), ("-1month", -2_629_800),
        ("-2w", -1_209_600), ("-1y", -31_557_600), ("-1 YEAR", -31_557_600), ("- 5 sec", -5),
        ("3h30min ago", -12_600), ("-1000ns", -0.000001), ("+1hr", 3600), ("-2usec", -0.000002),
        ("-2msec", -0.002), ("-2weeks", -1_209_600), ("1h left", 3600), ("5 min left", 300),
      ])
    func span(text: String, seconds: Double) throws {
      let moment = try TimeParser(now: Self.now).parse(text)
      #expect(moment - Self.now == Int64((seconds * 1e9).rounded()))
    }

    @Test(
      "What is no time is refused with the text and the forms",
      arguments: [
        "", " ", "2h", "ago", "2 hours", "-2h ago", "+", "-", "-2 fortnights", "2026-13-01", "2026-02-29",
        "2026-11-31", "2026-11-20 24:00", "2026-11-20 03:60", "2026-11-20 3", "2026-11-20 03:10 XCET",
        "2026-11-20 03:10 ../etc/passwd", "Thu 2026-11-20", "Fri 03:10",
        "+1h left", "1h left ago", "2026-11-20 03:10 Europe", "now UTC",
        "2026-11-20X03:10", "2026-11-20 03:10:05.", "2026-11-20 03:10:05.1234567890", "2026-1-1",
        "03", "25:00", "03:10x", "@", "@-5", "@1.2.3", "@99999999999999999999", "@9999999999999",
        "-99999999999999999y", "-200y -200y", "today yesterday", "now 03:10", "2026-11-20 03:10+25:00",
        "٠٣:١٠",
        "9999-12-31T00:00:00Z", "1500-01-01",
      ])
    func refused(text: String) throws {
      let error = try #require(throws: ReportError.self) { try TimeParser(now: Self.now).parse(text) }
      #expect(error.code == .malformedTime)
      #expect(error.description.contains("'\(text)'"))
      #expect(error.description.contains("2026-11-20 03:10:05"))
    }

    @Test("An error shows a hostile text harmlessly")
    func hostile() throws {
      let error = try #require(throws: ReportError.self) { try TimeParser(now: 0).parse("\u{1b}[2J") }
      #expect(error.description.contains("'\\x1b[2J'"))
    }

    @Test("Whatever is printed is read back", arguments: ["UTC0", "CET-1", "NST3:30", "XXX-14"])
    func roundTrip(zone: String) throws {
      try Self.inZone(zone) {
        let parser = TimeParser(now: Self.now)
        for nanoseconds: Int64 in [0, 1000, 951_782_400 * Self.second, Self.now + 123_456_000] {
          let read = [
            try parser.parse(TimeFormatter.utc(nanoseconds)),
            try parser.parse(TimeFormatter.local(nanoseconds)),
          ]
          #expect(read == [nanoseconds, nanoseconds])
        }
      }
    }

    @Test(
      "People's times carry their offset",
      arguments: [
        ("UTC0", "2026-11-20 12:00:00+00:00"), ("NST3:30", "2026-11-20 08:30:00-03:30"),
        ("CET-1", "2026-11-20 13:00:00+01:00"),
      ])
    func localText(zone: String, expected: String) {
      Self.inZone(zone) { #expect(TimeFormatter.local(Self.now, precision: .seconds) == expected) }
    }

    @Test("Every number of nanoseconds has a text", arguments: [Int64.min, -1, 0, .max])
    func extremes(nanoseconds: Int64) {
      #expect(TimeFormatter.utc(nanoseconds).hasSuffix("Z"))
      #expect(!TimeFormatter.local(nanoseconds).isEmpty)
    }

    @Test("A range that ends before it begins is refused, an empty one is not")
    func ranges() throws {
      let parser = TimeParser(now: Self.now)
      let error = try #require(throws: ReportError.self) {
        try TimeRange(since: "now", until: "-1s", parser: parser)
      }
      #expect(error.code == .emptyRange)
      let empty = try TimeRange(since: "now", until: "now", parser: parser)
      #expect(empty.since == empty.until)
    }

    @Test("What is asked for from a time on that is still to come is told, and what may be meant")
    func future() throws {
      try Self.inZone("UTC") {
        let parser = TimeParser(now: Self.now)
        let note =
          "'23:00' is still to come (2026-11-20 23:00:00+00:00); the last one was \"yesterday 23:00\""
        #expect(parser.noteOfFuture("23:00") == note)
        for other in ["12:00", "00:00", "now", "tomorrow", "2027-01-01", "x"] {
          #expect(parser.noteOfFuture(other) == nil)
        }
        // Last night, as one writes it at noon.
        let error = try #require(throws: ReportError.self) {
          try TimeRange(since: "23:00", until: "03:00", parser: parser)
        }
        #expect(error.description.hasSuffix("; " + note))
        let reversed = try #require(throws: ReportError.self) {
          try TimeRange(since: "11:00", until: "03:00", parser: parser)
        }
        #expect(reversed.description.hasSuffix("(2026-11-20 11:00:00+00:00)"))
      }
    }
  }
}

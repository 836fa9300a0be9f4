import DropStore
import Foundation
import SampleDatabase
import Testing

@testable import DropReport

extension LocalTimeTests {
  /// The functions of SQL on times.
  @Suite struct TimeFunctionTests {
    private let sample: SampleDatabase

    init() throws { sample = try SampleDatabase() }

    private func value(_ expression: String) throws -> SQLValue {
      let reader = try DropReader(path: sample.path)
      try reader.registerTimeFunctions(now: TimeParserTests.now)
      var query = try reader.prepare("SELECT \(expression)")
      return try #require(try query.next())[0]
    }

    @Test(
      "A time is what --since takes it for",
      arguments: ["2 hours ago", "03:10", "today", "@1795000000.5", "-1d 12h"])
    func parse(text: String) throws {
      let expected = try TimeParser(now: TimeParserTests.now).parse(text)
      #expect(try value("parse_time('\(text)')") == .integer(expected))
    }

    @Test(
      "A bucket begins where SQLite's own arithmetic has it",
      arguments: [("5m", 300), ("1h", 3600), ("1d", 86400), ("90", 90)])
    func bucket(width: String, seconds: Int64) throws {
      for time in [0, 1, 1_795_176_123, 4_102_444_799] as [Int64] {
        let sql =
          "time_bucket('\(width)', \(time) * 1000000000 + 999999999) = \(time) / \(seconds) * \(seconds) * 1000000000"
        #expect(try value(sql) == .integer(1), "\(time)")
      }
      #expect(try value("time_bucket('\(width)', -1)") == .integer(-seconds * 1_000_000_000))
      #expect(
        try value("strftime('%H:%M', time_bucket('1d', \(SampleDatabase.start)) / 1000000000, 'unixepoch')")
          == .text("00:00"))
    }

    @Test("A time is written in the local zone")
    func format() throws {
      let local = try TimeParserTests.inZone("CET-1") { try value("format_time(\(SampleDatabase.start))") }
      #expect(local == .text("2026-11-20 03:00:00.000000+01:00"))
      #expect(
        try value("typeof(format_time(9223372036854775807)) || typeof(format_time(-9223372036854775808))")
          == .text("texttext"))
      #expect(try value("time_bucket('1h', 1.5e9)") == .integer(0))
    }

    @Test(
      "Of NULL the result is NULL",
      arguments: ["parse_time(NULL)", "time_bucket(NULL, 1)", "time_bucket('1m', NULL)", "format_time(NULL)"])
    func null(expression: String) throws { #expect(try value(expression) == .null) }

    @Test(
      "A wrong argument is an error that says which",
      arguments: [
        ("parse_time('soon')", "parse_time: 'soon' is no time"),
        ("parse_time(5)", "parse_time: the argument must be text"),
        ("time_bucket('five', 1)", "time_bucket: the first argument"),
        ("time_bucket(5, 1)", "time_bucket: the first argument"),
        ("time_bucket('0s', 1)", "time_bucket: the first argument"),
        ("time_bucket('1m', 'x')", "time_bucket: the second argument"),
        ("time_bucket('1m', 1e300)", "time_bucket: the second argument"),
        ("time_bucket('1d', -9223372036854775808)", "time_bucket: the bucket"),
        ("format_time('x')", "format_time: the argument"),
      ])
    func wrong(expression: String, words: String) throws {
      let error = #expect(throws: StoreError.self) { try value(expression) }
      #expect(error?.code == .sql && error?.message.hasPrefix(words) == true, "\(error?.message ?? "")")
    }
  }
}

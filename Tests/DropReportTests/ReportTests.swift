import DropEvents
import DropStore
import Foundation
import SampleDatabase
import Testing

@testable import DropReport

extension LocalTimeTests {
  @Suite struct ReportTests {
    static let start = SampleDatabase.start
    static let minute = SampleDatabase.minute

    /// A report on the sample; times are in minutes after 02:00.
    static func report(
      _ sample: SampleDatabase, since: Double? = nil, until: Double? = nil, now: Int64 = 180, top: Int = 10
    ) throws -> Report {
      func text(_ minutes: Double?) -> String? {
        minutes.map { TimeFormatter.utc(start + Int64($0 * Double(minute))) }
      }
      let now = start + now * minute
      let range = try TimeRange(since: text(since), until: text(until), parser: TimeParser(now: now))
      return try Report(
        reading: DropReader(path: sample.path), Report.Request(range: range, top: top, now: now),
        isRunning: { _, _ in false })
    }

    static func json(_ report: Report) throws -> [String: Any] {
      let text = report.text(as: .json, style: TableStyle())
      return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("Everything in the database is counted exactly")
    func everything() throws {
      let report = try Self.report(SampleDatabase())
      #expect(report.totals.packets == 8)
      #expect(report.totals.bytes == 540)
      #expect(report.totals.recorded == 6)
      #expect(report.totals.lost.map(\.cause) == ["ring_full"])
      #expect(report.totals.lost.map(\.packets) == [2])
      #expect(report.reasons.top.map(\.packets) == [5, 3])
      #expect(
        report.reasons.top.map(\.key) == [
          [.text("NO_SOCKET"), .text("core")], [.text("openvswitch:1"), .text("openvswitch")],
        ])
      #expect(report.locations.top.first?.key == [.text("udp_queue_rcv+0x91")])
      #expect(report.interfaces.top.first?.key == [.text("lo"), .null])
      #expect(report.flows.basis == .recorded && report.flows.total == 6)
      #expect(
        report.flows.top.first?.key == [
          .text("UDP"), .text("10.0.0.1"), .integer(4000), .text("10.0.0.2"), .integer(53),
        ])
      #expect(!report.hasOlderFlows)
    }

    @Test("Captures and the gap between them are found")
    func coverage() throws {
      let coverage = try Self.report(SampleDatabase()).coverage
      #expect(coverage.state == .partial)
      #expect(coverage.captures.count == 2)
      #expect(coverage.length == 90 * Self.minute)
      #expect(
        coverage.gaps == [Interval(start: Self.start + 60 * Self.minute, end: Self.start + 90 * Self.minute)])
    }

    @Test("Without a range the captures are the range, also where they begin and end within a minute")
    func coverageOfEverything() throws {
      let start = Self.start + 20_000_000_000
      var batch = DropBatch()
      batch.tallies = [
        DropTally(site: DropSite(reason: 3), minute: Self.start / 1_000_000_000, packets: 5, bytes: 300)
      ]
      let coverage = try Self.report(SampleDatabase(batch, from: start, until: start + 9_000_000_000))
        .coverage
      #expect(coverage.state == .complete)
      #expect(coverage.length == 9_000_000_000)
      #expect(coverage.gaps.isEmpty)
    }

    @Test("A range that cuts minutes is widened to whole ones, and the report says so")
    func widened() throws {
      let report = try Self.report(SampleDatabase(), since: 10.5, until: 20.25)
      #expect(
        report.range == Interval(start: Self.start + 10 * Self.minute, end: Self.start + 21 * Self.minute))
      #expect(report.totals.packets == 8)
      #expect(report.timeline.buckets.allSatisfy { $0.covered == 1 })
      #expect(report.text(as: .text, style: TableStyle()).contains("the range was widened to whole ones"))
      let exact = try Self.report(SampleDatabase(), since: 10, until: 20)
      #expect(exact.totals.packets == 5)
      #expect(!exact.text(as: .text, style: TableStyle()).contains("widened"))
    }

    @Test("No drops while capture ran is told from no capture")
    func quietOrUnwatched() throws {
      let sample = try SampleDatabase()
      let quiet = try Self.report(sample, since: 30, until: 40)
      #expect(quiet.coverage.state == .complete && quiet.totals.packets == 0)
      #expect(
        quiet.text(as: .text, style: TableStyle()).contains(
          "no packet was dropped, and capture was running all the time (exact)"))
      let unwatched = try Self.report(sample, since: 65, until: 80)
      #expect(unwatched.coverage.state == .none)
      let text = unwatched.text(as: .text, style: TableStyle())
      #expect(text.hasPrefix("No capture covers this range."))
      #expect(text.contains("the last before it ended") && text.contains("the first after it began"))
      let partly = try Self.report(sample, since: 50, until: 70)
      #expect(partly.coverage.state == .partial)
      #expect(partly.text(as: .text, style: TableStyle()).contains("it was not all the time"))
    }

    @Test("A range since a time ends now, and what lies in the future is no gap")
    func now() throws {
      let sample = try SampleDatabase()
      #expect(
        try Self.report(sample, since: 100, now: 130).coverage.wanted?.end == Self.start + 130 * Self.minute)
      #expect(try Self.report(sample, since: 100, now: 130).coverage.gaps.count == 1)
      #expect(try Self.report(sample, since: 100, until: 500, now: 120).coverage.state == .complete)
      #expect(try Self.report(sample, since: 500, until: 600, now: 130).coverage.state == .none)
    }

    @Test("A chart tells quiet, unwatched and lossy minutes apart")
    func chart() throws {
      let report = try Self.report(SampleDatabase(), since: 0, until: 120)
      #expect(report.timeline.seconds == 300)
      #expect(report.timeline.buckets.map(\.packets).reduce(0, +) == 8)
      #expect(report.timeline.buckets[2].packets == 5 && report.timeline.buckets[2].covered == 1)
      #expect(report.timeline.buckets[4].lost == 2)
      #expect(report.timeline.buckets[13].covered == 0)
      let ascii = report.text(as: .text, style: TableStyle(isUnicode: false))
      #expect(ascii.contains("##") && ascii.contains("(no capture)"))
      // The name of a process is shown as it is, also where it is not UTF-8.
      #expect(ascii.unicodeScalars.allSatisfy { $0.isASCII || $0 == "\u{fffd}" })
      #expect(report.text(as: .text, style: TableStyle()).contains("█"))
    }

    @Test("What was left out as asked is told from what was lost")
    func leftOut() throws {
      var batch = DropBatch()
      let minute = Self.start / SampleDatabase.second
      batch.tallies = [DropTally(site: DropSite(reason: 3), minute: minute, packets: 100, bytes: 0)]
      for (cause, packets) in [(LossCause.sampled, 50), (.filtered, 20), (.thinned, 7), (.ringFull, 3)] {
        batch.losses.append(DropLoss(cause: cause, second: minute, packets: UInt64(packets)))
      }
      let report = try Self.report(SampleDatabase(batch))
      #expect(report.totals.lost.map(\.cause) == ["thinned", "ring_full"])
      #expect(report.totals.leftOut.map(\.packets) == [50, 20])
      #expect(report.timeline.buckets[0].lost == 10 && report.timeline.buckets[0].leftOut == 70)
      let text = report.text(as: .text, style: TableStyle())
      #expect(
        text.contains(
          "100 not; left out as asked: 50 sampled, 20 filtered; lost by cause: 7 thinned, 3 ring_full; "
            + "20 without a cause noted in this range"))
      #expect(text.contains("left out  chart"))
      #expect(!(try Self.report(SampleDatabase())).text(as: .text, style: TableStyle()).contains("left out"))
      let totals = try #require(try Self.json(report)["totals"] as? [String: Any])
      #expect(totals["lost"] as? [String: Int] == ["thinned": 7, "ring_full": 3])
      #expect(totals["left_out"] as? [String: Int] == ["sampled": 50, "filtered": 20])
    }

    @Test("Rankings are cut, and say what they leave out")
    func top() throws {
      let report = try Self.report(SampleDatabase(), top: 1)
      #expect(report.reasons.top.count == 1 && report.reasons.distinct == 2)
      #expect(report.text(as: .text, style: TableStyle()).contains("1 more, with 3 packets"))
    }

    @Test("JSON has every number with its basis")
    func jsonShape() throws {
      let json = try Self.json(try Self.report(SampleDatabase(), since: 10.5, until: 20.25))
      for name in ["totals", "timeline", "reasons", "locations", "interfaces"] {
        #expect((json[name] as? [String: Any])?["basis"] as? String == "counted")
      }
      #expect((json["flows"] as? [String: Any])?["basis"] as? String == "recorded")
      let range = try #require(json["range"] as? [String: [String: String]])
      #expect(range["asked"]?["since"] == "2026-11-20T02:10:30.000000Z")
      #expect(range["effective"]?["since"] == "2026-11-20T02:10:00.000000Z")
    }

    @Test("Hostile names are harmless in every form", arguments: ReportFormat.allCases)
    func hostile(format: ReportFormat) throws {
      let text = try Self.report(SampleDatabase()).text(as: format, style: TableStyle())
      #expect(text.unicodeScalars.allSatisfy { !SafeText.isActive($0) || $0 == "\n" })
      if format != .text { #expect(!text.contains("<script>")) }
    }

    @Test("A share never reads as nothing or all unless it is")
    func shares() throws {
      var batch = DropBatch()
      let minute = Self.start / SampleDatabase.second
      batch.tallies = [
        DropTally(site: DropSite(reason: 3), minute: minute, packets: 1_000_000, bytes: 0),
        DropTally(site: DropSite(), minute: minute, packets: 1, bytes: 0),
      ]
      let text = try Self.report(SampleDatabase(batch)).text(as: .text, style: TableStyle())
      #expect(text.contains(">99.9%") && text.contains("<0.1%"))
    }

    @Test("A running capture covers the time up to now")
    func running() {
      let capture = Coverage.Capture(
        id: 1, interval: Interval(start: 0, end: 100), hasEnded: false, host: nil, kernel: nil)
      #expect(Coverage(of: Interval(start: 10, end: 100), captures: [capture]).state == .complete)
      #expect(
        Coverage(of: Interval(start: 10, end: 110), captures: [capture]).gaps == [
          Interval(start: 100, end: 110)
        ])
      #expect(Coverage(of: Interval(start: 10, end: 20), captures: []).state == .empty)
    }

    @Test(
      "A timeline has a bounded number of buckets for any range",
      arguments: [
        Interval(start: 0, end: .max), Interval(start: 0, end: 1), Interval(start: .max - 1, end: .max),
        Interval(start: 5, end: 5),
      ])
    func bounded(range: Interval) {
      for narrowest in [60, 86_400, 7777, Int64.max] {
        let timeline = Timeline(over: range, narrowest: narrowest)
        #expect(timeline.buckets.count <= 26)
      }
    }
  }
}

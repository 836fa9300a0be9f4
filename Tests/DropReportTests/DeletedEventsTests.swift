import DropStore
import Foundation
import SampleDatabase
import Testing

@testable import DropReport

extension LocalTimeTests {
  /// Reports on times of which retention has deleted the events.
  @Suite struct DeletedEventsTests {
    /// The second hour of the incident compared with the first, when events up to a minute after 02:00 have been deleted.
    private static func report(deletedUntil minute: Int64) throws -> Report {
      let sample = try SampleDatabase.incident()
      if minute > 0 {
        _ = try DropPruner.prune(
          path: sample.path,
          DropPruner.Request(before: SampleDatabase.start + minute * SampleDatabase.minute))
      }
      return try ReportTests.report(sample, since: 60, until: 120)
    }

    private static func facts(_ report: Report) -> [String: String] {
      Dictionary(report.document(isUnicode: true).facts.map { ($0.name, $0.text) }) { $0 + "; " + $1 }
    }

    private static func changedFlows(_ report: Report) -> [String] {
      report.comparison.flows.entries.map { "\($0.kind) \($0.key.last?.plainText ?? "")" }
    }

    @Test("With all events nothing is said of it, and what is new is new")
    func all() throws {
      let report = try Self.report(deletedUntil: 0)
      #expect(Self.facts(report)["Kept"] == nil)
      #expect(Self.changedFlows(report).contains("new 8"))
      #expect(!Self.changedFlows(report).contains("new 3"))
      let json = try ReportTests.json(report)
      #expect((json["totals"] as? [String: Any])?["kept_since"] is NSNull)
      #expect((json["baseline"] as? [String: Any])?["events_deleted"] as? Bool == false)
    }

    @Test("Flows are not new because the events of the baseline have been deleted")
    func baseline() throws {
      let report = try Self.report(deletedUntil: 60)
      #expect(Self.changedFlows(report) == [])
      #expect(report.comparison.services.entries.isEmpty)
      // What is counted is there for ever.
      #expect(!report.comparison.reasons.entries.isEmpty)
      let facts = Self.facts(report)
      #expect(facts["Kept"] == nil)
      #expect(facts["Changes"]?.contains("flows and services are not compared") == true)
      let json = try ReportTests.json(report)
      #expect((json["baseline"] as? [String: Any])?["events_deleted"] as? Bool == true)
    }

    @Test("A part of the baseline is enough to compare with")
    func partOfBaseline() throws {
      let report = try Self.report(deletedUntil: 30)
      #expect(Self.changedFlows(report).contains("new 8"))
      #expect(!Self.changedFlows(report).contains { $0.hasSuffix(" 3") })
      #expect(Self.facts(report)["Changes"]?.contains("flows") != true)
    }

    @Test("From when on events are kept is told")
    func range() throws {
      let report = try Self.report(deletedUntil: 90)
      let kept = try #require(Self.facts(report)["Kept"])
      #expect(kept.hasPrefix("the events from 2026-11-20 "), "\(kept)")
      #expect(report.hasOlderFlows)
      #expect(report.totals.recorded > report.flows.total)
      let json = try ReportTests.json(report)
      #expect(
        (json["totals"] as? [String: Any])?["kept_since"] as? String
          == TimeFormatter.utc(try #require(report.keptFrom)))
      let none = try Self.report(deletedUntil: 121)
      #expect(Self.facts(none)["Kept"] == "none of the events; retention has deleted them")
      #expect(none.flows.total == 0 && none.totals.recorded > 0)
    }
  }
}

import DropEvents
import Foundation
import Testing

@testable import DropReport

@Suite struct CaptureSummaryTests {
  private static let totals: CaptureTotals = {
    var totals = CaptureTotals()
    totals.counted = 100
    totals.recorded = 40
    totals.lost = [.ringFull: 3, .nested: 0, .thinned: 7, .sampled: 30, .filtered: 20]
    return totals
  }()

  @Test func `what was left out as asked is told from what was lost`() {
    let text = CaptureSummary(database: "d.db", start: 0).text(end: 1, totals: Self.totals) { _ in ("", "") }
    #expect(
      text.split(separator: "\n").dropFirst() == [
        "  counted   100", "  recorded  40", "  lost      10  (thinned 7, ring_full 3)",
        "  left out  50  (sampled 30, filtered 20)",
      ])
  }

  @Test func `a capture that lost nothing names no cause`() {
    let text = CaptureSummary(database: "d.db", start: 0).text(end: 1, totals: CaptureTotals()) { _ in
      ("", "")
    }
    #expect(
      text.split(separator: "\n").dropFirst() == [
        "  counted   0", "  recorded  0", "  lost      0", "  left out  0",
      ])
  }

  @Test func `JSON adds up`() throws {
    let json = CaptureSummary(database: "d.db", start: 0).json(end: 1, totals: Self.totals) { _ in ("", "") }
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let parts = ["recorded", "lost", "left_out"].compactMap { object[$0] as? Int }
    #expect(parts == [40, 10, 50])
    #expect(
      object["lost_by_cause"] as? [String: Int]
        == ["ring_full": 3, "nested": 0, "thinned": 7, "sampled": 30, "filtered": 20])
  }
}

import DropEvents
import Foundation
import Testing

@testable import DropStore

/// Counts of very many groups beside SQLite's own `GROUP BY`.
@Suite struct EventPartitionsTests {
  private static let count = 70_000
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    var writer = try DropWriter(path: path, capture: .sample(boot: "boot"))
    var state: UInt64 = 7
    func pick(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    var batch = DropBatch()
    for index in 0..<Self.count {
      var flow = Flow()
      flow.transport = 6
      flow.source = pick(50) == 0 ? nil : IPAddress(v4: UInt32(pick(300)))
      flow.destinationPort = UInt16(pick(3))
      var event = DropEvent(
        time: threeTenNanoseconds + Int64(index), site: DropSite(reason: UInt32(2 + pick(2))), flow: flow,
        length: UInt32(index))
      event.cpu = UInt32(pick(2))
      // Some more often, and those at the edges of what has room.
      event.tcpSequence = [nil, 0, .max, .max - 1][Int(pick(100)) < 4 ? Int(pick(4)) : 0]
      if pick(10) > 0 { event.tcpSequence = UInt32(pick(20_000) &* 214_013) }
      batch.events.append(event)
    }
    try writer.write(batch)
    _ = try writer.finish(at: threeTenNanoseconds + 1_000_000_000)
  }

  @Test(
    "Groups beyond number are those of SQLite",
    arguments: [
      ([.tcpSequence], 5000), ([.tcpSequence], 100), ([.tcpSequence, .saddr], 9000),
      ([.saddr, .cpu, .tcpSequence, .dport], 8000), ([.length], 100), ([.length, .reason], 5000),
      ([.saddr, .dport], 100), ([.reason, .length, .tcpSequence], 6000),
    ] as [([DropColumn], Int)])
  func groups(columns: [DropColumn], fewGroups: Int) throws {
    let reader = try DropReader(path: path)
    for (condition, sql): (DropCondition?, String) in [
      (nil, "true"), (.isNone(.saddr, of: [.null]), "saddr IS NOT NULL"),
    ] {
      let conditions = condition.map { [$0] } ?? []
      let names = columns.map(\.name).joined(separator: ", ")
      let expected = try DropStoreTests.rows(
        path, "SELECT \(names), count(*), min(ts), max(ts) FROM drops WHERE \(sql) GROUP BY \(names)")
      let all = try reader.series(
        groupedBy: columns, every: nil, in: 0..<Int64.max, where: conditions, largest: nil,
        partitionedAbove: fewGroups)
      #expect(Set(Self.rows(all)) == Set(expected))
      #expect(all.entries.count == expected.count && all.groupCount == expected.count)
      #expect(all.total == all.entries.reduce(0) { $0 + $1.packets })
      for most in [1, 20, 2000] {
        let some = try reader.series(
          groupedBy: columns, every: nil, in: 0..<Int64.max, where: conditions, largest: most,
          partitionedAbove: fewGroups)
        #expect(some.groupCount == expected.count && some.total == all.total)
        #expect(some.largest(most).map(\.key) == all.largest(most).map(\.key))
        #expect(Set(Self.rows(some)).isSubset(of: Set(expected)))

      }
    }
  }

  private static func rows(_ series: GroupedSeries) -> [[SQLValue]] {
    series.entries.map { entry in
      series.key(entry.group) + [.integer(entry.packets), .integer(entry.first), .integer(entry.last)]
    }
  }
}

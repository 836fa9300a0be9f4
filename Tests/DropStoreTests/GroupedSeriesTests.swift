import DropEvents
import DropStore
import Foundation
import Testing

/// Counts by intervals beside SQLite's own `GROUP BY`.
@Suite struct GroupedSeriesTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    try VariedDrops.write(to: path)
  }

  private static let columns: [[DropColumn]] = [
    [], [.reason], [.saddr, .cpu], [.cpu], [.interface, .netns], [.length], [.reason, .reason],
  ]

  @Test func `recorded drops are counted by interval and group, with the first and last`() throws {
    let reader = try DropReader(path: path)
    let start = threeTenNanoseconds + 50_000
    let cases: [(DropCondition?, String)] = [
      (nil, "true"), (.isOne(.transport, of: [.text("TCP")]), "transport IS 'TCP'"),
      (.any([.isOne(.cpu, of: [.integer(1)]), .lies(.dport, in: [0...65_535])]), "cpu IS 1 OR dport >= 0"),
      (.holds(try reader.expression("cpu = 1 OR saddr IS NULL")), "cpu = 1 OR saddr IS NULL"),
      (.holds(try reader.expression("ts % 3 = 0")), "ts % 3 = 0"),
    ]
    for columns in Self.columns {
      for every: Int64? in [nil, 1000, 7000, 100_000, 86_400_000_000_000] {
        for (condition, sql) in cases {
          let found = try reader.series(
            groupedBy: columns, every: every, in: start..<Int64.max, where: condition.map { [$0] } ?? [])
          let interval = every.map { "ts / \($0) * \($0)" } ?? "ts * 0"
          let names = ([interval] + columns.map(\.name)).joined(separator: ", ")
          let expected = try rows(
            path,
            """
            SELECT \(names), count(*), min(ts), max(ts) FROM drops WHERE ts >= \(start) AND (\(sql))
            GROUP BY \(names)
            """)
          try expect(found, expected, "\(names) \(sql)")
          #expect(found.total == found.entries.reduce(0) { $0 + $1.packets })
        }
      }
    }
  }

  @Test func `every drop is counted by interval and group`() throws {
    let reader = try DropReader(path: path)
    let minute: Int64 = 60_000_000_000
    for columns: [DropColumn] in [[], [.reason], [.interface, .netns], [.host]] {
      for every: Int64? in [nil, minute, 7 * minute] {
        for (condition, sql): (DropCondition?, String) in [
          (nil, "true"), (.isNone(.reason, of: [.text("NO_SOCKET")]), "reason IS NOT 'NO_SOCKET'"),
        ] {
          let found = try reader.countedSeries(
            groupedBy: columns, every: every, where: condition.map { [$0] } ?? [])
          let interval = every.map { "ts / \($0) * \($0)" } ?? "ts * 0"
          let names = ([interval] + columns.map(\.name)).joined(separator: ", ")
          let expected = try rows(
            path,
            "SELECT \(names), sum(packets), min(ts), max(ts) FROM tallies WHERE \(sql) GROUP BY \(names)")
          try expect(found, expected, "\(names) \(sql)")
        }
      }
    }
    #expect(throws: StoreError.self) { try reader.countedSeries(groupedBy: [.saddr]) }
  }

  @Test func `equal groups have one number in all intervals`() throws {
    let reader = try DropReader(path: path)
    let condition = DropCondition.any([.isOne(.cpu, of: [.integer(1)]), .isNone(.transport, of: [.null])])
    let found = try reader.series(groupedBy: [.reason], every: 10_000, where: [condition])
    var numbers: [[SQLValue]: Int] = [:]
    for entry in found.entries {
      let key = found.key(entry.group)
      #expect(numbers[key] == nil || numbers[key] == entry.group)
      numbers[key] = entry.group
    }
    #expect(numbers.count > 2 && Set(numbers.values).count == numbers.count)
  }

  private func expect(_ found: GroupedSeries, _ expected: [[SQLValue]], _ what: String) throws {
    let rows = found.entries.map { entry in
      [.integer(entry.interval)] + found.key(entry.group)
        + [.integer(entry.packets), .integer(entry.first), .integer(entry.last)]
    }
    #expect(Set(rows) == Set(expected), "\(what)")
    #expect(rows.count == expected.count, "\(what)")
  }
}

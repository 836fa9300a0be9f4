import CSQLite
import DropEvents
import DropStore
import Foundation
import Testing

/// Groupings outside of SQLite beside SQLite's own `GROUP BY` over the views.
@Suite struct GroupingTests {
  let folder: TemporaryFolder
  let path: String

  private static let several: [[DropColumn]] = [
    [.transport, .saddr, .sport, .daddr, .dport], [.reason, .subsystem], [.reason, .comm], [.cpu, .length],
    [.saddr, .comm, .context, .tcpSequence, .length, .cpu], [.reason, .reason], [],
    [.innerSaddr, .symbol, .pid],
  ]

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    try VariedDrops.write(to: path)
  }

  @Test func `there is a column for each of the view but the times`() throws {
    let names = try ViewPage.columns(of: "drops").map(\.name).filter { $0 != "time" && $0 != "ts" }
    #expect(DropColumn.allCases.map(\.name) == names)
    let counted = try ViewPage.columns(of: "tallies").map(\.name)
    #expect(
      Set(DropColumn.allCases.filter(\.isCounted).map(\.name)).isSuperset(
        of: counted.dropFirst(3).filter {
          !["packets", "bytes", "recorded"].contains($0)
        }))
  }

  // Loops rather than arguments, each of which would have a database of its own.
  @Test func `grouping by one column gives what SQL gives`() throws {
    for column in DropColumn.allCases {
      let found = try DropReader(path: path).counts(groupedBy: [column])
      let expected = try counts([column])
      #expect(found.dictionary == expected, "\(column)")
      #expect(found.groupCount == expected.count)
      #expect(found.total == Int64(VariedDrops.count))
      // So that a column whose values are all the same does not pass for one that is grouped by.
      #expect(expected.count > 1, "\(column)")
    }
  }

  @Test func `grouping by several columns gives what SQL gives`() throws {
    for columns in Self.several {
      let found = try DropReader(path: path).counts(groupedBy: columns)
      #expect(try found.dictionary == counts(columns), "\(columns)")
    }
  }

  @Test func `a range includes its beginning and not its end`() throws {
    let reader = try DropReader(path: path)
    for (from, until) in [(100, 300), (0, 1), (5, 5), (0, VariedDrops.count), (VariedDrops.count, .max / 2)] {
      let start = threeTenNanoseconds + Int64(from) * 1000
      let end = until == .max / 2 ? .max : threeTenNanoseconds + Int64(until) * 1000
      let found = try reader.counts(groupedBy: [.saddr, .reason], in: start..<end)
      #expect(try found.dictionary == counts([.saddr, .reason], "ts >= \(start) AND ts < \(end)"))
    }
    #expect(try reader.counts(groupedBy: [], in: 5..<5).dictionary.isEmpty)
  }

  @Test func `conditions choose drops as IS does in SQL`() throws {
    let reader = try DropReader(path: path)
    let cases: [([DropCondition], String)] = [
      ([.isOne(.reason, of: [.text("NO_SOCKET")])], "reason IS 'NO_SOCKET'"),
      ([.isOne(.transport, of: [.null, .text("TCP")])], "transport IS NULL OR transport IS 'TCP'"),
      ([.isNone(.transport, of: [.null, .text("TCP")])], "transport IS NOT NULL AND transport IS NOT 'TCP'"),
      (
        [.isNone(.length, of: [.null]), .isOne(.cpu, of: [.integer(1), .integer(2)])],
        "length IS NOT NULL AND cpu IN (1, 2)"
      ),
      ([.isOne(.tcpSequence, of: [.integer(4_294_967_295)])], "tcp_seq = 4294967295"),
      ([.isOne(.comm, of: [])], "false"), ([.isNone(.comm, of: [])], "true"),
    ]
    for (conditions, sql) in cases {
      for columns: [DropColumn] in [[.saddr, .length], [.reason], []] {
        let found = try reader.counts(groupedBy: columns, where: conditions)
        #expect(try found.dictionary == counts(columns, sql), "\(sql)")
      }
    }
  }

  @Test func `the newest are looked at, and it is told whether there are older ones`() throws {
    let reader = try DropReader(path: path)
    let all = Int64(VariedDrops.count)
    for newest in [0, 1, 10, all - 1, all, all + 1, .max] {
      let found = try reader.counts(groupedBy: [.reason, .cpu], newest: newest)
      let sql = """
        SELECT reason, cpu, count(*) FROM (SELECT reason, cpu FROM drops ORDER BY ts DESC LIMIT \(newest))
        GROUP BY 1, 2
        """
      #expect(try found.dictionary == counts(sql))
      #expect(found.hasOlder == (newest < all))
    }
  }

  @Test func `the largest groups are in the order of SQL`() throws {
    for columns: [DropColumn] in [[.length], [.saddr, .sport], [.reason], [.tcpSequence]] {
      let found = try DropReader(path: path).counts(groupedBy: columns)
      let names = columns.map(\.name).joined(separator: ", ")
      let expected = try rows(
        path,
        "SELECT \(names), count(*) FROM drops GROUP BY \(names) ORDER BY count(*) DESC, \(names)"
      )
      for most in [0, 1, 2, 3, 10, 50, Int.max] {
        #expect(
          found.top(most).map { $0.key + [.integer($0.count)] } == Array(expected.prefix(most)), "\(columns)")
      }
    }
  }

  @Test func `large dictionaries are looked up, and read at once when much of them is asked for`() throws {
    let many = folder.file("many.db")
    var writer = try DropWriter(path: many, capture: .sample())
    var batch = DropBatch()
    for index in 0..<6000 {
      var flow = Flow()
      flow.source = IPAddress(v4: UInt32(index / 3))
      flow.sourcePort = UInt16(index % 3)
      batch.events.append(
        DropEvent(time: threeTenNanoseconds + Int64(index), site: DropSite(), flow: flow))
    }
    try writer.write(batch)
    let reader = try DropReader(path: many)
    for events in [1, 100, 800, 2000, 6000] {
      let end = threeTenNanoseconds + Int64(events)
      for columns: [DropColumn] in [[.saddr], [.saddr, .sport], [.saddr, .cpu]] {
        let found = try reader.counts(groupedBy: columns, in: threeTenNanoseconds..<end)
        let names = columns.map(\.name).joined(separator: ", ")
        let sql = "SELECT \(names), count(*) FROM drops WHERE ts < \(end) GROUP BY \(names)"
        #expect(try found.dictionary == counts(sql, in: many))
      }
    }
  }

  @Test func `rows are taken a thousand at a time, none twice and none left out`() throws {
    let many = folder.file("many.db")
    var writer = try DropWriter(path: many, capture: .sample())
    var batch = DropBatch()
    for index in 0..<UInt64(3100) {
      var event = DropEvent(
        time: threeTenNanoseconds + Int64(index), site: DropSite(), cpu: UInt32(index % 7))
      event.tcpSequence = index % 5 == 0 ? nil : UInt32(truncatingIfNeeded: index / 2 &* 2_654_435_761)
      event.length = index % 3 == 0 ? nil : UInt32(index % 2)
      batch.events.append(event)
    }
    try writer.write(batch)
    let reader = try DropReader(path: many)
    for columns: [DropColumn] in [[.tcpSequence], [.length], [.length, .cpu], [.tcpSequence, .length], []] {
      let names = columns.map { $0.name + ", " }.joined()
      let group = columns.isEmpty ? "HAVING count(*) > 0" : "GROUP BY " + names.dropLast(2)
      for newest: Int64 in [1023, 1024, 1025, 2047, 2048, 2049, 3099, 3100, 3101] {
        let found = try reader.counts(groupedBy: columns, newest: newest)
        let expected = try counts(
          "SELECT \(names)count(*) FROM (SELECT * FROM drops ORDER BY ts DESC LIMIT \(newest)) \(group)",
          in: many)
        #expect(found.dictionary == expected)
        #expect(found.groupCount == expected.count)
        #expect(found.hasOlder == (newest < 3100))
        let end = threeTenNanoseconds + newest
        let until = try reader.counts(groupedBy: columns, in: 0..<end).dictionary
        #expect(
          try until == counts("SELECT \(names)count(*) FROM drops WHERE ts < \(end) \(group)", in: many))
      }
    }
  }

  @Test func `the function that takes numbers out of rows is of no use to others`() throws {
    let reader = try DropReader(path: path)
    for sql in [
      "SELECT column_buffer()", "SELECT column_buffer(1)", "SELECT column_buffer(ts, ts) FROM drops",
      "SELECT column_buffer_hashes()", "SELECT table_buffer_hashes(1)",
      "SELECT table_buffer_hashes(-1, 2, 3)",
      "SELECT table_buffer_hashes('x', ts) FROM drops",
      "SELECT table_buffer_hashes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)",
    ] {
      var query = try reader.prepare(sql)
      let error = #expect(throws: StoreError.self) { try query.next() }
      #expect(error?.message.contains("column_buffer() is for dropdb's own statements") == true)
    }
    try change(
      """
      DROP VIEW drops; CREATE VIEW drops AS SELECT column_buffer(1) AS ts;
      DROP VIEW tallies; DROP TABLE tally;
      CREATE VIEW tally AS SELECT 1 AS ts, 60 AS seconds, 1 AS site, 1 AS packets, 1 AS bytes,
        column_buffer(1, 2, 3, 4, 5, 6) AS recorded;
      """)
    let changed = try DropReader(path: path)
    var errors = [#expect(throws: StoreError.self) { _ = try changed.tallies() }]
    errors.append(#expect(throws: StoreError.self) { _ = try changed.prepare("SELECT * FROM drops") })
    for error in errors { #expect(error?.message.contains("unsafe use of column_buffer()") == true) }
  }

  @Test func `tallies add up to what SQL says`() throws {
    let reader = try DropReader(path: path)
    let groupings =
      DropColumn.allCases.filter(\.isCounted).filter { column in
        ![.reasonValue, .symbol, .module, .ifindex, .trapGroup].contains(column)
      }.map { [$0] } + [[.reason, .subsystem], [.interface, .netns, .location], []]
    let minute: Int64 = 60_000_000_000
    for range in [0..<Int64.max, threeTenNanoseconds..<threeTenNanoseconds + minute, 0..<0] {
      let found = try reader.tallies(in: range, groupedBy: groupings)
      let sums = "sum(packets), sum(bytes), sum(recorded)"
      let condition = "ts >= \(range.lowerBound) AND ts < \(range.upperBound)"
      for (columns, groups) in zip(groupings, found.groups) {
        let names = columns.map { $0.name + ", " }.joined()
        let order = columns.isEmpty ? "HAVING count(*) > 0" : "GROUP BY " + names.dropLast(2)
        let expected = try rows(path, "SELECT \(names)\(sums) FROM tallies WHERE \(condition) \(order)")
        #expect(Set(groups.map { $0.key + row($0.value) }) == Set(expected))
        #expect(groups.count == expected.count)
      }
      let buckets = try rows(
        path,
        "SELECT ts, seconds, \(sums) FROM tallies WHERE \(condition) GROUP BY ts, seconds ORDER BY ts, seconds"
      )
      #expect(found.buckets.map { [.integer($0.start), .integer($0.seconds)] + row($0.sums) } == buckets)
      #expect(
        try [row(found.total)]
          == rows(
            path,
            "SELECT ifnull(sum(packets), 0), ifnull(sum(bytes), 0), ifnull(sum(recorded), 0) FROM tallies WHERE \(condition)"
          ))
    }
  }

  @Test func `tallies that lie in a range in part are found, wide ones too`() throws {
    let minute: Int64 = 60_000_000_000
    try change(
      """
      DELETE FROM tally WHERE ts > \(threeTenNanoseconds);
      INSERT INTO tally SELECT DISTINCT (ts - 3600000000000 * 30) / 86400000000000 * 86400000000000, 86400, site, 1, 0, 0
        FROM tally WHERE site % 2;
      INSERT INTO tally SELECT (\(threeTenNanoseconds) - 3600000000000 * 5) / 3600000000000 * 3600000000000, 3600, id, 1, 0, 0
        FROM site;
      INSERT INTO tally SELECT \(threeTenNanoseconds) - 3600000000000 * 5, 60, id, 1, 0, 0 FROM site;
      """)
    let reader = try DropReader(path: path)
    var found = 0
    for hours in [-40, -30, -29, -7, -6, -5, -4, -3, -1, 0, 1] {
      let start = threeTenNanoseconds + Int64(hours) * 60 * minute
      for length in [1, minute, 2 * minute, 60 * minute, 600 * minute, 6000 * minute] {
        for lower in [start, start + 1, start - 1] {
          let upper = lower + length
          let expected = try rows(
            path,
            """
            SELECT min(ts), max(ts + seconds * 1000000000) FROM tallies
            WHERE ts < \(upper) AND ts + seconds * 1000000000 > \(lower)
            """)
          let extent = try reader.tallyExtent(in: lower..<upper)
          found += extent == nil ? 0 : 1
          #expect(
            [extent.map { [.integer($0.lowerBound), .integer($0.upperBound)] } ?? [.null, .null]] == expected)
        }
      }
    }
    #expect(found > 100)
    #expect(try reader.tallyExtent() != nil)
  }

  @Test func `tallies are not counted by what only events know`() throws {
    let reader = try DropReader(path: path)
    let error = #expect(throws: StoreError.self) { try reader.tallies(groupedBy: [[.reason], [.saddr]]) }
    #expect(error?.message == "drops are not counted by saddr")
  }

  @Test(arguments: ["UPDATE tally SET packets = -1", "UPDATE tally SET bytes = 9223372036854775807"])
  func `counts that cannot be are refused`(sql: String) throws {
    try change("PRAGMA ignore_check_constraints = ON; \(sql)")
    let reader = try DropReader(path: path)
    let error = #expect(throws: StoreError.self) { try reader.tallies() }
    #expect(error?.code == .corrupt)
  }

  @Test func `numbers that lead nowhere are NULL, as in the view`() throws {
    try change(
      """
      PRAGMA foreign_keys = OFF;
      UPDATE event SET flow = 9223372036854775807 WHERE time % 7000 = 0;
      UPDATE event SET flow = -1, path = 0 WHERE time % 11000 = 0;
      UPDATE event SET task = -9223372036854775808, length = 0 WHERE time % 5000 = 0;
      UPDATE path SET site = 4611686018427387904 WHERE id = 1;
      UPDATE site SET boot = 77 WHERE id = 2;
      DELETE FROM task WHERE id % 3 = 0;
      UPDATE OR IGNORE task SET pid = NULL WHERE id % 3 = 1;
      UPDATE OR IGNORE task SET cpu = NULL WHERE id % 2 = 1;
      UPDATE site SET reason = reason + 4294967296 WHERE id % 4 = 3;
      """)
    let reader = try DropReader(path: path)
    for column in DropColumn.allCases {
      #expect(try reader.counts(groupedBy: [column]).dictionary == counts([column]), "\(column)")
    }
    for columns in [[DropColumn.saddr, .pid], [.cpu, .reasonValue], [.cpu, .pid, .length]] {
      #expect(try reader.counts(groupedBy: columns).dictionary == counts(columns))
    }
  }

  @Test func `a grouping does not end what is being read`() throws {
    let reader = try DropReader(path: path)
    var query = try reader.prepare("SELECT ts FROM drops ORDER BY ts")
    _ = try query.next()
    #expect(try reader.counts(groupedBy: [.reason]).total == Int64(VariedDrops.count))
    var left = 0
    while try query.next() != nil { left += 1 }
    #expect(left == VariedDrops.count - 1)
  }

  // MARK: -

  private func row(_ sums: TallySums) -> [SQLValue] {
    [.integer(sums.packets), .integer(sums.bytes), .integer(sums.recorded)]
  }

  private func counts(_ columns: [DropColumn], _ condition: String = "true") throws -> [[SQLValue]: Int64] {
    let names = columns.map { $0.name + ", " }.joined()
    let group = columns.isEmpty ? "HAVING count(*) > 0" : "GROUP BY " + names.dropLast(2)
    return try counts("SELECT \(names)count(*) FROM drops WHERE \(condition) \(group)")
  }

  /// The rows of a query by all columns but the last, which counts.
  private func counts(_ sql: String, in file: String? = nil) throws -> [[SQLValue]: Int64] {
    var counts: [[SQLValue]: Int64] = [:]
    for row in try rows(file ?? path, sql) {
      guard case .integer(let count) = row.last else { continue }
      counts[row.dropLast(), default: 0] += count
    }
    return counts
  }

  /// Changes the database as only somebody else would.
  private func change(_ sql: String) throws {
    var connection: OpaquePointer?
    #expect(unsafe sqlite3_open(path, &connection) == SQLITE_OK)
    #expect(unsafe sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK)
    #expect(unsafe sqlite3_close(connection) == SQLITE_OK)
  }
}

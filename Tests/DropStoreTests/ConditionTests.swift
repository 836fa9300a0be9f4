import DropEvents
import DropStore
import Foundation
import Testing

/// Conditions beside SQLite's own `WHERE` over the view.
@Suite struct ConditionTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    try VariedDrops.write(to: path)
  }

  /// Conditions, and what they are in SQL written by hand.
  private static let cases: [(DropCondition, String)] = [
    (.isOne(.reason, of: [.text("NO_SOCKET"), .null]), "reason = 'NO_SOCKET' OR reason IS NULL"),
    (.isNone(.reason, of: [.text("NO_SOCKET")]), "reason IS NOT 'NO_SOCKET'"),
    (.lies(.sport, in: [0...0, 2...65_535]), "sport = 0 OR sport BETWEEN 2 AND 65535"),
    (
      .any([.lies(.sport, in: [1...1]), .lies(.dport, in: [1...60_000])]),
      "sport = 1 OR dport BETWEEN 1 AND 60000"
    ),
    (.matches(.location, [TextPattern("function1*")]), "location GLOB 'function1*'"),
    (.matches(.comm, [TextPattern("?*")]), "comm GLOB '?*'"),
    (
      .belongs(.saddr, to: [AddressNetwork(address: IPAddress(v4: 0), prefixLength: 31)]), "saddr = '0.0.0.1'"
    ),
    (
      .belongs(.daddr, to: [AddressNetwork(address: IPAddress(v6High: 1 << 63, low: 0), prefixLength: 1)]),
      "daddr LIKE '8000:%'"
    ),
    // The protocol is told by the place of a drop, the transport by its flow.
    (
      .any([.isOne(.etherType, of: [.text("0x88b5")]), .isOne(.transport, of: [.text("TCP")])]),
      "protocol IS '0x88b5' OR transport IS 'TCP'"
    ),
    (
      .any([
        .all([.isOne(.cpu, of: [.integer(1)]), .isOne(.transport, of: [.text("UDP")])]),
        .isOne(.context, of: [.text("task")]), .lies(.length, in: [1...100]),
      ]), "cpu = 1 AND transport IS 'UDP' OR context IS 'task' OR length BETWEEN 1 AND 100"
    ),
    (
      DropCondition.all([.isOne(.subsystem, of: [.text("core")]), .isOne(.transport, of: [.text("TCP")])])
        .negated, "NOT (subsystem IS 'core' AND transport IS 'TCP')"
    ),
    (.any([]), "false"), (.all([]), "true"),
  ]

  private static let columns: [[DropColumn]] = [
    [.reason], [], [.saddr, .cpu], [.cpu], [.reason, .interface], [.transport, .comm],
  ]

  @Test func `drops are chosen as by SQL, counted and one by one`() throws {
    let reader = try DropReader(path: path)
    for (condition, sql) in Self.cases { try expect([condition], sql, reader) }
    // All of them together with each other.
    for (first, firstSQL) in Self.cases {
      let (second, secondSQL) = Self.cases[8]
      try expect([first, second], "(\(firstSQL)) AND (\(secondSQL))", reader)
    }
  }

  @Test func `an expression chooses as it does in SQL`() throws {
    let reader = try DropReader(path: path)
    for sql in [
      "reason = 'NO_SOCKET'", "dport = 1 OR saddr IS NULL", "length > 100 -- and nothing else",
      "sport = '1'", "cpu = transport IS NULL",
      "stack IN (SELECT id FROM stacks WHERE frames LIKE '%function1%')",
      "ts % 2 = 0", "time LIKE '%1Z' AND transport = 'TCP'", "\"saddr\" IS NOT NULL AND drops.cpu > 0", "1",
      "NULL",
      "EXISTS (SELECT 1 FROM tallies WHERE tallies.reason = drops.reason)", "comm",
      "DPORT = 1 AND Reason LIKE 'n%'",
    ] {
      let condition = DropCondition.holds(try reader.expression(sql))
      try expect([condition], "(\(sql)\n)", reader)
      try expect([condition.negated], "(\(sql)\n) IS NOT TRUE", reader)
      try expect([condition, .isOne(.cpu, of: [.integer(1)])], "(\(sql)\n) AND cpu = 1", reader)
      try expect(
        [.any([condition, .isOne(.transport, of: [.text("TCP")])])], "(\(sql)\n) OR transport IS 'TCP'",
        reader)
    }
  }

  @Test(arguments: [
    ("dport = ", 8), ("nonsense = 1", 0), ("reason = 'x' AND nope > 1", 17), ("1) OR (1", 1),
    ("1 ORDER BY ts", 2),
    ("", 0), ("-- nothing", 10), ("count(*) > 1", 0), ("1; DROP TABLE event", 3), ("dport = ?", nil),
    ("'open", 0),
  ])
  func `a wrong expression is told by its place in it`(sql: String, place: Int?) throws {
    let reader = try DropReader(path: path)
    let error = #expect(throws: StoreError.self) { try reader.expression(sql) }
    #expect(error?.sql == sql)
    #expect(error?.sqlOffset == place, "\(String(describing: error))")
  }

  @Test func `tallies are chosen by what is counted`() throws {
    let reader = try DropReader(path: path)
    let cases: [(DropCondition, String)] = [
      (.isOne(.reason, of: [.text("NO_SOCKET")]), "reason = 'NO_SOCKET'"),
      (.matches(.interface, [TextPattern("eth?")]), "interface GLOB 'eth?'"),
      (
        .any([.isOne(.host, of: [.text("web1")]), .isOne(.netns, of: [.text("blue")])]),
        "host = 'web1' OR netns = 'blue'"
      ),
      (.holds(try reader.expression("routine OR location LIKE 'f%'")), "routine OR location LIKE 'f%'"),
    ]
    for (condition, sql) in cases {
      #expect(condition.isCounted)
      let found = try reader.tallies(groupedBy: [[.reason]], where: [condition])
      let expected = try rows(
        path,
        "SELECT reason, sum(packets), sum(bytes), sum(recorded) FROM tallies WHERE \(sql) GROUP BY reason")
      let groups = found.groups[0].map { key, sums in
        key + [.integer(sums.packets), .integer(sums.bytes), .integer(sums.recorded)]
      }
      #expect(Set(groups) == Set(expected), "\(sql)")
      #expect(!expected.isEmpty)
      #expect(found.total.packets == found.buckets.reduce(0) { $0 + $1.sums.packets })
    }
    let flow = DropCondition.isOne(.saddr, of: [.null])
    #expect(!flow.isCounted)
    #expect(throws: StoreError.self) { try reader.tallies(where: [flow]) }
    let timed = DropCondition.holds(try reader.expression("ts > 0"))
    #expect(!timed.isCounted && timed.isOfEachEvent)
    #expect(throws: StoreError.self) { try reader.tallies(where: [timed]) }
  }

  @Test func `ranges of time are kept, newest first as well`() throws {
    let reader = try DropReader(path: path)
    let range = threeTenNanoseconds + 100_000..<threeTenNanoseconds + 300_000
    var rows = try reader.drops(
      "ts, reason", in: range, where: [.isOne(.cpu, of: [.integer(1)])], newestFirst: true)
    var found: [[SQLValue]] = []
    while let row = try rows.next() { found.append(row) }
    #expect(rows.columns == ["ts", "reason"])
    let sql = """
      SELECT ts, reason FROM drops WHERE cpu = 1 AND ts >= \(range.lowerBound) AND ts < \(range.upperBound)
      ORDER BY ts DESC
      """
    #expect(try found == DropStoreTests.rows(path, sql))
    #expect(found.count > 5)
  }

  @Test func `patterns match as GLOB does`() throws {
    let letters = ["a", "b", "*", "?", "[", "]", "\\", "é", "^"]
    var generator = SeededGenerator(state: 2026)
    func text(_ length: Int) -> String {
      (0..<length).map { _ in letters[Int(generator.next() % UInt64(letters.count))] }.joined()
    }
    let database = folder.file("drops.db")
    for _ in 0..<400 {
      // Backslashes are no part of GLOB.
      let pattern = text(Int(generator.next() % 6)).replacingOccurrences(of: "\\", with: "a")
      let subject = text(Int(generator.next() % 6))
      let glob = pattern.replacingOccurrences(of: "[", with: "[[]")
      let expected: [[SQLValue]] = try rows(
        database,
        "SELECT '\(subject)' GLOB '\(glob)'")
      #expect(
        [[.integer(TextPattern(pattern).matches(subject) ? 1 : 0)]] == expected, "\(pattern) \(subject)")
    }
    #expect(TextPattern("a\\*b").matches("a*b") && !TextPattern("a\\*b").matches("axb"))
    #expect(TextPattern("a\\*b").onlyMatch == "a*b" && TextPattern("a*b").onlyMatch == nil)
    #expect(TextPattern("a\\").onlyMatch == "a\\")
    // What would take forever if every star were tried at every place.
    let stars = TextPattern(String(repeating: "*a", count: 40) + "b")
    #expect(!stars.matches(String(repeating: "a", count: 4000)))
  }

  // MARK: -

  private func expect(
    _ conditions: [DropCondition], _ sql: String, _ reader: borrowing DropReader
  ) throws {
    for columns in Self.columns {
      let names = columns.map { $0.name + ", " }.joined()
      let group = columns.isEmpty ? "HAVING count(*) > 0" : "GROUP BY " + names.dropLast(2)
      var expected: [[SQLValue]: Int64] = [:]
      for row in try rows(path, "SELECT \(names)count(*) FROM drops WHERE \(sql) \(group)") {
        if case .integer(let count)? = row.last { expected[row.dropLast(), default: 0] += count }
      }
      let found = try reader.counts(groupedBy: columns, where: conditions)
      #expect(found.dictionary == expected, "\(sql) by \(names)")
      #expect(found.groupCount == expected.count, "\(sql) by \(names)")
    }
    let expected = try rows(path, "SELECT ts FROM drops WHERE \(sql) ORDER BY ts")
    var times = try reader.times(where: conditions)
    var found: [[SQLValue]] = []
    while let time = try times.next() { found.append([.integer(time)]) }
    #expect(found == expected, "\(sql)")
    // The same as SQL that is made of the conditions; networks need a function that SQLite does not have.
    let own = DropCondition.all(conditions).sql
    if !own.text.contains("cidr_match") {
      var query = try reader.prepare("SELECT ts FROM drops WHERE \(own.text) ORDER BY ts", own.parameters)
      var rows: [[SQLValue]] = []
      while let row = try query.next() { rows.append(row) }
      #expect(rows == expected, "\(own.text)")
    }
  }
}

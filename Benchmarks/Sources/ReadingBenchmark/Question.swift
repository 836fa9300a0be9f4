import DropStore

/// Something that is asked of a database in several ways.
struct Question {
  let title: String
  /// What it may take, in milliseconds, on the machine that the limit was stated for.
  let limit: Double?
  /// SQL over the public views, whose last column is a count that is compared; or rows whose number is.
  let sql: String
  /// The same over DuckDB's copies of the tables.
  let duckSQL: String?
  /// The number of rows, and the sum of their last column where that is a count.
  let answer: (borrowing DropReader) throws -> Answer

  struct Answer: Equatable {
    var rows: Int
    var sum: Int64?
  }
}

extension Question {
  private static let names = """
    event JOIN path ON path.id = event.path JOIN site ON site.id = path.site JOIN boot ON boot.id = site.boot
    """

  /// The events of a day, of which ten minutes in the middle are asked for as well.
  static func all(from start: Int64, until end: Int64) -> [Question] {
    let middle = (start + (end - start) / 2) / 60_000_000_000 * 60_000_000_000
    let window = middle..<middle + 600_000_000_000
    let flow: [DropColumn] = [.transport, .saddr, .sport, .daddr, .dport]
    var questions = [
      tallies(
        "totals by reason", .reason, duck: "reason.name",
        "LEFT JOIN reason ON reason.kernel = boot.kernel AND reason.value = site.reason"),
      tallies(
        "totals by location", .location, duck: "location.location",
        "LEFT JOIN location ON location.id = site.location"),
      tallies(
        "totals by interface", .interface, duck: "interface.name",
        "LEFT JOIN interface ON interface.id = site.interface"),
      Question(
        title: "histogram", limit: 50, sql: "SELECT ts, sum(packets) FROM tallies GROUP BY ts",
        duckSQL: "SELECT ts, sum(packets) FROM tally GROUP BY ts"
      ) { reader in
        let buckets = try reader.tallies().buckets
        return Answer(rows: buckets.count, sum: buckets.reduce(0) { $0 + $1.sums.packets })
      },
      Question(
        title: "last 100 events, all columns", limit: 5,
        sql: "SELECT * FROM (SELECT * FROM drops ORDER BY ts DESC LIMIT 100) ORDER BY ts",
        duckSQL: "SELECT * FROM event ORDER BY time DESC LIMIT 100"
      ) { reader in
        var query = try reader.prepare(
          "SELECT * FROM (SELECT * FROM drops ORDER BY ts DESC LIMIT 100) ORDER BY ts")
        var rows = 0
        while try query.next() != nil { rows += 1 }
        return Answer(rows: rows, sum: nil)
      },
      events(
        "ten minutes by flow", limit: 300, flow, window,
        duck: "transport, saddr, sport, daddr, dport", "event JOIN flow ON flow.id = event.flow"),
      events(
        "all events by flow", limit: 1500, flow, nil,
        duck: "transport, saddr, sport, daddr, dport", "event JOIN flow ON flow.id = event.flow"),
      events(
        "all events by reason and process", limit: nil, [.reason, .comm], nil, duck: "reason.name, comm",
        names + " LEFT JOIN reason ON reason.kernel = boot.kernel AND reason.value = site.reason "
          + "JOIN task ON task.id = event.task"),
    ]
    let beside: [DropColumn: (String, String)] = [
      .reason: (
        "reason.name",
        names + " LEFT JOIN reason ON reason.kernel = boot.kernel AND reason.value = site.reason"
      ),
      .interface: ("interface.name", names + " LEFT JOIN interface ON interface.id = site.interface"),
      .saddr: ("saddr", "event JOIN flow ON flow.id = event.flow"),
      .comm: ("comm", "event JOIN task ON task.id = event.task"),
      .stack: ("path.stack", "event JOIN path ON path.id = event.path"),
      .length: ("length", "event"), .tcpSequence: ("tcp_seq", "event"),
    ]
    for column in DropColumn.allCases {
      let (duck, tables) = beside[column] ?? ("", "")
      questions.append(
        events("all events by \(column.name)", limit: 1500, [column], nil, duck: duck, tables))
    }
    return questions
  }

  private static func tallies(_ title: String, _ column: DropColumn, duck: String, _ join: String) -> Question
  {
    Question(
      title: title, limit: 50, sql: "SELECT \(column.name), sum(packets) FROM tallies GROUP BY 1",
      duckSQL: """
        SELECT \(duck), sum(packets) FROM tally JOIN site ON site.id = tally.site JOIN boot ON boot.id = site.boot
        \(join) GROUP BY 1
        """
    ) { reader in
      let groups = try reader.tallies(groupedBy: [[column]]).groups[0]
      return Answer(rows: groups.count, sum: groups.values.reduce(0) { $0 + $1.packets })
    }
  }

  private static func events(
    _ title: String, limit: Double?, _ columns: [DropColumn], _ range: Range<Int64>?, duck: String,
    _ tables: String
  ) -> Question {
    let names = columns.map(\.name).joined(separator: ", ")
    let condition = range.map { "WHERE ts >= \($0.lowerBound) AND ts < \($0.upperBound)" } ?? ""
    let duckCondition =
      range.map { "WHERE event.time >= \($0.lowerBound) AND event.time < \($0.upperBound)" } ?? ""
    return Question(
      title: title, limit: limit, sql: "SELECT \(names), count(*) FROM drops \(condition) GROUP BY \(names)",
      duckSQL: duck.isEmpty
        ? nil : "SELECT \(duck), count(*) FROM \(tables) \(duckCondition) GROUP BY \(duck)"
    ) { reader in
      let counts = try reader.counts(groupedBy: columns, in: range ?? 0..<Int64.max)
      // What a ranking asks for: without it, no name would be made.
      _ = counts.top(10)
      return Answer(rows: counts.groupCount, sum: counts.total)
    }
  }
}

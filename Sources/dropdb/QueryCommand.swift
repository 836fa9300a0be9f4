import ArgumentParser
import DropReport
import DropStore

/// `dropdb query`: the latest drops, or the rows of a statement.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Shows the latest drops, or what a statement in SQL selects.",
    discussion: """
      Without SQL: the latest recorded drops, the newest last. SQL is one statement of SQLite that only reads, over the views and \
      with the functions that 'dropdb schema' tells; the column ts is nanoseconds since the epoch. A range of time is then part of \
      the SQL. A file (-f) may have several statements: it is checked as a whole, then they are answered in turn, with an empty \
      line between them; json has one array for each, jsonl nothing between.

      \(StatementOptions.forms)

      \(RangeOptions.forms)

      For programs, text that a spreadsheet would take for a formula (beginning with =, +, -, @) has an apostrophe before it \
      in csv and tsv. Bytes are written as hexadecimal digits.

      Examples:
        dropdb query --since -10min --limit 100
        dropdb query --since yesterday --until today --limit 0 --format csv
        dropdb query "SELECT reason, sum(packets) FROM tallies GROUP BY reason"
        dropdb query "SELECT * FROM drops WHERE dport = :port" -p port=53 --format jsonl
        dropdb query "SELECT reason, count(*) FROM drops WHERE cidr_match(saddr, '10.0.0.0/8') GROUP BY 1" --timeout 30s
        dropdb query "SELECT time_bucket('5m', ts), count(*) FROM drops WHERE ts >= parse_time('-2h') GROUP BY 1"
        dropdb query -f questions.sql --format csv
      """)

  private static let standardLimit: Int64 = 20

  @Argument(help: ArgumentHelp("One statement that reads.", valueName: "sql"))
  var sql: String?

  @OptionGroup var database: DatabaseOption
  @OptionGroup var range: RangeOptions

  @Option(
    help: ArgumentHelp(
      "How many of the latest drops, 0 for all (default: \(standardLimit)).", valueName: "count"))
  var limit: Int64?

  @OptionGroup var statement: StatementOptions
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var output: FormatOption

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a count, or 0 for all.") }
    if sql != nil, statement.file != nil {
      throw ValidationError("SQL is given twice: by -f and as an argument.")
    }
    guard sql != nil || statement.file != nil else {
      if !statement.parameters.isEmpty { throw ValidationError("-p is for SQL, and none is given.") }
      return
    }
    if range.since != nil || range.until != nil {
      throw ValidationError(
        "--since and --until are for the latest drops; in SQL, compare ts (nanoseconds since the epoch): "
          + "WHERE ts >= 1795000000000000000.")
    }
    if limit != nil { throw ValidationError("--limit is for the latest drops; in SQL, write LIMIT.") }
  }

  func run() throws {
    if let sql {
      try run(StatementQuery(script: sql, parameters: parameters))
    } else if let file = statement.file {
      let script = try StatementFile.read(file)
      try run(StatementQuery(script: script, isFile: true, parameters: parameters))
    } else {
      try runLatest()
    }
  }

  private var parameters: StatementParameters { StatementParameters(statement.parameters) }

  private func run(_ query: StatementQuery) throws {
    let reader = try database.reader()
    var answer = QueryAnswer(reader.interrupter, output.format, runOptions)
    try answer.run { answer in try query.run(reader, &answer) }
  }

  private func runLatest() throws {
    let range = try range.range(now: Clock.now)
    let reader = try database.reader()
    let latest = LatestDrops(
      range: range, limit: limit ?? Self.standardLimit, isForPeople: output.format == .table)
    var query = try reader.prepare(latest.sql, latest.parameters)
    var answer = QueryAnswer(reader.interrupter, output.format, runOptions)
    let extent = latest.limit == 0 ? try latest.extent(reader) : nil
    var oldest: Int64?
    try answer.run { answer in
      let shown = answer
      try answer.write(query.columns) {
        guard let row = try query.next() else { return nil }
        if oldest == nil { oldest = latest.time(row) }
        if let extent, let time = latest.time(row) { shown.note(time, in: extent) }
        return latest.cells(row)
      }
    }
    if let oldest {
      var older = try reader.prepare(latest.olderSQL, latest.olderParameters(than: oldest))
      if try older.next() != nil {
        StandardError.write("dropdb: there are older drops in this range; --limit shows more, --limit 0 all")
      }
    } else {
      StandardError.write(
        "dropdb: no drop is recorded in this range; 'dropdb report' tells whether a capture ran")
    }
  }
}

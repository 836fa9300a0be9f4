import ArgumentParser
import DropReport
import DropStore

/// `dropdb query`: the latest drops, or the rows of a statement.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Shows the latest drops, or what a statement in SQL selects.",
    discussion: """
      Without SQL: the latest recorded drops, the newest last. SQL is one statement of SQLite that only reads, over the views \
      drops, tallies, packets, stacks, reasons, captures and losses; the column ts of each is nanoseconds since the epoch. A range of \
      time is then part of the SQL.

      \(RangeOptions.forms)

      For programs, text that a spreadsheet would take for a formula (beginning with =, +, -, @) has an apostrophe before it \
      in csv and tsv. Bytes are written as hexadecimal digits.

      Examples:
        dropdb query --since -10min --limit 100
        dropdb query --since yesterday --until today --limit 0 --format csv
        dropdb query "SELECT reason, sum(packets) FROM tallies GROUP BY reason"
        dropdb query "SELECT * FROM drops WHERE dport = 53" --format jsonl
      """)

  private static let standardLimit: Int64 = 20

  @Argument(help: ArgumentHelp("One statement that reads.", valueName: "sql"))
  var sql: String?

  @OptionGroup var database: DatabaseOption
  @OptionGroup var range: RangeOptions
  @OptionGroup(title: "Which drops") var selection: SelectionOptions

  @Option(
    help: ArgumentHelp(
      "How many of the latest drops, 0 for all (default: \(standardLimit)).", valueName: "count"))
  var limit: Int64?

  @OptionGroup var output: FormatOption

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a count, or 0 for all.") }
    guard sql != nil else { return }
    if !range.isEmpty {
      throw ValidationError(
        "--since, --until and --around are for the latest drops; in SQL, compare ts (nanoseconds since the epoch): "
          + "WHERE ts >= 1795000000000000000.")
    }
    if !selection.isEmpty {
      throw ValidationError(
        "options that choose drops are not for SQL; there, write WHERE, as in WHERE reason = 'NO_SOCKET'.")
    }
    if limit != nil { throw ValidationError("--limit is for the latest drops; in SQL, write LIMIT.") }
  }

  func run() throws {
    if let sql {
      try run(sql)
    } else {
      try runLatest()
    }
  }

  private func run(_ sql: String) throws {
    let reader = try database.reader()
    var query = try reader.prepare(sql)
    var rows = RowOutput(output.format)
    try rows.write(query.columns) { try query.next()?.map { Cell($0) } }
  }

  private func runLatest() throws {
    let range = try range.range(now: Clock.now)
    let reader = try database.reader()
    let isForPeople = output.format == .table
    let latest = LatestDrops(
      range: range, selection: try selection.selection(in: reader), limit: limit ?? Self.standardLimit)
    let (span, hasOlder) = try latest.span(reader)
    let list = isForPeople ? LatestDrops.listForPeople : "*"
    var drops = try reader.drops("ts, " + list, in: span, where: latest.selection.conditions)
    var rows = RowOutput(output.format)
    var isEmpty = true
    try rows.write(Array(drops.columns.dropFirst())) {
      guard let row = try drops.next() else { return nil }
      isEmpty = false
      var cells = row.dropFirst().map { Cell($0) }
      if isForPeople, case .integer(let time) = row[0] { cells[0] = .text(TimeFormatter.local(time)) }
      return cells
    }
    if hasOlder {
      StandardError.write("dropdb: there are older drops in this range; --limit shows more, --limit 0 all")
    } else if isEmpty {
      StandardError.write(
        selection.isEmpty
          ? "dropdb: no drop is recorded in this range; 'dropdb report' tells whether a capture ran"
          : "dropdb: no such drop is recorded in this range")
    }
  }
}

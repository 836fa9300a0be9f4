import ArgumentParser
import DropReport
import DropStore

/// `dropdb query`: the latest drops, how many there were of what, or the rows of a statement.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Shows the latest drops, counts drops, or what a statement in SQL selects.",
    discussion: """
      Without SQL: the latest recorded drops, the newest last. \(SelectionOptions.help)

      With --group-by or --every, drops are counted: every drop, exactly, where all that is asked for is what the kernel counts by \
      (\(Self.countedColumns)); else those that were recorded. Which of them is said, and --explain-plan tells why. Counts are of \
      whole minutes.

      \(RangeOptions.forms)

      SQL is one statement of SQLite that only reads, over the views and with the functions that 'dropdb schema' tells; the \
      column ts is nanoseconds since the epoch. A range of time is then part of the SQL. A file (-f) may have several \
      statements: it is checked as a whole, then they are answered in turn, with an empty line between them; json has one \
      array for each, jsonl nothing between. \(StatementOptions.forms)

      For programs, text that a spreadsheet would take for a formula (beginning with =, +, -, @) has an apostrophe before it \
      in csv and tsv. Bytes are written as hexadecimal digits.

      Examples:
        dropdb query --since -10min --limit 100
        dropdb query --reason NETFILTER_DROP --order time --limit 1
        dropdb query --around "03:10 ±5m" --reason NO_SOCKET --net 10.0.0.0/8
        dropdb query --where "length > 1500" --columns time,length --order length:desc
        dropdb query --since today --group-by reason,interface --top 10
        dropdb query --since -1h --every 1m
        dropdb query --since yesterday --until today --limit 0 --format csv
        dropdb query "SELECT reason, sum(packets) FROM tallies GROUP BY reason"
        dropdb query "SELECT * FROM drops WHERE dport = :port" -p port=53
        dropdb query "SELECT * FROM drops WHERE cidr_match(saddr, '10.0.0.0/8')"
        dropdb query "SELECT time_bucket('5m', ts), count(*) FROM drops GROUP BY 1"
        dropdb query "SELECT * FROM drops WHERE ts >= parse_time('-2h')"
        dropdb query -f questions.sql --timeout 30s --format csv
      """)

  private static let standardLimit: Int64 = 20
  private static let countedColumns = DropColumn.allCases.filter(\.isCounted).map(\.name).joined(
    separator: ", ")

  // Without any completion at all, zsh would put in no option either: it has a message for the argument then.
  @Argument(help: ArgumentHelp("One statement that reads.", valueName: "sql"), completion: .list([]))
  var sql: String?

  @OptionGroup var database: DatabaseOption
  @OptionGroup var range: RangeOptions
  @OptionGroup(title: "Which drops") var selection: SelectionOptions

  @Option(
    name: .customLong("columns"),
    help: ArgumentHelp("Which columns of drops are shown: time,reason,saddr.", valueName: "names"),
    completion: ValueCompletion.columns)
  var columns: [String] = []

  @Option(
    name: .customLong("group-by"),
    help: ArgumentHelp(
      "Count drops by these columns, with each one's share and when the first and last were seen.",
      valueName: "names"), completion: ValueCompletion.groups)
  var groups: [String] = []

  @Option(
    help: ArgumentHelp(
      "Count drops by intervals of time: 1m, 10s, 1h. Where nobody captured there is no number.",
      valueName: "length"))
  var every: String?

  @Option(help: ArgumentHelp("Only the largest groups, so many.", valueName: "count"))
  var top: Int?

  @Option(
    name: .customLong("order"),
    help: ArgumentHelp(
      "By which columns rows are in order, each with :desc for the largest first.", valueName: "names"),
    completion: ValueCompletion.orders)
  var orders: [String] = []

  @Option(
    help: ArgumentHelp(
      "How many of the latest drops, of those nearest to the time of --around, the first ones where --order is given, or of the groups; 0 for all (default: \(standardLimit), all of --every and --top).",
      valueName: "count"))
  var limit: Int64?

  @Flag(name: .customLong("explain-plan"), help: "Tell how it would be answered, and why so.")
  var explainsPlan = false

  @OptionGroup var statement: StatementOptions
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var output: FormatOption

  private var isCounting: Bool { !groups.isEmpty || every != nil }
  private var isForPeople: Bool { output.format == .table }

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a count, or 0 for all.") }
    if let top, top < 1 { throw ValidationError("--top takes a count above 0.") }
    if sql != nil, statement.file != nil {
      throw ValidationError("SQL is given twice: by -f and as an argument.")
    }
    if sql != nil || statement.file != nil {
      try validateSQL()
    } else if !statement.parameters.isEmpty {
      throw ValidationError("-p is for SQL, and none is given.")
    }
    if top != nil, groups.isEmpty { throw ValidationError("--top is for groups; name them with --group-by.") }
    if isCounting, !columns.isEmpty {
      throw ValidationError(
        "--columns is for single drops; where they are counted, --group-by names the columns.")
    }
    _ = try shownColumns()
    _ = try rowOrders(try grouping(.all, .unlimited))
  }

  private func validateSQL() throws {
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
    if isCounting || top != nil || !columns.isEmpty || !orders.isEmpty || explainsPlan {
      throw ValidationError(
        "--columns, --group-by, --every, --top, --order and --explain-plan are not for SQL; there, write SELECT, GROUP BY, "
          + "ORDER BY, LIMIT and EXPLAIN QUERY PLAN.")
    }
  }

  private func shownColumns() throws -> [String] {
    try CommaList.values(columns, of: "--columns").map {
      try ColumnName.known($0, of: "--columns", among: ListedDrops.allColumns)
    }
  }

  private func grouping(_ selection: DropSelection, _ range: TimeRange) throws -> DropGrouping {
    var columns: [DropColumn] = []
    for name in try CommaList.values(groups, of: "--group-by") {
      let name = try ColumnName.known(name, of: "--group-by", among: DropColumn.allCases.map(\.name))
      if let column = DropColumn(rawValue: name), !columns.contains(column) { columns.append(column) }
    }
    var interval: Int64?
    if let every {
      guard let length = DurationParser.nanoseconds(every) else {
        throw ValidationError("--every '\(every)' is no length of time; write 1m, 10s or 1h")
      }
      interval = length
    }
    return DropGrouping(by: columns, every: interval, of: selection, in: range)
  }

  private func rowOrders(_ grouping: DropGrouping) throws -> [RowOrder] {
    try RowOrder.orders(
      orders,
      among: isCounting
        ? GroupedAnswer.columns(grouping, isForPeople: true) : ListedDrops.allColumns)
  }

  func run() throws {
    if let sql {
      try run(StatementQuery(script: sql, parameters: parameters))
    } else if let file = statement.file {
      let script = try StatementFile.read(file)
      try run(StatementQuery(script: script, isFile: true, parameters: parameters))
    } else {
      let range = try range.range(now: Clock.now)
      let reader = try database.reader()
      let selection = try selection.selection(in: reader)
      let grouping = try grouping(selection, range)
      if explainsPlan {
        try explain(reader, grouping)
      } else if isCounting {
        try count(reader, grouping)
      } else {
        try list(reader, grouping)
      }
    }
  }

  private var parameters: StatementParameters { StatementParameters(statement.parameters) }

  private func run(_ query: StatementQuery) throws {
    let reader = try database.reader()
    var answer = QueryAnswer(reader.interrupter, output.format, runOptions)
    try answer.run { answer in try query.run(reader, &answer) }
  }

  private func list(_ reader: borrowing DropReader, _ question: DropGrouping) throws {
    let latest = LatestDrops(
      range: question.range, selection: question.selection, limit: limit ?? Self.standardLimit)
    let drops = ListedDrops(
      latest: latest, columns: try shownColumns(), order: try rowOrders(question), isForPeople: isForPeople)
    var answer = QueryAnswer(reader.interrupter, output.format, runOptions)
    var isEmpty = false
    var hasMore = false
    try answer.run { answer in (isEmpty, hasMore) = try drops.write(reader, &answer) }
    if hasMore {
      let isByTime = drops.order.allSatisfy { $0.column == "time" }
      let isLatest = isByTime && question.range.middle == nil
      let others = drops.isEarliest ? "later" : isLatest ? "older" : "more"
      StandardError.write(
        "dropdb: there are \(others) drops in this range; --limit shows more, --limit 0 all")
    } else if isEmpty {
      selection.sayNothingFound()
    }
  }

  private func count(_ reader: borrowing DropReader, _ grouping: DropGrouping) throws {
    let plan = try grouping.plan(reader)
    let isAll = every != nil || top != nil
    let captured =
      GroupedAnswer.isSeriesAlone(grouping)
      ? try CapturedTime(reader, now: Clock.now, isRunning: ProcessCheck().isRunning) : nil
    let answer = GroupedAnswer(
      grouping: grouping, plan: plan, order: try rowOrders(grouping), top: top,
      limit: limit ?? (isAll ? 0 : Self.standardLimit), isForPeople: isForPeople, captured: captured)
    var watched = QueryAnswer(reader.interrupter, output.format, runOptions)
    var total: Int64 = 0
    var isEmpty = true
    var (count, groups, unwatched) = (0, 0, 0)
    try watched.run { output in
      let series = try grouping.answer(reader, plan, largest: answer.largest)
      total = series.total
      isEmpty = series.entries.isEmpty
      (count, groups, unwatched) = try answer.write(series, &output)
    }
    if isForPeople || plan.isWidened { StandardError.write("dropdb: " + plan.sentence(of: total)) }
    if plan.basis == .counted, let interval = grouping.every, plan.coarsest > interval / 1_000_000_000 {
      StandardError.write(
        "dropdb: old counts are of up to \(plan.coarsest) seconds each, and belong to the interval in which they begin"
      )
    }
    if unwatched > 0, isForPeople {
      StandardError.write(
        "dropdb: in \(unwatched) of \(count) intervals nobody captured: they have no number")
    }
    if isEmpty { return selection.sayNothingFound() }
    if answer.limit > 0, count > answer.limit {
      StandardError.write("dropdb: there are \(Int64(count) - answer.limit) more; --limit 0 shows all")
    } else if let top, groups > top {
      StandardError.write("dropdb: there are \(groups - top) smaller groups")
    }
  }

  private func explain(_ reader: borrowing DropReader, _ question: DropGrouping) throws {
    var rows = RowOutput(output.format)
    var lines: [(String, Cell)] = []
    if isCounting {
      let plan = try question.plan(reader)
      lines = [
        ("from", .text(plan.basis == .counted ? "tallies: every drop, exactly" : "recorded drops")),
        ("basis", .text(plan.basis.rawValue)), ("why", .text(plan.reason)),
        ("rows read, about", .integer(plan.rows)),
        ("drops counted", .integer(plan.counted.packets)),
        ("of them recorded", .integer(plan.counted.recorded)),
      ]
    } else {
      let plan = try question.plan(reader)
      let stops = limit != 0 && orders.isEmpty
      lines = [
        ("from", .text("recorded drops")), ("basis", .text("recorded")),
        ("why", .text("single drops are asked for")),
        ("rows read, at most", .integer(plan.counted.recorded)),
        (
          "order",
          .text(
            !stops
              ? "all of the range"
              : question.range.middle == nil
                ? "the newest first, until there are enough" : "the nearest first, until there are enough")
        ),
      ]
    }
    var next = lines.makeIterator()
    try rows.write(["step", "answer"]) { next.next().map { [.text($0.0), $0.1] } }
  }
}

extension DropGrouping.Plan {
  /// What the counts are of, for people.
  fileprivate func sentence(of total: Int64) -> String {
    switch basis {
    case .counted where isWidened:
      let (first, last) = (range.lowerBound, range.upperBound)
      return "counted: all \(total) drops from \(TimeFormatter.local(first, precision: .seconds)) to "
        + "\(TimeFormatter.local(last, precision: .seconds)); the range is widened, as drops are counted by whole minutes"
    case .counted: return "counted: all \(total) drops"
    case .recorded:
      return
        "recorded: \(total) drops, as \(reason); of \(counted.packets) that were counted in the minutes of this range, "
        + "\(counted.recorded) were recorded"
    }
  }
}

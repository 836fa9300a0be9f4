import ArgumentParser
import DropReport
import DropStore

/// `dropdb flows`: who lost packets, by count.
struct FlowsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flows",
    abstract: "Shows the flows that lost packets, by count, with when they were first and last seen.",
    discussion: """
      Flows are known of recorded drops only; 'dropdb report' tells how many those are.

      \(SelectionOptions.help)

      \(RangeOptions.forms)

      Examples:
        dropdb flows --since -1h
        dropdb flows --reason NO_SOCKET --net 10.0.0.0/8
        dropdb flows --since yesterday --limit 100 --format csv > flows.csv
      """)

  @OptionGroup var database: DatabaseOption
  @OptionGroup var range: RangeOptions
  @OptionGroup(title: "Which drops") var selection: SelectionOptions

  @Option(help: ArgumentHelp("How many flows, the most frequent; 0 for all.", valueName: "count"))
  var limit = 20

  @OptionGroup var runOptions: RunOptions
  @OptionGroup var output: FormatOption

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit takes a count, or 0 for all.") }
  }

  func run() throws {
    let limit = limit == 0 ? Int.max : limit
    let range = try range.range(now: Clock.now)
    let reader = try database.reader()
    let selected = try selection.selection(in: reader)
    let isForPeople = output.format == .table || output.format == .markdown
    func time(_ time: Int64) -> Cell {
      .text(isForPeople ? TimeFormatter.local(time, precision: .seconds) : TimeFormatter.utc(time))
    }
    var answer = QueryAnswer(
      whole: [reader.interrupter], output.format, isForPeople: output.format == .table, runOptions)
    var more = 0
    var unknown: Int64 = 0
    var isEmpty = false
    try answer.run { answer in
      // People are told of drops without a flow in words, so there may be one row less.
      let flows = try RecordedFlows(
        reading: reader, in: range, of: selected, limit: isForPeople && limit < .max ? limit + 1 : limit)
      isEmpty = flows.top.isEmpty
      let known = flows.top.filter { !isForPeople || $0.isKnown }
      unknown = isForPeople ? flows.top.first { !$0.isKnown }?.packets ?? 0 : 0
      var rest = known.prefix(limit)
      more = flows.distinct - rest.count - (unknown > 0 ? 1 : 0)
      try answer.write(["packets"] + RecordedFlows.columns.map(\.name) + ["first", "last"]) {
        rest.popFirst().map { flow in
          [.integer(flow.packets)] + flow.key.map { Cell($0) } + [time(flow.first), time(flow.last)]
        }
      }
    }
    if isEmpty { selection.sayNothingFound() }
    if unknown > 0 {
      StandardError.write(
        "dropdb: \(unknown) more packets have no addresses, such as those between UNIX sockets")
    }
    if more > 0, isForPeople { StandardError.write("dropdb: \(more) more flows; --limit shows more") }
  }
}

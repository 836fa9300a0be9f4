import ArgumentParser
import DropReport
import DropStore

/// `dropdb stacks`: the calls that led to drops, by count.
struct StacksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stacks",
    abstract: "Shows the kernel's stacks that led to drops, by count, or as a flame graph.",
    discussion: """
      Stacks are known of recorded drops only. A table has the innermost frame first. --folded writes one line a stack, the \
      outermost function first, for flame-graph tools; --svg a finished picture for a browser.

      \(SelectionOptions.help)

      \(RangeOptions.forms)

      Examples:
        dropdb stacks --since -1h
        dropdb stacks --reason NO_SOCKET --dport 53
        dropdb stacks --limit 3 --format json
        dropdb stacks --folded | flamegraph.pl > drops.svg
        dropdb stacks --since yesterday --svg > drops.svg
      """)

  @OptionGroup var database: DatabaseOption
  @OptionGroup var range: RangeOptions
  @OptionGroup(title: "Which drops") var selection: SelectionOptions

  @Option(
    help: ArgumentHelp(
      "How many stacks, the most frequent; 0 for all (default: 10 as rows, else all).", valueName: "count"))
  var limit: Int?

  @Flag(help: "Write folded stacks.")
  var folded = false

  @Flag(help: "Write a flame graph in SVG.")
  var svg = false

  @OptionGroup var runOptions: RunOptions
  @OptionGroup var output: FormatOption

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a count, or 0 for all.") }
    guard !(folded && svg) else { throw ValidationError("Give --folded or --svg, not both.") }
    guard output.format == .table || !(folded || svg) else {
      throw ValidationError("--folded and --svg are formats of their own; leave out --format.")
    }
  }

  func run() throws {
    let isGraph = folded || svg
    let isText = isGraph || output.format == .table
    let range = try range.range(now: Clock.now)
    let reader = try database.reader()
    let selected = try selection.selection(in: reader)
    var answer = QueryAnswer(
      whole: [reader.interrupter], output.format, isForPeople: isText && !isGraph, runOptions)
    var more = 0
    try answer.run { answer in
      let stacks = try RecordedStacks(
        reading: reader, in: range, of: selected,
        limit: limit.map { $0 == 0 ? .max : $0 } ?? (isGraph ? nil : 10))
      guard isText else {
        var rest = stacks.top[...]
        return try answer.write(RecordedStacks.columns) { rest.popFirst().map(stacks.cells) }
      }
      guard !stacks.top.isEmpty else {
        let which = selection.isEmpty ? "no recorded drop" : "no such recorded drop"
        throw CommandFailure("\(which) of this range has a stack")
      }
      let graph = FlameGraph(stacks.top)
      try answer.write(folded ? graph.folded : svg ? graph.document : stacks.text(style: Terminal.style))
      more = stacks.distinct - stacks.top.count
    }
    if more > 0 { StandardError.write("dropdb: \(more) more stacks; --limit shows more") }
  }
}

import ArgumentParser
import DropReport

/// `dropdb stacks`: the calls that led to drops, by count.
struct StacksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stacks",
    abstract: "Shows the kernel's stacks that led to drops, by count, or as a flame graph.",
    discussion: """
      Stacks are known of recorded drops only. A table has the innermost frame first. --folded writes one line a stack, the \
      outermost function first, for flame-graph tools; --svg a finished picture for a browser.

      \(RangeOptions.forms)

      Examples:
        dropdb stacks --since -1h
        dropdb stacks --limit 3 --format json
        dropdb stacks --folded | flamegraph.pl > drops.svg
        dropdb stacks --since yesterday --svg > drops.svg
      """)

  @OptionGroup var database: DatabaseOption
  @OptionGroup var range: RangeOptions

  @Option(
    help: ArgumentHelp(
      "How many stacks, the most frequent (default: 10 as rows, else all).", valueName: "count"))
  var limit: Int?

  @Flag(help: "Write folded stacks.")
  var folded = false

  @Flag(help: "Write a flame graph in SVG.")
  var svg = false

  @OptionGroup var output: FormatOption

  func validate() throws {
    if let limit, limit <= 0 { throw ValidationError("--limit takes a count above 0.") }
    guard !(folded && svg) else { throw ValidationError("Give --folded or --svg, not both.") }
    guard output.format == .table || !(folded || svg) else {
      throw ValidationError("--folded and --svg are formats of their own; leave out --format.")
    }
  }

  func run() throws {
    let isGraph = folded || svg
    let stacks = try RecordedStacks(
      reading: database.reader(), in: range.range(now: Clock.now), limit: limit ?? (isGraph ? nil : 10))
    if stacks.top.isEmpty, isGraph || output.format == .table {
      throw CommandFailure("no recorded drop of this range has a stack")
    }
    guard isGraph || output.format == .table else {
      var rest = stacks.top[...]
      var rows = RowOutput(output.format)
      try rows.write(RecordedStacks.columns) { rest.popFirst().map(stacks.cells) }
      return
    }
    var standardOutput = StandardOutput()
    let graph = FlameGraph(stacks.top)
    try standardOutput.write(
      folded ? graph.folded : svg ? graph.document : stacks.text(style: Terminal.style))
    try standardOutput.flush()
    if stacks.top.count < stacks.distinct {
      StandardError.write("dropdb: \(stacks.distinct - stacks.top.count) more stacks; --limit shows more")
    }
  }
}

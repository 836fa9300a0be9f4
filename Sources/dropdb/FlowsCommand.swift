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

      \(RangeOptions.forms)

      Examples:
        dropdb flows --since -1h
        dropdb flows --since yesterday --limit 100 --format csv > flows.csv
      """)

  private static let columns: [DropColumn] = [.transport, .saddr, .sport, .daddr, .dport]

  @OptionGroup var database: DatabaseOption
  @OptionGroup var range: RangeOptions

  @Option(help: ArgumentHelp("How many flows, the most frequent.", valueName: "count"))
  var limit = 20

  @OptionGroup var output: FormatOption

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit takes a count above 0.") }
  }

  func run() throws {
    let range = try range.range(now: Clock.now)
    let since = max(0, range.since ?? 0)
    let flows = try database.reader().series(
      groupedBy: Self.columns, in: since..<max(since, range.until ?? .max))
    let isForPeople = output.format == .table || output.format == .markdown
    func time(_ time: Int64) -> Cell {
      .text(isForPeople ? TimeFormatter.local(time, precision: .seconds) : TimeFormatter.utc(time))
    }
    // All of time is one interval, so each flow has one entry.
    let entries = flows.entries.reduce(into: [:]) { $0[$1.group] = $1 }
    var rest = flows.largest(limit)[...]
    let shown = rest.count
    var rows = RowOutput(output.format)
    try rows.write(["packets"] + Self.columns.map(\.name) + ["first", "last"]) {
      rest.popFirst().flatMap { flow in
        entries[flow.group].map {
          [.integer($0.packets)] + flow.key.map { Cell($0) } + [time($0.first), time($0.last)]
        }
      }
    }
    if shown < flows.entries.count, isForPeople {
      StandardError.write("dropdb: \(flows.entries.count - shown) more flows; --limit shows more")
    }
  }
}

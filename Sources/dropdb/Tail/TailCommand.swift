import ArgumentParser
import DropReport

/// `dropdb tail`: the latest drops, and then new ones as they are stored.
struct TailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail",
    abstract: "Shows the latest drops, and with --follow new ones as they are stored.",
    discussion: """
      The newest comes last. With --follow it goes on until Ctrl-C: a drop is shown within half a second, each once, and one \
      that was stored after a newer one comes after that. What cannot be shown, because too many come at once or they are \
      stored more than two seconds late, is told on standard error; 'dropdb query' shows it.

      It reads the database and needs no root; any number may follow. A capture that begins anew is followed, and so is \
      another file that takes the place of this one.

      \(SelectionOptions.help)

      Examples:
        dropdb tail                              the latest 10 drops
        dropdb tail -f                           those, and new ones as they come
        dropdb tail -f --not-reason NO_SOCKET --interface 'eth*'
        dropdb tail -n 0 -f --format jsonl --dport 443 | jq -c '[.time, .saddr]'
      """)

  @OptionGroup var database: DatabaseOption
  @OptionGroup(title: "Which drops") var selection: SelectionOptions

  @Option(
    name: [.customShort("n"), .customLong("lines")],
    help: ArgumentHelp("How many of the latest drops; 0 for none.", valueName: "count"))
  var count: Int64 = 10

  @Flag(name: .shortAndLong, help: "Go on with new drops as they are stored.")
  var follow = false

  @OptionGroup var zone: ZoneOption
  @OptionGroup var output: FormatOption

  func validate() throws {
    guard count >= 0 else { throw ValidationError("-n takes a count, or 0 for none.") }
  }

  func run() throws {
    zone.apply()
    if follow {
      try DropTail(path: database.path, selection, output.format).run(latest: count)
      return
    }
    let reader = try database.reader()
    let rows = TailRows(
      isForPeople: output.format == .table, selection: try selection.selection(in: reader))
    let output = TailOutput(output.format)
    try rows.forEachLatest(count, of: reader) { columns, row in try output.write(row, of: columns) }
    try output.end()
  }
}

import ArgumentParser
import DropExchange
import DropReport
import DropStore

/// `dropdb export`: recorded drops for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes recorded drops for other programs: JSON lines, CSV, or packets for Wireshark.",
    discussion: """
      jsonl and csv have all columns of the view drops, one line a drop, the oldest first. pcapng has the packets of captures \
      with --keep-packets, each with a comment: reason, location, process, stack. Drops without kept bytes are left out there, and it \
      is said how many.

      The format is what FILE ends in (.jsonl, .csv, .pcapng), unless --format says otherwise; of a FILE without an ending, jsonl. FILE appears when all of \
      it is written, and replaces no other without --force.

      There is no Parquet here, for want of a library. DuckDB makes it from the CSV (sample_size lets it see all \
      lines before it decides that a column has numbers only):
        duckdb -c "COPY (FROM read_csv('drops.csv', sample_size=-1)) TO 'all.parquet'"

      \(RangeOptions.forms)

      \(SelectionOptions.help)

      In csv, text that a spreadsheet would take for a formula has an apostrophe before it.

      Examples:
        dropdb export --since yesterday --until today -o drops.csv
        dropdb export --reason NETFILTER_DROP --dport 443 -o firewall.csv
        dropdb export --since -10min --format jsonl | jq .reason
        dropdb export --since -1h -o drops.pcapng && wireshark drops.pcapng
      """)

  @OptionGroup var database: DatabaseOption
  @OptionGroup var range: RangeOptions
  @OptionGroup(title: "Which drops") var selection: SelectionOptions

  @Option(help: ArgumentHelp("What to write (default: by FILE, else jsonl)."))
  var format: ExportFormat?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write, - for standard output (the default).", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(help: "Replace FILE if it is there.")
  var force = false

  @OptionGroup var runOptions: RunOptions

  func run() throws {
    let path = output == "-" ? nil : output
    let format = try format ?? path.map { try ExportFormat(suffixOf: $0) } ?? .jsonl
    if format == .pcapng, path == nil, Terminal.isOutput {
      throw CommandFailure.usage("pcapng is not for a terminal; name a file with -o, or use a pipe")
    }
    let range = try range.range(now: Clock.now)
    let reader = try database.reader()
    let selected = try selection.selection(in: reader)
    let since = max(0, range.since ?? 0)
    let span = since..<max(since, range.until ?? .max)
    var answer = QueryAnswer(whole: [reader.interrupter], isForPeople: false, runOptions)
    var result: PacketExport.Result?
    var isEmpty = false
    try answer.run { answer in
      // An end without an error gives the file its name; without that, nothing of it is left.
      var output = try ExportOutput(path: path, mayReplace: force)
      switch format {
      case .jsonl: isEmpty = try write(.jsonl, reader, span, selected, answer, to: &output) == 0
      case .csv: isEmpty = try write(.csv, reader, span, selected, answer, to: &output) == 0
      case .pcapng:
        result = try PacketExport.write(
          reader, in: span, of: selected, application: "dropdb \(DropDB.version)"
        ) { bytes in
          answer.noteRow()
          try output.write(bytes)
        }
      }
      try output.finish()
    }
    if isEmpty || result.map({ $0.packets == 0 && $0.withoutBytes == 0 }) ?? false {
      selection.sayNothingFound()
    }
    if let result, result.withoutBytes > 0 {
      StandardError.write(
        "dropdb: \(result.packets) packets written; \(result.withoutBytes) \(result.withoutBytes == 1 ? "drop" : "drops") "
          + "left out, of which no bytes were kept (capture with --keep-packets)")
    }
  }

  /// Writes rows, and returns how many there were.
  private func write(
    _ format: OutputFormat, _ reader: borrowing DropReader, _ span: Range<Int64>, _ selected: DropSelection,
    _ answer: QueryAnswer, to output: inout ExportOutput
  ) throws -> Int {
    var count = 0
    var drops = try reader.drops("*", in: span, where: selected.conditions)
    var writer = format.makeWriter(style: TableStyle())
    var text = ""
    writer.begin(drops.columns, into: &text)
    while let row = try drops.next() {
      answer.noteRow()
      count += 1
      writer.append(row.map { Cell($0) }, into: &text)
      try output.write(text.utf8)
      text.removeAll(keepingCapacity: true)
    }
    writer.end(into: &text)
    try output.write(text.utf8)
    return count
  }
}

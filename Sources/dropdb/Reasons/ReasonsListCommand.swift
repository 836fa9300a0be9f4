import ArgumentParser
import BTFReasons
import DropReport
import DropStore
import KernelImages

/// `dropdb reasons list`, or `dropdb reasons` alone: the names of a kernel's drop reasons.
struct ReasonsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the drop reasons, or looks some of them up (default).",
    discussion: """
      Marks, which bound or mask an enum and are no reasons, are listed in json and jsonl alone, where "sentinel" tells them, \
      and found when asked for.
      """)

  @Argument(
    help: ArgumentHelp(
      "A number, or a name with or without its prefix, in any case.", valueName: "value|name"),
    completion: ValueCompletion.kernelReasons)
  var wanted: [String] = []

  @Option(
    name: .customLong("btf"),
    help: ArgumentHelp(
      "Read this file instead of the running kernel; give a kernel and any of its modules, in any order.",
      valueName: "file"), completion: .file())
  var files: [String] = []

  @Flag(help: "List the reasons that occur in the database, with their counts, when and under which kernels.")
  var seen = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var range: RangeOptions
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var output: FormatOption

  func validate() throws {
    if seen {
      guard files.isEmpty, wanted.isEmpty else {
        throw ValidationError("--seen lists all reasons of a database; leave out values, names and --btf.")
      }
    } else if database.givenPath != nil || range.since != nil || range.until != nil {
      throw ValidationError("--db, --since and --until go with --seen.")
    }
  }

  func run() throws {
    if seen {
      try writeSeen()
      return
    }
    let reasons = try files.isEmpty ? DropReasons.runningKernel() : DropReasons(kernelImages: files)
    for fault in reasons.faults {
      StandardError.write("dropdb: \(fault); the reasons of this module are missing")
    }
    let showsSentinels = output.format == .json || output.format == .jsonl
    let lookup = ReasonLookup(reasons: reasons.reasons)
    let found =
      wanted.isEmpty
      ? lookup.reasons.filter { showsSentinels || !$0.isSentinel } : wanted.flatMap(lookup.matches)
    let unknown = wanted.filter { lookup.matches($0).isEmpty }
    if !found.isEmpty || unknown.isEmpty || showsSentinels {
      try write(found, showsSentinels: showsSentinels)
    }
    guard unknown.isEmpty else {
      throw CommandFailure(unknown.map(lookup.regret).joined(separator: "\ndropdb: "))
    }
  }

  private func writeSeen() throws {
    let range = try range.range(now: Clock.now)
    let isForPeople = output.format == .table || output.format == .markdown
    let reader = try database.reader()
    var answer = QueryAnswer(
      whole: [reader.interrupter], output.format, isForPeople: output.format == .table, runOptions)
    try answer.run { answer in
      var rest = try SeenReasons(reading: reader, in: range).entries[...]
      try answer.write(SeenReasons.columns) {
        rest.popFirst().map { SeenReasons.cells($0, isForPeople: isForPeople) }
      }
    }
  }

  private func write(_ found: [DropReason], showsSentinels: Bool) throws {
    var rows = RowOutput(output.format)
    var rest = found[...]
    try rows.write(["value", "subsystem", "name", "symbol"] + (showsSentinels ? ["sentinel"] : [])) {
      guard let reason = rest.popFirst() else { return nil }
      let cells: [Cell] = [
        .integer(Int64(reason.value)), .text(reason.subsystem), .text(reason.name), .text(reason.symbol),
      ]
      return showsSentinels ? cells + [.boolean(reason.isSentinel)] : cells
    }
  }
}

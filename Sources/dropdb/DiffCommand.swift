import ArgumentParser
import DropReport
import DropStore

/// `dropdb diff`: what differs between two ranges of time, or two databases.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Tells what differs between two ranges of time, or two databases.",
    usage: """
      dropdb diff <before> <after> [--of <kind> ...] [--limit <count>] [--format <format>]
      dropdb diff --against <other.db> [<range> [<after>]]
      """,
    discussion: """
      Compares rates per captured time by reason, location and interface (counted, exact), and by flow and service (of the \
      newest million recorded events of each). Drops come in bursts, so a change counts by how much counts vary in the first \
      range; what could be chance is left out. 'expected' is what there would be in the second range at the rate of the first.

      A range is \(TimeRange.forms).

      With --against, the first range is of that database and the second of this one; one range is that of both, none is all of each.

      Examples:
        dropdb diff yesterday today
        dropdb diff 02:00..03:00 03:00..04:00 --of reason --of service
        dropdb diff -2h..-1h -1h.. --format json
        dropdb diff --against last-week.db
      """)

  @Argument(help: ArgumentHelp("The range before, and the range after.", valueName: "range"))
  var ranges: [String] = []

  @OptionGroup var database: DatabaseOption

  @Option(help: ArgumentHelp("The database of the range before.", valueName: "path"), completion: .file())
  var against: String?

  @Option(
    name: .customLong("of"),
    help: ArgumentHelp("Tell this alone: \(Difference.kinds.joined(separator: ", ")).", valueName: "kind"),
    completion: ValueCompletion.differenceKinds)
  var kinds: [String] = []

  @Option(help: ArgumentHelp("How many entries of each kind, the surest; 0 for all.", valueName: "count"))
  var limit = 20

  @OptionGroup var zone: ZoneOption
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var output: FormatOption

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit takes a count, or 0 for all.") }
    let most = 2
    guard ranges.count <= most, ranges.count == most || against != nil else {
      throw ValidationError("Give two ranges, or another database with --against.")
    }
    for kind in kinds where !Difference.kinds.contains(kind) {
      let near = NearNames.of(kind, among: Difference.kinds, limit: 3)
      let hint = near.isEmpty ? Difference.kinds.joined(separator: ", ") : near.joined(separator: ", ")
      throw ValidationError("--of takes no '\(SafeText.visible(kind))'; there is \(hint).")
    }
  }

  func run() throws {
    let now = Clock.now
    let parser = TimeParser(now: now)
    let parsed = try ranges.map { try TimeRange(CommandParser.plain($0), parser: parser) }
    let before = parsed.first ?? .unlimited
    let after = parsed.last ?? .unlimited
    zone.apply()
    let isForPeople = output.format == .table || output.format == .markdown
    let isUnicode = Terminal.style.isUnicode
    let old = try DropReader(path: against ?? database.path)
    let new = try database.reader()
    var answer = QueryAnswer(
      whole: [old.interrupter, new.interrupter], output.format, isForPeople: output.format == .table,
      runOptions)
    try answer.run { answer in
      let difference = try Difference(
        from: old, before, to: new, after, now: now, isRunning: ProcessCheck().isRunning)
      answer.hideProgress()
      StandardError.write("dropdb: \(difference.summary)")
      var rest = difference.entries(of: kinds, limit: limit == 0 ? .max : limit)[...]
      try answer.write(Difference.columns(isForPeople: isForPeople)) {
        rest.popFirst().map { difference.cells($0, isForPeople: isForPeople, isUnicode: isUnicode) }
      }
    }
  }
}

import ArgumentParser
import DropReport
import DropStore

/// `dropdb prune`: takes out of a database what is too old or too much.
struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Deletes what is too old or too much from a database.",
    discussion: """
      Recorded drops go, oldest first, with all that only they refer to; what was counted stays exact: with --before as hours \
      instead of minutes, with --max-size so only if no recorded drop is left. A capture prunes by itself if it is given --retain \
      or --max-size; while one runs, this refuses.

      Times are local and written as for journalctl: \(TimeParser.forms).

      Examples:
        dropdb prune --before -30d --dry-run
        dropdb prune --max-size 500MiB
      """)

  @OptionGroup var database: DatabaseOption

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Delete drops recorded before this time, such as -30d or 2026-11-01.", valueName: "time"))
  var before: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Delete counts and losses of before this time.", valueName: "time"))
  var talliesBefore: String?

  @Option(
    help: ArgumentHelp(
      "Delete until the file is as small as this, 1MiB or more, such as 2GiB.", valueName: "size"))
  var maxSize: String?

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @OptionGroup var zone: ZoneOption

  func validate() throws {
    guard before != nil || talliesBefore != nil || maxSize != nil else {
      throw ValidationError("say what is to go: --before, --tallies-before or --max-size.")
    }
    _ = try size
  }

  private var size: Int64? {
    get throws { try maxSize.map { try DatabaseSize.bytes($0, "--max-size", atLeast: 1 << 20) } }
  }

  func run() throws {
    let parser = TimeParser(now: Clock.now)
    for time in [before, talliesBefore].compactMap(\.self) {
      // What goes, goes for good.
      if let note = parser.noteOfFuture(time) { throw CommandFailure.usage("nothing was deleted: \(note)") }
    }
    let result = try DropPruner.prune(
      path: database.path,
      DropPruner.Request(
        before: try before.map { try parser.parse($0) },
        talliesBefore: try talliesBefore.map { try parser.parse($0) }, size: try size),
      isDryRun: dryRun)
    zone.apply()
    var output = StandardOutput()
    try output.write(text(result))
    try output.flush()
  }

  private func text(_ result: DropPruner.Result) -> String {
    let range = result.range.map { range in
      let (first, last) = (range.lowerBound, range.upperBound)
      return
        " from \(TimeFormatter.local(first, precision: .seconds)) to \(TimeFormatter.local(last, precision: .seconds))"
    }
    var lines = [
      "\(database.path): \(dryRun ? "this would go" : "this has gone"):",
      "  recorded drops      \(result.events)\(range ?? "")",
      "  what only they used \(result.orphans) rows",
      "  finer counts        \(result.widened) rows, added to hours or days",
      "  counts              \(result.tallies) rows",
      "  room                \(ByteSize.rounded(UInt64(max(0, result.bytes))))",
      "The file \(dryRun ? "would shrink" : "has shrunk") from \(ByteSize.rounded(UInt64(result.sizeBefore))) to "
        + "\(ByteSize.rounded(UInt64(result.sizeAfter))).",
    ]
    if result.free > 0 {
      lines.append(
        "\(ByteSize.rounded(UInt64(result.free))) of it are empty and will be used before it grows; "
          + "it was made by an older dropdb and shrinks with --max-size.")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

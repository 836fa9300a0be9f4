import ArgumentParser
import DropReport

/// Which time a command is about.
struct RangeOptions: ParsableArguments {
  // A value may begin with a dash (-2h), which is else taken for an option.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("From this time on: 03:10, today, -2h, \"2026-11-20 03:10\", …", valueName: "time"))
  var since: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Up to, and without, this time.", valueName: "time"))
  var until: String?

  /// The forms of a time, for the help of a command that has these options.
  static let forms = """
    Times are local and written as for journalctl: \(TimeParser.forms). A range includes its beginning \
    and not its end.
    """

  /// The range that is meant, if it is now a time in nanoseconds since the epoch.
  func range(now: Int64) throws(ReportError) -> TimeRange {
    try TimeRange(since: since, until: until, parser: TimeParser(now: now))
  }
}

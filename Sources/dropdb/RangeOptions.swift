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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Before and after this time, five minutes each or as in \"03:10 ±30s\" (+- will do).", valueName: "time"
    ))
  var around: String?

  @OptionGroup var zone: ZoneOption

  /// The forms of a time, for the help of a command that has these options.
  static let forms = """
    Times are local and written as for journalctl: \(TimeParser.forms). A range includes its beginning \
    and not its end.
    """

  func validate() throws {
    if around != nil, since != nil || until != nil {
      throw ValidationError("--around is a range by itself; leave out --since and --until.")
    }
  }

  /// Whether there is no limit.
  var isEmpty: Bool { since == nil && until == nil && around == nil }

  /// The range that is meant, if it is now a time in nanoseconds since the epoch; from now on, times are shown as they should be.
  ///
  /// As with journalctl, what was asked for is local time all the same.
  func range(now: Int64) throws(ReportError) -> TimeRange {
    let parser = TimeParser(now: now)
    let range =
      if let around { try TimeRange(around: around, parser: parser) } else {
        try TimeRange(since: since, until: until, parser: parser)
      }
    zone.apply()
    // Not an error: the clock of the host that captured may be ahead of this one.
    if let since, let note = parser.noteOfFuture(since) { StandardError.write("dropdb: \(note)") }
    return range
  }
}

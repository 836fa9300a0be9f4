import ArgumentParser
import DropReport
import DropStore

/// `dropdb report`: what was dropped in a range of time, and how completely that is known.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Tells what was dropped, why and where, and how completely it was captured.",
    discussion: """
      Numbers called counted are exact, whether or not the drops were recorded as events. Flows are known of recorded events \
      only. Drops are counted by the minute, so a range is widened to whole minutes. Without --since, everything in the \
      database is reported.

      The range is compared with a baseline: auto is the same length of time before it and, where captures ran then, the same hours of \
      up to seven days before; or \(BaselineRequest.forms). Rates per captured time are compared. Drops come in bursts, so a \
      change counts by how much counts vary in the baseline; what could be chance is not called a change.

      \(RangeOptions.forms)

      Examples:
        dropdb report --since -1h
        dropdb report --since 03:00 --until 04:00 --baseline 01:00..03:00
        dropdb report --since -1h --baseline -1d
        dropdb report --since "2026-11-20 03:00" --until "2026-11-20 04:00" --top 20
        dropdb report --since yesterday --format markdown > ticket.md
        dropdb report --since -1d --format html > drops.html
      """)

  @OptionGroup var database: DatabaseOption
  @OptionGroup var range: RangeOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What to compare with: auto, none, a range such as 02:00..03:00, or -1d.", valueName: "range"))
  var baseline = "auto"

  @Option(help: ArgumentHelp("How many entries each ranking has.", valueName: "count"))
  var top = 10

  @Option(help: "How the report is written; text is for people.")
  var format: ReportFormat = .text

  @OptionGroup var runOptions: RunOptions

  func validate() throws {
    guard top > 0 else { throw ValidationError("--top takes a count above 0.") }
  }

  func run() throws {
    let now = Clock.now
    let request = Report.Request(
      range: try range.range(now: now), top: top, now: now,
      baseline: try BaselineRequest(baseline, parser: TimeParser(now: now)))
    let reader = try database.reader()
    var answer = QueryAnswer(whole: [reader.interrupter], isForPeople: format == .text, runOptions)
    try answer.run { answer in
      let report = try Report(reading: reader, request, isRunning: ProcessCheck().isRunning)
      try answer.write(report.text(as: format, style: Terminal.style))
    }
  }
}

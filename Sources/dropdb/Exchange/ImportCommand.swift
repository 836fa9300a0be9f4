import ArgumentParser
import DropExchange
import DropReport
import DropStore

/// `dropdb import`: drops that other tools recorded.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Adds drops that perf, dropwatch or retis recorded.",
    discussion: """
      Reads what these tools write, and finds out which one it was:
        perf       perf script of skb:kfree_skb, with stacks (-g) or without
        dropwatch  its output in packet mode (set alertmode packet)
        retis      the events file of retis collect -o

      Each file is added as a whole or not at all, and once: the same content again changes nothing. Its drops are counted \
      and recorded like captured ones; captures says which file they are from. Reasons keep the names they have in the text. What \
      the text does not tell stays unknown.

      perf counts time from the start of the machine. Its header tells the date: to the microsecond after perf record -k \
      CLOCK_MONOTONIC, else only as the time at which the recording ended. Without a header, --start or --boot-time must tell. \
      dropwatch prints local time: set TZ to that of its machine.

      Examples:
        perf script --header | dropdb import -
        dropdb import perf.txt --start "2026-11-20 03:10:05"
        TZ=Europe/Berlin dropdb import dropwatch.log --host web1 --kernel 6.12.1
        dropdb import retis.data --db incident.db
      """)

  @Argument(help: ArgumentHelp("What to read, - for standard input.", valueName: "file"), completion: .file())
  var files: [String]

  @OptionGroup var database: DatabaseOption

  @Option(help: "Which tool wrote it (default: by content).")
  var format: ImportFormat?

  @Option(help: ArgumentHelp("The host it happened on, where the text does not say.", valueName: "name"))
  var host: String?

  @Option(help: ArgumentHelp("The kernel's release, where the text does not say.", valueName: "release"))
  var kernel: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("When the first drop was: \"2026-11-20 03:10:05\", …", valueName: "time"))
  var start: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("When the tool's clock was 0 (uptime -s).", valueName: "time")
  )
  var bootTime: String?

  @OptionGroup var zone: ZoneOption

  func validate() throws {
    if start != nil, bootTime != nil { throw ValidationError("Give --start or --boot-time, not both.") }
    if start != nil, files.count > 1 { throw ValidationError("--start is for one file.") }
    if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("Standard input can be read once.") }
    for text in [host, kernel] where text?.isEmpty == true {
      throw ValidationError("--host and --kernel take a name; leave them out for an unknown one.")
    }
  }

  /// A time, in UTC where that was asked for: not by the zone, in which the other files are read.
  private func shown(_ time: Int64) -> String {
    zone.utc ? TimeFormatter.utc(time) : TimeFormatter.local(time)
  }

  func run() throws {
    let times = TimeParser(now: Clock.now)
    var options = DropImport.Options(program: "dropdb \(DropDB.version)")
    options.format = format
    options.host = host
    options.kernel = kernel
    options.start = try start.map { text throws(ReportError) in try times.parse(text) }
    options.bootTime = try bootTime.map { text throws(ReportError) in try times.parse(text) }
    let signals = EndSignals()
    var output = StandardOutput()
    for file in files {
      let result = try DropImport.run(file, into: database.path, options) { !signals.haveCome }
      let range = "\(shown(result.start)) to \(shown(result.end))"
      let came = result.isKnown ? "known already, nothing added" : "\(result.drops) drops added"
      try output.write(SafeText.visible("\(file): \(came) (\(result.format.rawValue), \(range))") + "\n")
      try output.flush()
      if result.isDateEstimated {
        StandardError.write(
          "dropdb: \(file): the date is that of the recording's end; the drops were earlier by as long as it ended quietly "
            + "(--start tells better)")
      }
      if result.missed > 0 {
        StandardError.write(
          "dropdb: \(file): \(result.format.rawValue) says that it missed \(result.missed) more")
      }
    }
  }
}

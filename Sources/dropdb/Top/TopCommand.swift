import ArgumentParser
import DropReport

/// `dropdb top`: a live screen of what is being dropped.
struct TopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Shows live what is being dropped: rates by reason, location, flow, interface and service.",
    discussion: """
      Rates by reason, location and interface are of all drops, from the tallies; flows and services (control groups) are known \
      of recorded drops only. What was counted before it began is known by the minute and spread over it. The keys: Tab for \
      the next grouping, Enter for a row's flows, locations and most frequent stack, / to filter, s to sort, p to \
      pause, u and l for times in UTC or local, ? for help, q to quit.

      \(SelectionOptions.help) Of what is not counted, such as addresses, recorded drops tell alone.

      It reads the database and needs no root; any number may run. Where output is no terminal it writes one screen as text.

      Examples:
        dropdb top
        dropdb top --every 500ms --window 5min
        dropdb top --by flow --interface eth0 --not-reason NO_SOCKET
        dropdb top --once                         one screen as text
        dropdb top -b -n 10 --by flow > top.txt   ten of them, by flow
      """)

  @OptionGroup var database: DatabaseOption

  @OptionGroup(title: "Which drops") var selection: SelectionOptions

  @Option(help: ArgumentHelp("How often to look; from 100ms on.", valueName: "time"))
  var every = "1s"

  @Option(help: ArgumentHelp("How much of the past to show; at most 600 times --every.", valueName: "time"))
  var window = "1min"

  @Option(help: "By what to group: reason, location, flow, interface or service.")
  var by: TopGrouping = .reason

  @Flag(help: "Times in UTC.")
  var utc = false

  @Flag(name: .shortAndLong, help: "Write screens as text, one after the other.")
  var batch = false

  @Option(
    name: .customShort("n"), help: ArgumentHelp("How many screens to write with -b.", valueName: "count"))
  var count: Int64?

  @Flag(help: "Write one screen as text; the same as -b -n 1.")
  var once = false

  private static let shortest: Int64 = 100_000_000
  private static let mostSlots: Int64 = 600

  func validate() throws { _ = try slots() }

  /// The length of a slot in nanoseconds, and how many there are.
  private func slots() throws -> (every: Int64, count: Int) {
    guard let every = DurationParser.nanoseconds(every), every >= Self.shortest,
      every <= 3600 * Self.shortest * 10
    else {
      throw ValidationError("--every takes a time from 100ms to 1h, such as 1s.")
    }
    guard let window = DurationParser.nanoseconds(window), window >= every, window / every <= Self.mostSlots
    else {
      throw ValidationError("--window takes a time from --every to 600 times that, such as 5min.")
    }
    if let count, count <= 0 { throw ValidationError("-n takes a count above 0.") }
    if count != nil, !batch { throw ValidationError("-n is for -b.") }
    if once, batch { throw ValidationError("--once and -b are two ways to say how many; give one.") }
    return (every, Int(window / every))
  }

  func run() throws {
    let (every, slotCount) = try slots()
    let selected: DropSelection = selection.isEmpty ? .all : try selection.selection(in: database.reader())
    if batch || once || !RawTerminal.isThere {
      let count = batch ? count : 1
      var session = try TopBatch(
        path: database.path, every: every, slotCount: slotCount, isUTC: utc, isFollowed: count != 1, selected)
      try session.run(count, by)
    } else {
      var session = try TopSession(
        path: database.path, every: every, slotCount: slotCount, isUTC: utc, by, selected)
      try session.run()
    }
  }
}

extension TopGrouping: ExpressibleByArgument {}

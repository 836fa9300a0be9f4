import ArgumentParser
import DropCapture
import DropReport
import Logging

/// How often, and in which namespaces, a capture looks at the kernel's own counters.
struct CounterOptions: ParsableArguments {
  /// How often, unless told otherwise.
  private static let standard = "10s"
  /// How often at most and at least, in seconds.
  private static let intervals: ClosedRange<Int64> = 1...3600
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  @Option(help: ArgumentHelp("Look so often, from 1s to 1h; 0 for never.", valueName: "time"))
  var counters = Self.standard

  @Flag(help: "Do not look at them, as with --counters 0.")
  var noCounters = false

  @Option(
    help: ArgumentHelp(
      "Look in these network namespaces as well, by name or path, or in 'all' that have names; needs CAP_SYS_ADMIN.",
      valueName: "names"), completion: ValueCompletion.namespaces)
  var counterNetns: [String] = []

  func validate() throws {
    let names = try CommaList.values(counterNetns, of: "--counter-netns")
    if try seconds == nil, !names.isEmpty {
      throw ValidationError("--counter-netns: the counters are not looked at; leave out --no-counters")
    }
  }

  /// How often to look; `nil` for never.
  var seconds: Int64? {
    get throws {
      if noCounters || counters == "0" || counters == "0s" { return nil }
      guard let length = DurationParser.nanoseconds(counters) else {
        throw ValidationError(
          "--counters '\(counters)' is no length of time; write 10s, 1min, or 0 for never")
      }
      let seconds = length / Self.nanosecondsPerSecond
      guard Self.intervals.contains(seconds), length % Self.nanosecondsPerSecond == 0 else {
        throw ValidationError("--counters \(counters): give whole seconds, from 1s to 1h, or 0 for never")
      }
      return seconds
    }
  }

  /// Where to look besides the namespace of this process.
  ///
  /// - Throws: ``CommandFailure`` where there is no such namespace, with near names.
  func namespaces() throws -> CounterNamespaces {
    let names = try CommaList.values(counterNetns, of: "--counter-netns")
    if names.contains("all") { return .named }
    return .files(try names.map(NamespaceSelection.file))
  }

  /// What to look at; `nil` where nobody asks for it.
  ///
  /// - Throws: ``CommandFailure`` where there is no such namespace, with near names.
  func source() throws -> CounterSampler.Source? {
    guard let seconds = try seconds else { return nil }
    return CounterSampler.Source(every: seconds, namespaces: try namespaces()) {
      OperatorLog.shared.notice("\($0)")
    }
  }

  /// What was asked for, as the database keeps it.
  var members: [(name: String, value: String)] {
    get throws {
      var members: [(name: String, value: String)] = []
      let seconds = try seconds
      if seconds != 10 { members.append(("counters_seconds", seconds.map(String.init) ?? "0")) }
      let names = try CommaList.values(counterNetns, of: "--counter-netns")
      if !names.isEmpty {
        members.append(("counter_netns", "[" + names.map(JSONText.string).joined(separator: ",") + "]"))
      }
      return members
    }
  }
}

import ArgumentParser
import DropReport

/// How an answer is waited for and shown.
struct RunOptions: ParsableArguments {
  @Option(help: ArgumentHelp("End the query when it takes longer: 30s, 5min.", valueName: "time"))
  var timeout: String?

  @Flag(help: "Write to the terminal without a pager, however long it is.")
  var noPager = false

  /// The time after which a query ends, in nanoseconds.
  var limit: Int64? { timeout.flatMap { DurationParser.nanoseconds($0) } }

  func validate() throws {
    if let timeout, limit == nil {
      throw ValidationError(
        "--timeout takes a length of time, such as 30s or 5min, and '\(timeout)' is none.")
    }
  }
}

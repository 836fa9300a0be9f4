import ArgumentParser
import DropReport
import Logging

/// Why a command ends without success: what it says on standard error, and its exit status.
///
/// A command throws this, or an error of a library, whose description is then the message and whose status is 1.
struct CommandFailure: Error, CustomStringConvertible {
  /// The exit status of a command that failed.
  static let failure: Int32 = 1
  /// The exit status of a command called wrongly.
  static let wrongUsage: Int32 = 2

  /// What to say; empty for nothing.
  let description: String
  let status: Int32

  /// A command that could not do what it was asked.
  init(_ message: String) {
    description = message
    status = Self.failure
  }

  private init(_ message: String, status: Int32) {
    description = message
    self.status = status
  }

  /// A command that was asked something it does not understand.
  static func usage(_ message: String) -> CommandFailure {
    CommandFailure(message, status: wrongUsage)
  }

  /// A command that has answered its question, and the answer is no.
  static let answeredNo = CommandFailure("", status: 3)

  /// What was asked about works with limits, which have been told (`dropdb doctor`).
  static let withLimits = CommandFailure("", status: failure)

  /// What was asked about does not work, and why has been told (`dropdb doctor`).
  static let notAtAll = CommandFailure("", status: 2)

  /// A command whose reader has gone away, as `head` does: nothing to say.
  static let readerGone = CommandFailure("")

  /// Whether this is ``readerGone``: nothing else fails without a word.
  var isReaderGone: Bool { description.isEmpty && status == Self.failure }

  /// A query that a signal ended: the status is the one that a shell gives such a program.
  static func ended(by signal: Int32) -> CommandFailure {
    CommandFailure("the query was ended", status: 128 + signal)
  }

  /// Says what there is to say about an error, and gives the exit status for it.
  ///
  /// Help and versions are errors to ArgumentParser too; they go to standard output and are a success.
  static func report(_ error: any Error) -> Int32 {
    switch error {
    case let failure as CommandFailure:
      if !failure.description.isEmpty { OperatorLog.shared.error("\(failure.description)") }
      return failure.status
    case let error as ReportError where error.code == .malformedTime || error.code == .emptyRange:
      OperatorLog.shared.error("\(error)")
      return wrongUsage
    default:
      return reportByParser(error)
    }
  }

  private static func reportByParser(_ error: any Error) -> Int32 {
    let code = DropDB.exitCode(for: error)
    if code == .success {
      do {
        var output = StandardOutput()
        try output.write(CommandName.adapted(DropDB.fullMessage(for: error)) + "\n")
        try output.flush()
        return 0
      } catch {
        return report(error)
      }
    }
    if code == .validationFailure {
      StandardError.write(CommandName.adapted(DropDB.fullMessage(for: error)))
      return wrongUsage
    }
    if let exitCode = error as? ExitCode { return exitCode.rawValue }
    OperatorLog.shared.error("\(error)")
    return failure
  }
}

import ArgumentParser
import DropCapture
import DropReport

/// `dropdb doctor`: whether drops can be captured on this host, and what is missing.
struct DoctorCommand: ParsableCommand {
  /// How it is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Tells whether a capture would work on this host, and what is missing.",
    discussion: """
      Looks at the kernel (its types, tracepoints and names of reasons), at the rights of this process, at settings, the clock, \
      the disk and the database, and says of each what it means and what to do. With the rights to do so it also loads the \
      program and attaches it for a moment. Nothing is written. Ask as the user who is to capture.

      Ends with status 0 if a capture would work in full, 1 if with limits, and 2 if not at all (and for wrong usage).

      Examples:
        sudo dropdb doctor
        dropdb doctor --db ./drops.db
        dropdb doctor --format json | jq '.findings[] | select(.verdict != "good")'
      """)

  @OptionGroup var database: DatabaseOption

  @Flag(inversion: .prefixedNo, help: "Load the program and attach it for a moment.")
  var trial = true

  @Option(help: "How it is written: text, or one JSON object.")
  var format: Format = .text

  func run() throws {
    let report = DoctorReport(
      findings: HostDoctor().findings(trial: trial) + DatabaseDoctor(path: database.path).findings())
    var output = StandardOutput()
    try output.write(
      format == .json ? report.json + "\n" : report.text(isColored: Terminal.style.isColored))
    try output.flush()
    switch report.verdict {
    case .good, .note: return
    case .limited: throw CommandFailure.withLimits
    case .impossible: throw CommandFailure.notAtAll
    }
  }
}

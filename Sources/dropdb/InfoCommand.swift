import ArgumentParser
import DropReport
import DropStore

/// `dropdb info`: what is in a database.
struct InfoCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Tells what is in the database: ranges, kernels, hosts, sizes, rates and gaps.",
    discussion: """
      Rates are of captured time. A gap is a time between two captures on one host; what captures lost is told by cause.

      Examples:
        dropdb info
        dropdb info --db drops.db --format json
      """)

  @OptionGroup var database: DatabaseOption

  @Option(help: "How it is written: text, or one JSON object.")
  var format: Format = .text

  func run() throws {
    let reader = try database.reader()
    let info = try DatabaseInfo(reading: reader)
    let page = InfoPage(info, path: database.path)
    var output = StandardOutput()
    try output.write(format == .json ? page.json + "\n" : page.text(style: Terminal.style))
    try output.flush()
  }
}

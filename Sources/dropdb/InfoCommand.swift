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

  @OptionGroup var zone: ZoneOption
  @OptionGroup var runOptions: RunOptions

  func run() throws {
    zone.apply()
    let reader = try database.reader()
    var answer = QueryAnswer(whole: [reader.interrupter], isForPeople: format == .text, runOptions)
    try answer.run { answer in
      let page = InfoPage(try DatabaseInfo(reading: reader), path: database.path)
      try answer.write(format == .json ? page.json + "\n" : page.text(style: Terminal.style))
    }
  }
}

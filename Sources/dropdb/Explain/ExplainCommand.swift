import ArgumentParser
import DropReport
import DropStore

/// `dropdb explain`: what drop reasons mean, and what to do about them.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells what a drop reason means, its usual causes, and what to look at next.",
    discussion: """
      The explanations are by name and hold for every kernel that uses the name; numbers differ from kernel to kernel, \
      'dropdb reasons' names them. If there is a database, how often each reason occurs in it is told as well: all drops, \
      counted exactly, the places in the kernel, and by how much the kernel's own counters rose that belong to it. In commands, put in your own for words in capitals such as IFACE.

      Without a reason, all are listed.

      Examples:
        dropdb explain NO_SOCKET
        dropdb explain skb_drop_reason_tcp_csum qdisc_drop_congested
        dropdb explain --format markdown NETFILTER_DROP > page.md
        dropdb explain --format json
      """)

  @Argument(
    help: ArgumentHelp(
      "A reason's name, with or without SKB_DROP_REASON_, in any case.", valueName: "reason"),
    completion: ValueCompletion.explainedReasons)
  var wanted: [String] = []

  @OptionGroup var database: DatabaseOption

  @Option(help: "How it is written; text is for people.")
  var format: Format = .text

  @OptionGroup var zone: ZoneOption
  @OptionGroup var runOptions: RunOptions

  func run() throws {
    zone.apply()
    let all = try Explanation.all()
    var found: [Explanation] = []
    var unknown: [String] = []
    for text in wanted {
      let name = Explanation.name(from: text)
      if let explanation = all.first(where: { $0.name == name }) {
        found.append(explanation)
      } else {
        unknown.append(regret(text, name: name, all))
      }
    }
    if wanted.isEmpty || !found.isEmpty || format == .json {
      let (occurrences, rises) = try inDatabase()
      let report = ExplanationReport(
        wanted.isEmpty ? all : found, occurrences: occurrences, rises: rises,
        extent: wanted.isEmpty ? .overview : .full)
      var answer = QueryAnswer(whole: [], isForPeople: format == .text, runOptions)
      try answer.run { answer in try answer.write(report.text(as: format.report, style: Terminal.style)) }
    }
    guard unknown.isEmpty else { throw CommandFailure(unknown.joined(separator: "\ndropdb: ")) }
  }

  /// What the database has; `nil` where there is none and none was asked for.
  private func inDatabase() throws -> (ReasonOccurrences?, CounterSums?) {
    do {
      let reader = try database.reader()
      var answer = QueryAnswer(whole: [reader.interrupter], isForPeople: false, runOptions)
      var read: (ReasonOccurrences, CounterSums)?
      try answer.run { _ in
        read = (try ReasonOccurrences(reading: reader), try CounterSums(reading: reader))
      }
      return (read?.0, read?.1)
    } catch let failure as CommandFailure {
      throw failure
    } catch  where database.givenPath == nil {
      // The explanations are what was asked for. A database that is there and cannot be read is worth a word, though.
      if (error as? StoreError)?.code != .notFound {
        StandardError.write("dropdb: \(error); so how often it occurs is not told")
      }
      return (nil, nil)
    }
  }

  private func regret(_ text: String, name: String, _ all: [Explanation]) -> String {
    if name.unicodeScalars.first.map({ ("0"..."9").contains($0) }) ?? false {
      return "a number means something for one kernel only; 'dropdb reasons \(text)' has its name in this one"
    }
    let hasPrefix = text.uppercased().hasPrefix("SKB_")
    let names = all.map { $0.name }
    let near = NearNames.of(name, among: names, limit: 5).map { hasPrefix ? "SKB_DROP_REASON_\($0)" : $0 }
    let hint = near.isEmpty ? "'dropdb explain' lists all" : "near names are \(near.joined(separator: ", "))"
    return "no drop reason called '\(text)' is known here; \(hint)"
  }
}

extension ExplainCommand {
  /// How explanations are written: as reports are, but for pages with charts.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json, markdown

    var report: ReportFormat {
      switch self {
      case .text: .text
      case .json: .json
      case .markdown: .markdown
      }
    }
  }
}

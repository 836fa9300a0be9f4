/// One explanation as people read it.
struct ExplanationPage {
  let explanation: Explanation
  let occurrences: ReasonOccurrences?
  let rises: CounterSums?

  /// Where the output is no terminal, lines are as long as in a book.
  private static let standardWidth = 100
  private static let narrowest = 40

  // MARK: - In both forms

  private var title: String { "\(explanation.name) (\(explanation.subsystem))" }

  /// Short facts, each a sentence behind a word.
  private var facts: [(name: String, text: String)] {
    var facts: [(name: String, text: String)] = []
    if explanation.isNormal {
      facts.append(("Normal", "such drops are part of normal life; many of them can be a sign all the same"))
    }
    if !explanation.counters.isEmpty {
      facts.append(
        ("Counters", explanation.counters.joined(separator: ", ") + ": rise with it, each for its protocol"))
    }
    let devices = CounterReasons.deviceCounters(of: explanation.name)
    if !devices.isEmpty {
      facts.append(
        (
          "Devices",
          devices.map { "\($0.name) (\($0.source))" }.joined(separator: ", ") + ": may rise with it"
        ))
    }
    facts.append(("Functions", explanation.functions.joined(separator: ", ")))
    if let kernels { facts.append(("Kernels", kernels)) }
    return facts
  }

  private var kernels: String? {
    var parts: [String] = []
    if let newer = explanation.newerThan { parts.append("not yet in \(newer)") }
    if let older = explanation.olderThan { parts.append("no longer in \(older)") }
    if let name = explanation.newName { parts.append("newer kernels call it \(name)") }
    if let history = explanation.history { parts.append(history) }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private var entry: ReasonOccurrences.Entry? { occurrences?[explanation.name] }

  /// How often it occurs, in a sentence; `nil` without a database.
  private var count: String? {
    guard let occurrences, let entry else { return nil }
    guard entry.packets > 0, let seen = entry.seen else {
      return "never, among \(occurrences.total) drops (exact)"
    }
    let first = TimeFormatter.local(seen.first, precision: .seconds)
    let last = TimeFormatter.local(seen.last, precision: .seconds)
    return "\(entry.packets) of \(occurrences.total) drops (exact), "
      + (first == last ? "all from \(first)" : "first from \(first), last from \(last)") + " on"
  }

  /// The functions in the database that the explanation does not name.
  private var others: [String] {
    (entry?.functions ?? []).filter { function in
      // What the compiler split off a function has its name with a suffix: tcp_v4_rcv.cold.
      !explanation.functions.contains(String(function.prefix { $0 != "." }))
    }
  }

  /// By how much the counters that belong to it rose, in a sentence; `nil` where none of them did.
  private var risen: String? {
    let risen = rises?.rises(of: explanation) ?? []
    guard !risen.isEmpty else { return nil }
    return "The kernel's counters rose by: "
      + risen.map { "\($0.name) \($0.delta)" }.joined(separator: ", ")
      + "; they may rise for other reasons too"
  }

  private func locations(with writer: some RowWriter) -> String {
    guard let entry, entry.packets > 0 else { return "" }
    var writer = writer
    var output = ""
    writer.begin(["packets", "location"], into: &output)
    for place in entry.ranking.prefix(ExplanationReport.mostLocations) {
      writer.append([.integer(place.packets), place.location.map { .text($0) } ?? .null], into: &output)
    }
    writer.end(into: &output)
    return output
  }

  private var moreLocations: String? {
    guard let entry else { return nil }
    let rest = entry.ranking.dropFirst(ExplanationReport.mostLocations)
    guard !rest.isEmpty else { return nil }
    return "\(rest.count) more, with \(rest.reduce(0) { $0 &+ $1.packets }) packets"
  }

  // MARK: - Text

  /// Lines for a terminal; prose is broken between words, commands never.
  func plainText(style: TableStyle) -> String {
    let width = max(Self.narrowest, min(style.width ?? Self.standardWidth, Self.standardWidth))
    func heading(_ text: String) -> String {
      (style.isColored ? "\u{1b}[1m\(text)\u{1b}[0m" : text) + "\n"
    }
    func wrapped(_ text: String, first: String, rest: String) -> String {
      TextWrapping.lines(of: SafeText.visible(text), width: width, first: first, rest: rest)
        .map { $0 + "\n" }.joined()
    }
    var output = heading(title) + wrapped(explanation.meaning, first: "  ", rest: "  ")
    output += "\n" + heading("Usual causes")
    for cause in explanation.causes { output += wrapped(cause, first: "  - ", rest: "    ") }
    output += "\n" + heading("Look next")
    for step in explanation.steps {
      let line = "  " + step.command
      guard let note = step.note else {
        output += line + "\n"
        continue
      }
      let whole = line + "  # " + note
      if DisplayWidth.of(whole) <= width {
        output += whole + "\n"
      } else {
        output += line + "\n" + wrapped(note, first: "      # ", rest: "      # ")
      }
    }
    output += "\n"
    let margin = facts.map(\.name.utf8.count).max() ?? 0
    for fact in facts {
      let gap = String(repeating: " ", count: margin - fact.name.utf8.count)
      output += wrapped(
        fact.text, first: "  \(fact.name)\(gap)  ", rest: String(repeating: " ", count: margin + 4))
    }
    guard let count else { return output }
    output += "\n" + heading("In this database") + wrapped(count, first: "  ", rest: "  ")
    let table = TableStyle(width: style.width.map { $0 - 2 }, isUnicode: style.isUnicode)
    for line in locations(with: TableWriter(style: table)).split(separator: "\n") { output += "  \(line)\n" }
    if let moreLocations { output += "  \(moreLocations)\n" }
    if !others.isEmpty {
      output += wrapped(
        "Also seen in: " + others.joined(separator: ", "), first: "  ", rest: "    ")
    }
    if let risen { output += wrapped(risen, first: "  ", rest: "    ") }
    return output
  }

  // MARK: - Markdown

  /// A chapter; commands stand in a block, to be copied.
  var markdown: String {
    var output = "## \(MarkdownText.escaped(title))\n\n\(MarkdownText.escaped(explanation.meaning))\n"
    output += "\n### Usual causes\n\n"
    for cause in explanation.causes { output += "- \(MarkdownText.escaped(cause))\n" }
    output += "\n### Look next\n\n```sh\n"
    for step in explanation.steps {
      output += step.command + (step.note.map { "  # \($0)" } ?? "") + "\n"
    }
    output += "```\n\n"
    for fact in facts { output += "- **\(fact.name)**: \(MarkdownText.escaped(fact.text))\n" }
    guard let count else { return output }
    output += "\n### In this database\n\n\(MarkdownText.escaped(count))\n"
    let table = locations(with: MarkdownWriter())
    if !table.isEmpty { output += "\n" + table }
    if let moreLocations { output += "\n\(moreLocations)\n" }
    if !others.isEmpty {
      output += "\n" + MarkdownText.escaped("Also seen in: " + others.joined(separator: ", ")) + "\n"
    }
    if let risen { output += "\n" + MarkdownText.escaped(risen) + "\n" }
    return output
  }
}

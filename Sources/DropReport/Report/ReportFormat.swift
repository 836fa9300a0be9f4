/// How a report is written.
public enum ReportFormat: String, CaseIterable, Sendable {
  /// For people, on a terminal.
  case text
  /// For programs: one object.
  case json
  /// For a ticket or a page.
  case markdown
  /// For a browser: one page that holds all it needs, with charts.
  case html
}

extension Report {
  /// The report, written out, with a line end at its end.
  ///
  /// - Parameters:
  ///   - format: How.
  ///   - style: What the terminal can show; JSON does not depend on it.
  /// - Returns: Lines, the last with its end.
  public func text(as format: ReportFormat, style: TableStyle) -> String {
    switch format {
    case .text: plainText(style: style)
    case .json: json + "\n"
    case .markdown: markdown(isUnicode: style.isUnicode)
    case .html: html
    }
  }

  private func plainText(style: TableStyle) -> String {
    let document = document(isUnicode: style.isUnicode)
    func heading(_ text: String) -> String {
      let safe = SafeText.visible(text)
      return (style.isColored ? "\u{1b}[1m\(safe)\u{1b}[0m" : safe) + "\n"
    }
    var output = heading(document.title)
    output += Self.lines(document.facts, margin: 2, style)
    // The headings are bold already; bold names of columns would only shout.
    let tableStyle = TableStyle(width: style.width.map { $0 - 2 }, isUnicode: style.isUnicode)
    func table(_ section: Document.Section) -> String {
      let below = Self.below(section, tableStyle)
      var table = ""
      let shown = below == nil ? section : section.withoutLastColumn
      Self.write(shown, with: TableWriter(style: tableStyle), into: &table)
      var text = "\n" + heading(section.title)
      for (number, line) in table.split(separator: "\n").enumerated() {
        text += "  \(line)\n"
        // The first line has the names.
        if number > 0, let sentence = below?[number - 1], !sentence.isEmpty {
          text += Self.wrapped(sentence, first: "      ", rest: "      ", style)
        }
      }
      if let note = section.note { text += "  \(note)\n" }
      return text
    }
    for section in document.changes { output += table(section) }
    if !document.leading.isEmpty { output += "\n" + heading(Self.leadingTitle) }
    for item in document.leading {
      output += Self.wrapped(item.title, first: "  ", rest: "    ", style)
      output += Self.lines(item.lines, margin: 4, style)
    }
    for section in document.places + document.sections { output += table(section) }
    return output
  }

  /// What a row means, for lines of their own below the rows, where beside them there is no room for it.
  private static func below(_ section: Document.Section, _ style: TableStyle) -> [String]? {
    guard let width = style.width, section.columns.last == "means" else { return nil }
    var table = ""
    write(section, with: TableWriter(style: TableStyle(isUnicode: style.isUnicode)), into: &table)
    let isTooWide = table.split(separator: "\n").contains { DisplayWidth.of(String($0)) > width }
    return isTooWide ? section.rows.map { $0.last?.plainText ?? "" } : nil
  }

  /// Sentences behind their words, broken into lines on a terminal.
  private static func lines(
    _ pairs: [(name: String, text: String)], margin: Int, _ style: TableStyle
  ) -> String {
    let width = pairs.map { $0.name.utf8.count }.max() ?? 0
    let left = String(repeating: " ", count: margin)
    return pairs.map { pair in
      let gap = String(repeating: " ", count: width - pair.name.utf8.count + 2)
      return wrapped(
        pair.text, first: left + pair.name + gap, rest: left + String(repeating: " ", count: width + 2), style
      )
    }.joined()
  }

  private static func wrapped(
    _ text: String, first: String, rest: String, _ style: TableStyle
  ) -> String {
    let text = SafeText.visible(text)
    guard let width = style.width else { return first + text + "\n" }
    return TextWrapping.lines(of: text, width: max(width, 40), first: first, rest: rest).map { $0 + "\n" }
      .joined()
  }

  private func markdown(isUnicode: Bool) -> String {
    let document = document(isUnicode: isUnicode)
    var output = "# \(MarkdownText.escaped(document.title))\n\n"
    for fact in document.facts { output += "- **\(fact.name)**: \(MarkdownText.escaped(fact.text))\n" }
    for section in document.changes { output += Self.markdown(section) }
    if !document.leading.isEmpty { output += "\n## \(MarkdownText.escaped(Self.leadingTitle))\n" }
    for item in document.leading {
      output += "\n### \(MarkdownText.escaped(item.title))\n\n"
      for line in item.lines { output += "- **\(line.name)**: \(MarkdownText.escaped(line.text))\n" }
    }
    for section in document.places + document.sections { output += Self.markdown(section) }
    return output
  }

  private static func markdown(_ section: Document.Section) -> String {
    var output = "\n## \(MarkdownText.escaped(section.title))\n\n"
    write(section, with: MarkdownWriter(), into: &output)
    if let note = section.note { output += "\n\(MarkdownText.escaped(note))\n" }
    return output
  }

  private static func write(
    _ section: Document.Section, with writer: some RowWriter, into output: inout String
  ) {
    var writer = writer
    writer.begin(section.columns, into: &output)
    for row in section.rows { writer.append(row, into: &output) }
    writer.end(into: &output)
  }
}

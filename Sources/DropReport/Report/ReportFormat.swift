/// How a report is written.
public enum ReportFormat: String, CaseIterable, Sendable {
  /// For people, on a terminal.
  case text
  /// For programs: one object.
  case json
  /// For a ticket or a page.
  case markdown
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
    }
  }

  private func plainText(style: TableStyle) -> String {
    let document = document(isUnicode: style.isUnicode)
    func heading(_ text: String) -> String {
      let safe = SafeText.visible(text)
      return (style.isColored ? "\u{1b}[1m\(safe)\u{1b}[0m" : safe) + "\n"
    }
    var output = heading(document.title)
    let width = document.facts.map { $0.name.utf8.count }.max() ?? 0
    for fact in document.facts {
      let gap = String(repeating: " ", count: width - fact.name.utf8.count)
      output += "  \(fact.name)\(gap)  \(SafeText.visible(fact.text))\n"
    }
    // The headings are bold already; bold names of columns would only shout.
    let tableStyle = TableStyle(width: style.width.map { $0 - 2 }, isUnicode: style.isUnicode)
    for section in document.sections {
      output += "\n" + heading(section.title)
      var table = ""
      Self.write(section, with: TableWriter(style: tableStyle), into: &table)
      for line in table.split(separator: "\n") { output += "  \(line)\n" }
      if let note = section.note { output += "  \(note)\n" }
    }
    return output
  }

  private func markdown(isUnicode: Bool) -> String {
    let document = document(isUnicode: isUnicode)
    var output = "# \(MarkdownText.escaped(document.title))\n\n"
    for fact in document.facts { output += "- **\(fact.name)**: \(MarkdownText.escaped(fact.text))\n" }
    for section in document.sections {
      output += "\n## \(MarkdownText.escaped(section.title))\n\n"
      Self.write(section, with: MarkdownWriter(), into: &output)
      if let note = section.note { output += "\n\(MarkdownText.escaped(note))\n" }
    }
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

/// How rows are written: ``table`` for people, the others for programs.
public enum OutputFormat: String, CaseIterable, Sendable {
  /// Aligned columns, cut to fit a terminal; unknown is `-`.
  case table
  /// One array of objects, valid also without rows and after an error midway.
  case json
  /// One object a line (JSON Lines).
  case jsonl
  /// Comma-separated values (RFC 4180).
  ///
  /// Text that a spreadsheet would take for a formula has an apostrophe before it.
  case csv
  /// Tab-separated values, with tabs and line ends inside a cell written as `\t` and `\n`.
  ///
  /// Text that a spreadsheet would take for a formula has an apostrophe before it.
  case tsv
  /// A table in GitHub's Markdown.
  case markdown

  /// A writer for this format.
  ///
  /// - Parameter style: How a table looks; the other formats do not depend on it.
  /// - Returns: A writer that has written nothing yet.
  public func makeWriter(style: TableStyle) -> any RowWriter {
    switch self {
    case .table: TableWriter(style: style)
    case .json: JSONWriter(layout: .array)
    case .jsonl: JSONWriter(layout: .lines)
    case .csv: CSVWriter()
    case .tsv: TSVWriter()
    case .markdown: MarkdownWriter()
    }
  }
}

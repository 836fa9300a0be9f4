/// How rows are written: ``table`` for people, the others for programs.
public enum OutputFormat: String, CaseIterable, Sendable {
  /// Aligned columns, see ``TableWriter``.
  case table
  /// One array of objects, see ``JSONWriter``.
  case json
  /// One object a line, see ``JSONWriter``.
  case jsonl
  /// Comma-separated values, see ``CSVWriter``.
  case csv
  /// Tab-separated values, see ``TSVWriter``.
  case tsv
  /// A table in GitHub's Markdown, see ``MarkdownWriter``.
  case markdown

  /// A writer for this format.
  ///
  /// - Parameter style: How a table looks; the other formats do not depend on it.
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

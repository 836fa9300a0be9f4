/// Writes a table in GitHub's Markdown, with text escaped so that nothing in it is markup or HTML.
///
/// Numbers are aligned to the right in a column whose first row has a number.
struct MarkdownWriter: RowWriter {
  private var columns: [String] = []
  private var hasHead = false

  mutating func begin(_ columns: [String], into output: inout String) {
    self.columns = columns
  }

  mutating func append(_ row: [Cell], into output: inout String) {
    writeHead(numeric: row.map(\.isNumber), into: &output)
    output += "|"
    for cell in row { output += " " + MarkdownText.escaped(cell.plainText) + " |" }
    output += "\n"
  }

  mutating func end(into output: inout String) {
    writeHead(numeric: columns.map { _ in false }, into: &output)
  }

  private mutating func writeHead(numeric: [Bool], into output: inout String) {
    if hasHead { return }
    hasHead = true
    output += "|"
    for name in columns { output += " " + MarkdownText.escaped(name) + " |" }
    output += "\n|"
    for isNumeric in numeric { output += isNumeric ? " ---: |" : " --- |" }
    output += "\n"
  }
}

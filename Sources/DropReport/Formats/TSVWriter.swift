/// Writes tab-separated values: one line a row, the first with the names of the columns.
///
/// Tabs, line ends, backslashes and other control characters inside a cell are written out (`\t`, `\n`, `\\`, `\x1b`), so
/// that every line has the same number of tabs. Unknown is empty. Text that a spreadsheet would take for a formula gets an
/// apostrophe before it.
struct TSVWriter: RowWriter {
  mutating func begin(_ columns: [String], into output: inout String) {
    append(columns.map { .text($0) }, into: &output)
  }

  mutating func append(_ row: [Cell], into output: inout String) {
    for (index, cell) in row.enumerated() {
      if index > 0 { output += "\t" }
      // Only text can hold what must be written out.
      guard case .text = cell else {
        output += cell.plainText
        continue
      }
      output += SafeText.visible(SafeText.doubling("\\", in: SpreadsheetText.neutralized(cell)))
    }
    output += "\n"
  }

  mutating func end(into output: inout String) {}
}

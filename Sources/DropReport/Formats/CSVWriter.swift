/// Writes comma-separated values as RFC 4180 has them: lines end in CR LF, the first has the names of the columns.
///
/// A cell is quoted where it must be. Unknown is an empty cell, an empty text is `""`. Line feeds stay, inside quotes;
/// other control characters are written out (`\x1b`). Text that a spreadsheet would take for a formula gets an apostrophe
/// before it.
struct CSVWriter: RowWriter {
  mutating func begin(_ columns: [String], into output: inout String) {
    append(columns.map { .text($0) }, into: &output)
  }

  mutating func append(_ row: [Cell], into output: inout String) {
    for (index, cell) in row.enumerated() {
      if index > 0 { output += "," }
      output += field(cell)
    }
    output += "\r\n"
  }

  mutating func end(into output: inout String) {}

  private func field(_ cell: Cell) -> String {
    // Only text can hold what needs quotes.
    guard case .text = cell else { return cell.plainText }
    let text = SafeText.visible(SpreadsheetText.neutralized(cell), keptLineFeeds: true)
    let needsQuotes =
      text.utf8.isEmpty || text.utf8.first == 0x20 || text.utf8.last == 0x20
      || text.utf8.contains {
        $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\n")
      }
    return needsQuotes ? "\"" + SafeText.doubling("\"", in: text) + "\"" : text
  }
}

/// Keeps a spreadsheet from taking text for a formula.
enum SpreadsheetText {
  /// A text that begins like a formula (`=`, `+`, `-`, `@`, tab, carriage return), with an apostrophe before it.
  ///
  /// Spreadsheets take such cells for formulas, which can start programs and fetch pages; with an apostrophe before
  /// it the text stays text (OWASP, "CSV Injection"). Only text is changed, never a number.
  static func neutralized(_ cell: Cell) -> String {
    guard case .text(let text) = cell else { return cell.plainText }
    guard let first = text.unicodeScalars.first else { return text }
    return ["=", "+", "-", "@", "\t", "\r"].contains(first) ? "'" + text : text
  }
}

/// Writes aligned columns for people: a line of names, then a line a row, unknown values as `-`.
///
/// The first rows decide how wide a column is and, if they are all numbers, that it is aligned to the right. On a terminal
/// the widest columns of text are cut so that a line fits, numbers never, and times not before the minute. Where no line
/// would fit even so, only what is wider than the terminal is cut: what would be left of the others tells nothing. Elsewhere
/// nothing is cut.
struct TableWriter: RowWriter {
  /// How many rows are looked at before the first is written.
  static let sampleSize = 500
  /// Without a terminal's limit, one very long text shall not pad every other row to its length.
  private static let widestPadding = 80
  private static let narrowestText = 8
  /// What `2026-11-20 03:10…` takes.
  private static let narrowestTime = 17
  private static let gap = "  "

  private let style: TableStyle
  private var names: [String] = []
  private var sample: [[Cell]] = []
  private var layout: [Column]?
  /// Whether rows come in portions, each of which is to be seen at once, and columns grow with them.
  private var isLive = false

  private struct Column {
    var width: Int
    var isNumeric: Bool
    var hasValue = false
    var isTime = false
    var narrowest: Int { isTime ? narrowestTime : narrowestText }
  }

  /// A writer for a terminal or a file.
  ///
  /// - Parameter style: What the terminal can show.
  init(style: TableStyle) {
    self.style = style
  }

  mutating func begin(_ columns: [String], into output: inout String) {
    names = columns.map { SafeText.visible($0) }
  }

  mutating func append(_ row: [Cell], into output: inout String) {
    if let layout, !isLive {
      write(row.map(text), layout, into: &output)
    } else {
      sample.append(row)
      if sample.count == Self.sampleSize { writeSample(into: &output) }
    }
  }

  mutating func end(into output: inout String) {
    if layout == nil || isLive && !sample.isEmpty { writeSample(into: &output) }
  }

  mutating func flush(into output: inout String) {
    isLive = true
    if !sample.isEmpty { writeSample(into: &output) }
  }

  private mutating func writeSample(into output: inout String) {
    let columns = arrange()
    if layout == nil { writeNames(columns, into: &output) }
    layout = columns
    for row in sample { write(row.map(text), columns, into: &output) }
    sample = []
  }

  private func writeNames(_ columns: [Column], into output: inout String) {
    if style.isColored { output += "\u{1b}[1m" }
    write(names, columns, into: &output, end: style.isColored ? "\u{1b}[0m\n" : "\n")
  }

  /// Finds widths for all columns, none narrower than it was for rows before.
  private func arrange() -> [Column] {
    var columns = layout ?? names.map { Column(width: DisplayWidth.of($0), isNumeric: true) }
    // A column that had no value yet may be of numbers still.
    for index in columns.indices where layout != nil && !columns[index].hasValue {
      columns[index].isNumeric = true
    }
    var hasNumber = columns.map { $0.hasValue && $0.isNumeric }
    for row in sample {
      for (index, cell) in row.enumerated() where columns.indices.contains(index) {
        columns[index].width = max(columns[index].width, DisplayWidth.of(text(cell)))
        if cell != .null {
          columns[index].hasValue = true
          columns[index].isTime = columns[index].isTime || Self.isTime(cell)
        }
        if cell.isNumber {
          hasNumber[index] = true
        } else if cell != .null {
          columns[index].isNumeric = false
        }
      }
    }
    for index in columns.indices {
      columns[index].isNumeric = columns[index].isNumeric && hasNumber[index]
      if !columns[index].isNumeric {
        columns[index].width = min(
          columns[index].width, max(style.width ?? Self.widestPadding, Self.narrowestText))
      }
    }
    guard let width = style.width else { return columns }
    return fit(columns, into: width) ?? columns
  }

  /// The columns, so narrow that a line fits into a terminal; `nil` where it cannot.
  private func fit(_ natural: [Column], into width: Int) -> [Column]? {
    var columns = natural
    var excess = columns.reduce(0) { $0 + $1.width } + Self.gap.utf8.count * max(0, columns.count - 1) - width
    while excess > 0 {
      let widest = columns.indices.filter {
        !columns[$0].isNumeric && columns[$0].width > columns[$0].narrowest
      }.max { columns[$0].width < columns[$1].width }
      guard let widest else { return nil }
      columns[widest].width -= 1
      excess -= 1
    }
    return columns
  }

  /// Whether a cell is a time as people read it: `2026-11-20 03:10`, and what may follow.
  private static func isTime(_ cell: Cell) -> Bool {
    guard case .text(let text) = cell else { return false }
    let form = Array("0000-00-00 00:00".utf8)
    let bytes = Array(text.utf8.prefix(form.count))
    return bytes.count == form.count
      && zip(bytes, form).allSatisfy { $1 == 0x30 ? (0x30...0x39).contains($0) : $0 == $1 }
  }

  private func text(_ cell: Cell) -> String {
    cell == .null ? "-" : SafeText.visible(cell.plainText)
  }

  private func write(_ cells: [String], _ columns: [Column], into output: inout String, end: String = "\n") {
    var line = ""
    var missing = 0
    for (index, (cell, column)) in zip(cells, columns).enumerated() {
      var cell = cell
      if style.width != nil, !column.isNumeric {
        cell = DisplayWidth.cut(cell, to: column.width, mark: style.isUnicode ? "…" : "~")
      }
      if index > 0 { missing += Self.gap.utf8.count }
      let room = max(0, column.width - DisplayWidth.of(cell))
      // Spaces are written only when something follows them, so that no line ends in one.
      if cell.isEmpty {
        missing += room
        continue
      }
      line += String(repeating: " ", count: missing + (column.isNumeric ? room : 0)) + cell
      missing = column.isNumeric ? 0 : room
    }
    output += line + end
  }
}

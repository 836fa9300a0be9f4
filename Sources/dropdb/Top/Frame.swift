import DropReport

/// How a piece of text stands out.
struct TextStyle: OptionSet, Hashable {
  let rawValue: UInt8

  static let bold = TextStyle(rawValue: 1)
  static let dim = TextStyle(rawValue: 2)
  static let reversed = TextStyle(rawValue: 4)
  static let red = TextStyle(rawValue: 8)
  static let cyan = TextStyle(rawValue: 16)
}

/// A line of the screen.
struct FrameLine: Equatable {
  struct Part: Equatable {
    var text: String
    var style: TextStyle
  }

  private(set) var parts: [Part] = []
  /// The columns it takes.
  private(set) var width = 0

  init() {}

  init(_ text: String, _ style: TextStyle = []) {
    append(text, style)
  }

  /// Adds text without active characters.
  mutating func append(_ text: String, _ style: TextStyle = []) {
    guard !text.isEmpty else { return }
    parts.append(Part(text: text, style: style))
    width += DisplayWidth.of(text)
  }

  /// Cuts what does not fit a number of columns.
  func cut(to width: Int, mark: String) -> FrameLine {
    guard self.width > width else { return self }
    var line = FrameLine()
    for part in parts {
      let room = width - line.width
      if DisplayWidth.of(part.text) > room || room == 0 {
        // A part that ends exactly at the edge is followed by another that does not fit.
        line.append(DisplayWidth.cut(part.text, to: room, mark: mark), part.style)
        break
      }
      line.append(part.text, part.style)
    }
    return line
  }

  /// The same in one style over a number of columns, as a selected row.
  func filled(to width: Int, _ style: TextStyle) -> FrameLine {
    var line = FrameLine(text, style)
    line.append(String(repeating: " ", count: max(0, width - line.width)), style)
    return line
  }

  /// Its text without style.
  var text: String { parts.map(\.text).joined() }
}

/// What a screen shows.
struct Frame: Equatable {
  var lines: [FrameLine]

  /// Its text without style, no line of it ending in a blank.
  var text: String {
    lines.map { line in
      var text = line.text
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }.joined()
  }
}

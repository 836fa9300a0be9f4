/// Turns frames into what a terminal must be sent: only the lines that have changed, in one piece.
struct FramePainter {
  /// What terminals that know it take as one change (DEC mode 2026); the others pass over it.
  private static let begin = "\u{1b}[?2026h"
  private static let end = "\u{1b}[?2026l"

  private let isColored: Bool
  private var shown: [FrameLine]?

  /// A painter of a screen of which nothing is known.
  ///
  /// - Parameter isColored: Whether to use colours; bold, dim and reversed text is used without them too.
  init(isColored: Bool) {
    self.isColored = isColored
  }

  /// Forgets what the screen shows, so that all of it is sent next.
  mutating func forget() { shown = nil }

  /// What makes the screen show a frame; empty if it does already.
  mutating func paint(_ frame: Frame) -> String {
    var output = ""
    if shown == nil { output += "\u{1b}[0m\u{1b}[2J" }
    for (index, line) in frame.lines.enumerated() {
      if let shown, shown.indices.contains(index), shown[index] == line { continue }
      output += "\u{1b}[\(index + 1);1H"
      for part in line.parts { output += style(part.style) + part.text }
      output += "\u{1b}[0m\u{1b}[K"
    }
    if let shown, shown.count > frame.lines.count {
      output += "\u{1b}[\(frame.lines.count + 1);1H\u{1b}[J"
    }
    shown = frame.lines
    return output.isEmpty ? "" : Self.begin + output + Self.end
  }

  private func style(_ style: TextStyle) -> String {
    var codes = ["0"]
    if style.contains(.bold) { codes.append("1") }
    if style.contains(.dim) { codes.append("2") }
    if style.contains(.reversed) { codes.append("7") }
    if isColored, style.contains(.red) { codes.append("31") }
    if isColored, style.contains(.cyan) { codes.append("36") }
    return "\u{1b}[" + codes.joined(separator: ";") + "m"
  }
}

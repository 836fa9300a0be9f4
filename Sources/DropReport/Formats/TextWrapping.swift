/// Breaks prose into lines.
enum TextWrapping {
  /// The lines of a text, broken between words so that none takes more columns than `width`, if the words allow it.
  ///
  /// - Parameters:
  ///   - text: A text without active characters.
  ///   - width: The columns of a line.
  ///   - first: What the first line begins with.
  ///   - rest: What the others begin with.
  /// - Returns: At least one line, none with a space at its end.
  static func lines(of text: String, width: Int, first: String, rest: String) -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in text.split(separator: " ") {
      let needed = DisplayWidth.of(line) + (isEmpty ? 0 : 1) + DisplayWidth.of(String(word))
      if !isEmpty, needed > width {
        lines.append(line)
        line = rest
        isEmpty = true
      }
      line += isEmpty ? String(word) : " " + word
      isEmpty = false
    }
    while isEmpty, line.last == " " { line.removeLast() }
    return lines + [line]
  }
}

/// Makes text from outside harmless to look at.
///
/// The names of processes and interfaces are chosen by whoever starts or makes them, and a database may come
/// from anywhere: text may hold terminal escape sequences, line ends, or characters that turn the direction of writing.
public enum SafeText {
  /// A text in which everything that acts rather than shows is written out: `\n`, `\t`, `\x1b`, `\u{202e}`.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - keptLineFeeds: Whether line feeds stay what they are.
  /// - Returns: A text of printing characters.
  public static func visible(_ text: String, keptLineFeeds: Bool = false) -> String {
    guard isUnusual(text) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isActive(scalar), !(keptLineFeeds && scalar == "\n") {
        result += escape(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a text needs a second look: it holds something else than printable ASCII.
  static func isUnusual(_ text: String) -> Bool {
    !text.utf8.allSatisfy { (0x20..<0x7f).contains($0) }
  }

  /// Whether a character acts on a terminal or on the text around it instead of showing.
  static func isActive(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7f }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// A text with every occurrence of a character written twice.
  ///
  /// Scalars are looked at, not `Character`s: a quote followed by a combining mark is still a quote to a parser.
  static func doubling(_ special: Unicode.Scalar, in text: String) -> String {
    guard text.unicodeScalars.contains(special) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == special { result.append(special) }
      result.append(scalar)
    }
    return String(result)
  }

  static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default:
      let hex = String(scalar.value, radix: 16)
      guard scalar.value < 0x100 else { return "\\u{\(hex)}" }
      return "\\x" + (hex.utf8.count < 2 ? "0" : "") + hex
    }
  }
}

/// Writes text into Markdown so that it shows as it is.
enum MarkdownText {
  /// A text in which nothing is markup, HTML, or a link: GitHub's Markdown shows it unchanged on one line.
  static func escaped(_ text: String) -> String {
    let scalars = Array(SafeText.visible(text).unicodeScalars)
    var result = ""
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\\", "`", "*", "[", "]", "|", "~", "#", "!", "@", "$": result += "\\\(scalar)"
      case "_":
        // Between letters and digits an underscore is no markup, and NO_SOCKET stays readable in the source.
        let isInside =
          index > 0 && isWord(scalars[index - 1]) && index + 1 < scalars.count && isWord(scalars[index + 1])
        result += isInside ? "_" : "\\_"
      case ":" where scalars[(index + 1)...].starts(with: ["/", "/"]): result += "\\:"
      case "."
      where index >= 3 && String(String.UnicodeScalarView(scalars[(index - 3)..<index])).lowercased() == "www":
        result += "\\."
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
  }
}

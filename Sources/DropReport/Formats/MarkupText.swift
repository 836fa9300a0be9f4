/// Writes text into HTML and SVG so that it shows as it is.
enum MarkupText {
  /// A text in which nothing is markup, in an element or in an attribute in quotes; what acts is written out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in SafeText.visible(text).unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default:
        // XML has no place for these, whatever they are escaped as.
        if scalar.value == 0xfffe || scalar.value == 0xffff {
          result += "\u{fffd}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}

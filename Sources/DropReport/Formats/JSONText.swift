/// Writes JSON (RFC 8259) that is also harmless on a terminal and inside an HTML page.
package enum JSONText {
  /// A string in quotes.
  ///
  /// Control characters, characters that change the direction of writing, and `<`, `>` and `&`
  /// are written as `\u` escapes, which every JSON reader takes back.
  package static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "<", ">", "&": result += escape(scalar)
      default:
        if SafeText.isActive(scalar) {
          result += escape(scalar)
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  /// A number; `null` for what JSON cannot write: infinities and NaN.
  package static func number(_ value: Double) -> String {
    value.isFinite ? String(value) : "null"
  }

  /// An object of members whose values are JSON already.
  package static func object(_ members: [(name: String, value: String)]) -> String {
    "{" + members.map { string($0.name) + ":" + $0.value }.joined(separator: ",") + "}"
  }

  static func value(_ cell: Cell) -> String {
    switch cell {
    case .null: "null"
    case .integer(let number): String(number)
    case .real(let real): number(real)
    case .text(let text): string(text)
    case .blob: string(cell.plainText)
    case .boolean(let isTrue): isTrue ? "true" : "false"
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    String(scalar).utf16.map { unit in
      let hex = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
    }.joined()
  }
}

import DropReport

extension CaptureSettings {
  /// All settings with what holds and where that comes from, as a configuration file.
  var description: String {
    var lines = [
      "# What 'dropdb capture' goes by, and who says so: an option goes before a variable, that before the file.",
      "# File: \(file.map { SafeText.visible($0) } ?? "none (\(Self.standardFile) does not exist)")",
    ]
    let rows = CaptureSetting.all.map { setting -> (left: String, right: String) in
      if let choice = choices[setting.name], !choice.values.isEmpty {
        let values = setting.kind == .list ? choice.values.flatMap(Self.parts) : choice.values
        return ("\(setting.name) = \(Self.text(values, setting.kind))", SafeText.visible(choice.source.text))
      }
      guard let standard = setting.standard else { return ("#\(setting.name) =", "not set") }
      return ("\(setting.name) = \(Self.text([standard], setting.kind))", "default")
    }
    let width = min(40, rows.map(\.left.count).max() ?? 0)
    for row in rows {
      lines.append(
        row.left + String(repeating: " ", count: max(0, width - row.left.count)) + "  # " + row.right)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The parts of values with commas between them.
  private static func parts(_ text: String) -> [String] {
    text.split(separator: ",").map { part in
      let trimmed = part.drop { $0 == " " }
      return String(trimmed.reversed().drop { $0 == " " }.reversed())
    }
  }

  private static func text(_ values: [String], _ kind: CaptureSetting.Kind) -> String {
    switch kind {
    case .flag: values[0]
    // Who writes something else on the command line is told by the parser.
    case .number: Int64(values[0]) == nil ? quoted(values[0]) : values[0]
    case .text: quoted(values[0])
    case .list, .paths: "[" + values.map(quoted).joined(separator: ", ") + "]"
    }
  }

  /// A basic string of TOML, harmless on a terminal.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      default:
        if SafeText.visible(String(scalar)) == String(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          let hex = String(scalar.value, radix: 16)
          result += "\\U" + String(repeating: "0", count: 8 - hex.utf8.count) + hex
        }
      }
    }
    return result + "\""
  }
}

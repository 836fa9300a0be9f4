extension DatabasePage {
  /// Reads the page: a section for each view, whose table has four columns, and one for the functions, whose table has three.
  init(markdown: String) {
    var views: [View] = []
    var functions: [Function] = []
    for section in Self.sections(markdown) {
      let rows = section.lines.filter { $0.hasPrefix("| `") }.map(Self.cells)
      let columns = rows.filter { $0.count == 4 }.map {
        Column(name: $0[0], type: $0[1], text: $0[2], isNullWhen: $0[3] == "never" ? nil : $0[3])
      }
      functions += rows.filter { $0.count == 3 }.map { Function(call: $0[0], type: $0[1], text: $0[2]) }
      guard !columns.isEmpty else { continue }
      let prose = section.lines.filter { !$0.hasPrefix("|") && !$0.isEmpty }.joined(separator: " ")
      views.append(View(name: section.title, text: Self.plain(prose), columns: columns))
    }
    self.views = views
    self.functions = functions
  }

  private static func sections(_ markdown: String) -> [(title: String, lines: [String])] {
    var sections: [(title: String, lines: [String])] = []
    for line in markdown.split(separator: "\n") {
      if line.hasPrefix("## ") {
        sections.append((String(line.dropFirst(3)), []))
      } else if !sections.isEmpty {
        sections[sections.count - 1].lines.append(String(line))
      }
    }
    return sections
  }

  /// The cells of a row of a table, as plain text; `\|` is no border.
  private static func cells(_ row: String) -> [String] {
    var cells = [""]
    var isEscaped = false
    for character in row.dropFirst() {
      if isEscaped {
        if character != "|" { cells[cells.count - 1].append("\\") }
        cells[cells.count - 1].append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "|" {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
    }
    // Behind the last border stands nothing.
    return cells.dropLast().map { plain($0) }
  }

  /// A text without the marks of code and links, and without space around it.
  private static func plain(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == "`" { continue }
      // [words](address)
      if character == "[", let close = rest.firstIndex(of: "]"), rest[close...].hasPrefix("]("),
        let end = rest[close...].firstIndex(of: ")")
      {
        result += rest[..<close]
        rest = rest[rest.index(after: end)...]
        continue
      }
      result.append(character)
    }
    let start = result.drop { $0 == " " }
    return String(start.prefix(start.reversed().drop { $0 == " " }.count))
  }
}

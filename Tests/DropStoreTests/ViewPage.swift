import Foundation

/// `Schemas/README.md`, the page on the views, as its tables say.
enum ViewPage {
  struct Column: Equatable {
    var name: String
    var type: String
    var text: String
    var null: String
  }

  /// The views that have a section with a table, in order.
  static func views() throws -> [String] { try sections().map(\.view) }

  /// The columns of a view.
  static func columns(of view: String) throws -> [Column] {
    try sections().first { $0.view == view }?.columns ?? []
  }

  /// What the page says of a column.
  static func text(of view: String, column: String) throws -> String {
    try columns(of: view).first { $0.name == column }?.text ?? ""
  }

  private static func sections() throws -> [(view: String, columns: [Column])] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appendingPathComponent("Schemas/README.md"), encoding: .utf8)
    var sections: [(view: String, columns: [Column])] = []
    for line in page.split(separator: "\n") {
      if line.hasPrefix("## ") {
        sections.append((String(line.dropFirst(3)), []))
      } else if line.hasPrefix("| `") {
        let cells = line.replacingOccurrences(of: "\\|", with: "\u{0}").split(separator: "|").map {
          $0.trimmingCharacters(in: .whitespaces)
        }
        guard cells.count == 4, !sections.isEmpty else { continue }
        let name = cells[0].trimmingCharacters(in: CharacterSet(charactersIn: "`"))
        sections[sections.count - 1].columns.append(
          Column(name: name, type: cells[1], text: cells[2], null: cells[3]))
      }
    }
    return sections.filter { !$0.columns.isEmpty }
  }
}

/// Writes rows as JSON objects: one array of them, or one a line.
///
/// Names of columns that occur twice are told apart by a number (`count`, `count_2`), because an object has one value a name.
/// Times in nanoseconds are whole numbers beyond 2^53: a reader that keeps numbers as doubles should take `time` instead of `ts`.
struct JSONWriter: RowWriter, Sendable {
  /// Whether the objects stand in an array.
  enum Layout: Sendable {
    /// One array, valid also without any row.
    case array
    /// One object a line (JSON Lines).
    case lines
  }

  private let layout: Layout
  private var keys: [String] = []
  private var isFirst = true

  /// A writer.
  ///
  /// - Parameter layout: Whether the objects stand in an array.
  init(layout: Layout) {
    self.layout = layout
  }

  mutating func begin(_ columns: [String], into output: inout String) {
    var taken: Set<String> = []
    for column in columns {
      var name = column
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(column)_\(number)"
        number += 1
      }
      keys.append(JSONText.string(name))
    }
    if layout == .array { output += "[" }
  }

  mutating func append(_ row: [Cell], into output: inout String) {
    if layout == .array { output += isFirst ? "\n" : ",\n" }
    isFirst = false
    output += "{"
    for (index, (key, cell)) in zip(keys, row).enumerated() {
      if index > 0 { output += "," }
      output += key
      output += ":"
      output += JSONText.value(cell)
    }
    output += layout == .array ? "}" : "}\n"
  }

  mutating func end(into output: inout String) {
    if layout == .array { output += isFirst ? "]\n" : "\n]\n" }
  }
}

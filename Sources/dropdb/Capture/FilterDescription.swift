import DropReport

/// A filter in the words of its options, for people and for the database.
struct FilterDescription {
  /// The options that were given, by their names with `_` for `-`, and their values.
  let parts: [(name: String, values: [String])]

  init(_ parts: [(name: String, values: [String])]) {
    self.parts = parts.filter { !$0.values.isEmpty }
  }

  /// What is recorded: `reason NO_SOCKET or TCP_CSUM, port 443`; `nil` where all is.
  var text: String? {
    guard !parts.isEmpty else { return nil }
    return parts.map { part in
      part.name.replacing("_", with: " ") + " " + part.values.joined(separator: " or ")
    }.joined(separator: ", ")
  }

  /// Members of a JSON object, whose values are JSON already.
  var members: [(name: String, value: String)] {
    parts.map { ($0.name, "[" + $0.values.map(JSONText.string).joined(separator: ",") + "]") }
  }
}

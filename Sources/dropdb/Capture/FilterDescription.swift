import DropReport

/// A filter in the words of its options, for people and for the database.
struct FilterDescription {
  /// The options that were given, by their names with `_` for `-`, and their values.
  let parts: [(name: String, values: [String])]

  /// The one part that says what is not wanted.
  private static let exclusion = "not_reason"

  init(_ parts: [(name: String, values: [String])]) {
    self.parts = parts.filter { !$0.values.isEmpty }
  }

  /// What is recorded: `only port 443, but not reason OTHERHOST`; `nil` where all is.
  var text: String? {
    guard !parts.isEmpty else { return nil }
    let wanted = parts.filter { $0.name != Self.exclusion }.map { part in
      part.name + " " + part.values.joined(separator: " or ")
    }
    let excluded = parts.first { $0.name == Self.exclusion }.map { part in
      "not reason " + part.values.joined(separator: " or ")
    }
    let only = wanted.isEmpty ? "all" : "only " + wanted.joined(separator: ", ")
    return excluded.map { "\(only), but \($0)" } ?? only
  }

  /// Members of a JSON object, whose values are JSON already.
  var members: [(name: String, value: String)] {
    parts.map { ($0.name, "[" + $0.values.map(JSONText.string).joined(separator: ",") + "]") }
  }
}

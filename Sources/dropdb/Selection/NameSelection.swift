import DropReport
import DropStore

/// Names of interfaces, processes and the like, as a user writes them: as they are, or as patterns with `*` and `?`.
enum NameSelection {
  /// The drops of which a column has one of some names.
  static func condition(_ column: DropColumn, _ texts: [String]) -> DropCondition {
    let patterns = texts.map { TextPattern($0) }
    let names = patterns.compactMap(\.onlyMatch)
    let others = patterns.filter { $0.onlyMatch == nil }
    if others.isEmpty { return .isOne(column, of: Set(names.map(SQLValue.text))) }
    return .any([.isOne(column, of: Set(names.map(SQLValue.text))), .matches(column, others)])
  }

  /// What to say of a name that a database does not have; `nil` if it does.
  ///
  /// - Parameters:
  ///   - text: The name, or a pattern.
  ///   - what: What it would be the name of: `interface`.
  ///   - names: The names that the database has.
  /// - Returns: A sentence with near names, without a full stop.
  static func doubt(_ text: String, _ what: String, among names: [String]) -> String? {
    let pattern = TextPattern(text)
    if names.contains(where: { pattern.matches($0) }) { return nil }
    let near = NearNames.of(pattern.onlyMatch ?? text, among: names)
    let hint =
      names.isEmpty
      ? "it has none at all"
      : near.isEmpty && names.count <= 8
        ? "it has \(names.joined(separator: ", "))"
        : near.isEmpty ? "" : "near names are \(near.joined(separator: ", "))"
    let verb = pattern.onlyMatch == nil ? "matches" : "is called"
    return "no \(what) in this database \(verb) '\(text)'" + (hint.isEmpty ? "" : "; \(hint)")
  }
}

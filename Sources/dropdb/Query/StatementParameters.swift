import DropStore

/// The values for the parameters of statements, as they were given by name.
struct StatementParameters {
  private let values: [(name: String, value: SQLValue)]

  /// Takes assignments such as `port=53`; of a name given twice the last counts.
  init(_ assignments: [String]) {
    values = assignments.compactMap(Self.assignment)
  }

  /// The name and the value of `name=value`; `nil` for what is none.
  static func assignment(_ text: String) -> (name: String, value: SQLValue)? {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return nil }
    let name = text[..<sign]
    let bare = isSigil(name.first) ? name.dropFirst() : name
    return bare.isEmpty ? nil : (String(bare), value(String(text[text.index(after: sign)...])))
  }

  /// A value by its form: a number, text where it is marked or looks like nothing else, NULL.
  static func value(_ text: String) -> SQLValue {
    if text.hasPrefix("text:") { return .text(String(text.dropFirst(5))) }
    for quote in ["'", "\""] where text.utf8.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote) {
      return .text(String(text.dropFirst().dropLast()))
    }
    if text.lowercased() == "null" { return .null }
    // Not all that Swift takes for a number is meant as one: infinity, nan, 0x10.
    guard text.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) }) else { return .text(text) }
    if let whole = Int64(text) { return .integer(whole) }
    if let real = Double(text), real.isFinite { return .real(real) }
    return .text(text)
  }

  /// Throws unless every statement finds its parameters, and each value is one of a parameter.
  func requireAll(for statements: [SQLStatement]) throws(CommandFailure) {
    let wanted = statements.flatMap { Self.names(of: $0) }
    for name in wanted where name.isRequired && value(of: name) == nil {
      throw .usage("the SQL has the parameter \(name.shown), and no -p \(name.bare)=VALUE gives its value")
    }
    for (name, _) in values where !wanted.contains(where: { $0.bare == name }) {
      let near = NearNames.of(name, among: wanted.map(\.bare))
      let has =
        wanted.isEmpty
        ? "it has none"
        : near.first.map { "did you mean \($0)?" } ?? "it has " + wanted.map(\.shown).joined(separator: ", ")
      throw .usage("the SQL has no parameter '\(name)'; \(has)")
    }
  }

  /// The values for a statement, in the order of its parameters.
  func values(for statement: SQLStatement) -> [SQLValue] {
    Self.names(of: statement).map { value(of: $0) ?? .null }
  }

  private func value(of name: Name) -> SQLValue? { values.last { $0.name == name.bare }?.value }

  /// The name of a parameter, without and with the character before it.
  private struct Name {
    let bare: String
    let shown: String
    /// Whether the SQL has it for sure.
    let isRequired: Bool
  }

  private static func names(of statement: SQLStatement) -> [Name] {
    // Where there is ?9, SQLite counts nine, and does not tell whether there is a ? for each of those before.
    let numbered = statement.parameters.lastIndex { $0?.hasPrefix("?") == true } ?? -1
    return statement.parameters.enumerated().map { index, name in
      guard let name else {
        return Name(bare: String(index + 1), shown: "?\(index + 1)", isRequired: index > numbered)
      }
      return Name(bare: String(name.dropFirst()), shown: name, isRequired: true)
    }
  }

  private static func isSigil(_ character: Character?) -> Bool {
    character == ":" || character == "@" || character == "$" || character == "?"
  }
}

/// An expression in SQL over the columns of the view `drops`, which has been found to be one.
public struct DropExpression: Sendable {
  /// The expression as it was written.
  public let sql: String
  /// The columns that it may name: words that only look like them do no harm.
  let columns: [DropColumn]
  /// Whether it depends on more than those columns, and so on the event itself.
  let isOfEachEvent: Bool

  /// What gives another value for each event: its time, and chance.
  private static let wordsOfEachEvent: Set<String> = ["ts", "time", "random", "randomblob"]

  fileprivate init(checked sql: String) {
    self.sql = sql
    let words = Self.words(of: sql)
    columns = DropColumn.allCases.filter { words.contains($0.name) }
    isOfEachEvent = !words.isDisjoint(with: Self.wordsOfEachEvent)
  }

  /// What is true where this is false or NULL.
  var negated: DropExpression { DropExpression(checked: "(\(sql)\n) IS NOT TRUE") }

  /// All that may be a name in SQL, in lower case.
  private static func words(of sql: String) -> Set<String> {
    var words: Set<String> = []
    var word = ""
    for scalar in sql.unicodeScalars {
      let isPart =
        scalar.value >= 0x80 || scalar == "_" || ("a"..."z").contains(scalar)
        || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
      if isPart {
        word.unicodeScalars.append(scalar)
      } else if !word.isEmpty {
        words.insert(word.lowercased())
        word = ""
      }
    }
    if !word.isEmpty { words.insert(word.lowercased()) }
    return words
  }
}

extension DropReader {
  /// Looks at an expression over the columns of the view `drops`.
  ///
  /// - Parameter sql: What may stand behind `WHERE`: `dport = 53 AND length > 1000`.
  /// - Returns: The expression.
  /// - Throws: ``StoreError`` whose ``StoreError/sql`` is the expression itself, with the place in it, when it is none, does
  ///   more than read, or has parameters.
  public func expression(_ sql: String) throws(StoreError) -> DropExpression {
    // Alone first, so that a closing parenthesis too many is found; then in parentheses, so that it is nothing but an
    // expression.
    try requireCondition(sql, opening: "", closing: "")
    try requireCondition(sql, opening: "(", closing: "\n)")
    return DropExpression(checked: sql)
  }

  private func requireCondition(
    _ sql: String, opening: String, closing: String
  ) throws(StoreError) {
    let before = "SELECT 1 FROM drops WHERE \(opening)"
    do {
      _ = try prepare(before + sql + closing)
    } catch {
      // Where something is missing at the end, SQLite gives no place.
      let isIncomplete = error.message == "incomplete input" || Self.isBlank(sql)
      let offset =
        isIncomplete
        ? sql.utf8.count : error.sqlOffset.map { min(max(0, $0 - before.utf8.count), sql.utf8.count) }
      throw StoreError(
        code: error.code, path: error.path, sql: sql, sqlOffset: offset,
        message: Self.isBlank(sql) ? "the expression is empty" : error.message)
    }
  }

  private static func isBlank(_ sql: String) -> Bool {
    SQLText.firstToken(in: sql.utf8[...]) == sql.utf8.count
  }
}

/// Asks whether an expression holds for some values of its columns.
final class ExpressionTest {
  let columns: [DropColumn]
  private var statement: Statement

  init(_ connection: borrowing Connection, _ expression: DropExpression) throws(StoreError) {
    columns = expression.columns
    let values = columns.enumerated().map { index, column in
      // Numbers are compared as the view compares them, with text that looks like one too.
      column.isStoredNumber
        ? "CAST(?\(index + 1) AS INTEGER) AS \(column.name)" : "?\(index + 1) AS \(column.name)"
    }
    let list = values.isEmpty ? "1 AS one" : values.joined(separator: ", ")
    statement = try connection.prepare(
      "SELECT 1 FROM (SELECT \(list)) AS drops WHERE (\(expression.sql)\n)")
  }

  func holds(_ values: [SQLValue]) throws(StoreError) -> Bool {
    for (index, value) in values.enumerated() { try statement.bind(Int32(index + 1), value) }
    let holds = try statement.step()
    statement.reset()
    return holds
  }
}

extension DropColumn {
  /// Whether the view shows a column of numbers as it is stored.
  fileprivate var isStoredNumber: Bool {
    switch self {
    case .reasonValue, .sport, .dport, .icmpType, .icmpCode, .vlan, .length, .ifindex, .pid, .uid, .mark,
      .cpu,
      .stack, .cookie, .tunnelID, .innerSport, .innerDport, .routine:
      true
    default: false
    }
  }
}

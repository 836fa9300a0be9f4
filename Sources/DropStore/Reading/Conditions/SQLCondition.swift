/// A condition in SQL: an expression over the columns of the view `drops`, and the values of its parameters.
public struct SQLCondition: Hashable, Sendable {
  /// The expression, with `?` for each parameter; it stands by itself, as in parentheses.
  ///
  /// Only where networks are asked for, it calls `cidr_match(address, network)`, which SQLite does not have by itself.
  public let text: String
  /// The values of its parameters, in their order.
  public let parameters: [SQLValue]
}

extension DropCondition {
  /// The same in SQL.
  public var sql: SQLCondition { form.sql }
}

extension DropCondition.Form {
  var sql: SQLCondition {
    switch self {
    case .test(let column, let test): test.sql(of: column)
    // Behind a line end, so that a comment in the expression ends.
    case .expression(let expression): SQLCondition(text: "(\(expression.sql)\n)", parameters: [])
    case .all(let forms): .joined(forms.map(\.sql), by: " AND ", empty: "1")
    case .any(let forms): .joined(forms.map(\.sql), by: " OR ", empty: "0")
    }
  }
}

extension SQLCondition {
  /// Some conditions as one.
  ///
  /// - Parameters:
  ///   - conditions: The conditions.
  ///   - operation: What stands between two of them.
  ///   - empty: What none of them means.
  /// - Returns: The condition.
  static func joined(_ conditions: [SQLCondition], by operation: String, empty: String) -> SQLCondition {
    guard !conditions.isEmpty else { return SQLCondition(text: empty, parameters: []) }
    return SQLCondition(
      text: "(" + conditions.map(\.text).joined(separator: operation) + ")",
      parameters: conditions.flatMap(\.parameters))
  }
}

extension ValueTest {
  fileprivate func sql(of column: DropColumn) -> SQLCondition {
    let met = met(column.name)
    return isExcluding ? SQLCondition(text: "NOT \(met.text)", parameters: met.parameters) : met
  }

  /// 1 or 0, and never NULL, so that NOT gives all others.
  private func met(_ column: String) -> SQLCondition {
    switch kind {
    case .values(let values):
      let known = values.filter { $0 != .null }.sorted { $0.precedes($1) }
      let marks = known.map { _ in "?" }.joined(separator: ", ")
      let text =
        known.count == values.count
        ? "ifnull(\(column) IN (\(marks)), 0)" : "(\(column) IS NULL OR \(column) IN (\(marks)))"
      return SQLCondition(text: text, parameters: known)
    case .ranges(let ranges):
      return Self.either(
        ranges.map {
          SQLCondition(
            text: "ifnull(\(column) BETWEEN ? AND ?, 0)",
            parameters: [.integer($0.lowerBound), .integer($0.upperBound)])
        })
    case .patterns(let patterns):
      return Self.either(
        patterns.map {
          SQLCondition(text: "ifnull(\(column) GLOB ?, 0)", parameters: [.text($0.glob)])
        })
    case .networks(let networks):
      return Self.either(
        networks.map {
          SQLCondition(text: "ifnull(cidr_match(\(column), ?), 0)", parameters: [.text($0.description)])
        })
    }
  }

  private static func either(_ conditions: [SQLCondition]) -> SQLCondition {
    .joined(conditions, by: " OR ", empty: "(0)")
  }
}

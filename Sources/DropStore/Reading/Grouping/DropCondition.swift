/// Which drops a grouping is about: those whose value in a column is one of some, or none of them.
public struct DropCondition: Sendable {
  let column: DropColumn
  let values: Set<SQLValue>
  let isExcluding: Bool

  /// Drops whose value is one of some.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - values: The values, as the view shows them; `.null` is one like others.
  /// - Returns: The condition, `column IS … OR column IS …` in SQL.
  public static func isOne(_ column: DropColumn, of values: Set<SQLValue>) -> DropCondition {
    DropCondition(column: column, values: values, isExcluding: false)
  }

  /// Drops whose value is none of some.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - values: The values, as the view shows them; `.null` is one like others.
  /// - Returns: The condition, `column IS NOT … AND column IS NOT …` in SQL.
  public static func isNone(_ column: DropColumn, of values: Set<SQLValue>) -> DropCondition {
    DropCondition(column: column, values: values, isExcluding: true)
  }

  func holds(_ value: SQLValue) -> Bool { values.contains(value) != isExcluding }
}

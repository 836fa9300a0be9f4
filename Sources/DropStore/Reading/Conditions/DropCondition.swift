/// Which drops are meant, by what the view `drops` shows of them.
///
/// A condition is told of the values in columns, so it is looked at once for each different value or row of a dictionary,
/// not for each of millions of events. Conditions are put together by ``any(_:)`` and ``all(_:)``.
public struct DropCondition: Sendable {
  indirect enum Form: Sendable {
    case test(DropColumn, ValueTest)
    case expression(DropExpression)
    case all([Form])
    case any([Form])
  }

  let form: Form

  init(_ form: Form) { self.form = form }

  /// Drops whose value is one of some.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - values: The values, as the view shows them; `.null` is one like others.
  /// - Returns: The condition, `column IS … OR column IS …` in SQL.
  public static func isOne(_ column: DropColumn, of values: Set<SQLValue>) -> DropCondition {
    DropCondition(.test(column, ValueTest(.values(values))))
  }

  /// Drops whose value is none of some.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - values: The values, as the view shows them; `.null` is one like others.
  /// - Returns: The condition, `column IS NOT … AND column IS NOT …` in SQL.
  public static func isNone(_ column: DropColumn, of values: Set<SQLValue>) -> DropCondition {
    DropCondition(.test(column, ValueTest(.values(values), isExcluding: true)))
  }

  /// Drops whose number lies in one of some ranges; an unknown one does not.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - ranges: The ranges, their ends included.
  /// - Returns: The condition, `column BETWEEN … AND … OR …` in SQL.
  public static func lies(_ column: DropColumn, in ranges: [ClosedRange<Int64>]) -> DropCondition {
    DropCondition(.test(column, ValueTest(.ranges(ranges))))
  }

  /// Drops whose text has one of some patterns; an unknown one has none.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - patterns: The patterns.
  /// - Returns: The condition, `column GLOB … OR …` in SQL.
  public static func matches(_ column: DropColumn, _ patterns: [TextPattern]) -> DropCondition {
    DropCondition(.test(column, ValueTest(.patterns(patterns))))
  }

  /// Drops whose address is in one of some networks; an unknown one is in none.
  ///
  /// - Parameters:
  ///   - column: A column of addresses.
  ///   - networks: The networks.
  /// - Returns: The condition, `cidr_match(column, …) OR …` in SQL.
  public static func belongs(_ column: DropColumn, to networks: [AddressNetwork]) -> DropCondition {
    DropCondition(.test(column, ValueTest(.networks(networks))))
  }

  /// Drops for which an expression in SQL is true.
  ///
  /// - Parameter expression: The expression, which ``DropReader/expression(_:)`` has looked at.
  /// - Returns: The condition.
  public static func holds(_ expression: DropExpression) -> DropCondition {
    DropCondition(.expression(expression))
  }

  /// Drops for which at least one of some conditions holds.
  public static func any(_ conditions: [DropCondition]) -> DropCondition {
    DropCondition(.any(conditions.map(\.form)))
  }

  /// Drops for which each of some conditions holds.
  public static func all(_ conditions: [DropCondition]) -> DropCondition {
    DropCondition(.all(conditions.map(\.form)))
  }

  /// Drops for which this condition does not hold; an expression in SQL that is NULL does not hold.
  public var negated: DropCondition { DropCondition(form.negated) }

  /// The columns whose values decide.
  public var columns: Set<DropColumn> { form.columns }

  /// Whether it can be told of drops that are only counted.
  public var isCounted: Bool { !form.isOfEachEvent && columns.allSatisfy(\.isCounted) }

  /// Whether it must be asked for each single event, because it depends on its time or on chance.
  public var isOfEachEvent: Bool { form.isOfEachEvent }
}

extension DropCondition.Form {
  var columns: Set<DropColumn> {
    switch self {
    case .test(let column, _): [column]
    case .expression(let expression): Set(expression.columns)
    case .all(let forms), .any(let forms): forms.reduce(into: []) { $0.formUnion($1.columns) }
    }
  }

  var isOfEachEvent: Bool {
    switch self {
    case .test: false
    case .expression(let expression): expression.isOfEachEvent
    case .all(let forms), .any(let forms): forms.contains { $0.isOfEachEvent }
    }
  }

  var negated: DropCondition.Form {
    switch self {
    case .test(let column, let test): .test(column, ValueTest(test.kind, isExcluding: !test.isExcluding))
    case .expression(let expression): .expression(expression.negated)
    case .all(let forms): .any(forms.map(\.negated))
    case .any(let forms): .all(forms.map(\.negated))
    }
  }

  /// The parts each of which must hold.
  var conjuncts: [DropCondition.Form] {
    if case .all(let forms) = self { forms.flatMap(\.conjuncts) } else { [self] }
  }
}

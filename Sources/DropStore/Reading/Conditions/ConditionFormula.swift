/// How single tests are put together to a condition.
indirect enum ConditionFormula {
  /// A test by its number.
  case test(Int)
  case all([ConditionFormula])
  case any([ConditionFormula])

  /// Whether the whole holds.
  ///
  /// - Parameter test: Whether a test holds; asked only for those that still decide.
  /// - Returns: Whether they hold as they are put together.
  /// - Throws: What `test` throws.
  @inline(__always)
  func holds(_ test: (Int) throws(StoreError) -> Bool) throws(StoreError) -> Bool {
    try Self.holds(self, test)
  }

  private static func holds(
    _ formula: ConditionFormula, _ test: (Int) throws(StoreError) -> Bool
  ) throws(StoreError) -> Bool {
    switch formula {
    case .test(let number): return try test(number)
    case .all(let formulas):
      for formula in formulas {
        guard try holds(formula, test) else { return false }
      }
      return true
    case .any(let formulas):
      for formula in formulas where try holds(formula, test) { return true }
      return false
    }
  }
}

/// A single test of a condition.
enum ConditionTest {
  case column(DropColumn, ValueTest)
  case expression(DropExpression)
}

extension DropCondition.Form {
  /// The same with its tests numbered, which are put at the end of a list.
  func formula(_ tests: inout [ConditionTest]) -> ConditionFormula {
    switch self {
    case .test(let column, let test):
      tests.append(.column(column, test))
      return .test(tests.count - 1)
    case .expression(let expression):
      tests.append(.expression(expression))
      return .test(tests.count - 1)
    case .all(let forms): return .all(forms.map { $0.formula(&tests) })
    case .any(let forms): return .any(forms.map { $0.formula(&tests) })
    }
  }
}

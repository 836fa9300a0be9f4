/// What must hold of the rows of a table, and what is told of each of those that are left.
final class RowConditions {
  private enum Test {
    case column(Int, ValueTest)
    case expression(ExpressionTest, columns: [Int])
  }

  private let columns: [ShownValues]
  private var tests: [Test] = []
  /// For each test the answers by the number of a value: 0 where it has not been asked for, 1 for no, 2 for yes.
  private var answers: [[UInt8]]
  private let required: ConditionFormula
  private let flags: [ConditionFormula]

  /// How many conditions may be told of a row.
  static let mostFlags = 32

  /// Conditions.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - columns: the columns of the table that are read.
  ///   - place: where a column stands among them.
  ///   - required: what must hold.
  ///   - flags: what is told, at most ``mostFlags``.
  /// - Throws: when the database cannot be read.
  init(
    _ connection: borrowing Connection, _ columns: [ShownValues], place: (DropColumn) -> Int,
    required: [DropCondition.Form], flags: [DropCondition.Form]
  ) throws(StoreError) {
    self.columns = columns
    var tests: [ConditionTest] = []
    self.required = .all(required.map { $0.formula(&tests) })
    self.flags = flags.map { $0.formula(&tests) }
    answers = tests.map { _ in [] }
    for test in tests {
      switch test {
      case .column(let column, let test): self.tests.append(.column(place(column), test))
      case .expression(let expression):
        let test = try ExpressionTest(connection, expression)
        self.tests.append(.expression(test, columns: test.columns.map(place)))
      }
    }
  }

  /// Whether a row is one of those that are meant; of one that is not there, all columns are NULL.
  func hold(for row: borrowing Statement, isThere: Bool) throws(StoreError) -> Bool {
    try holds(required, row, isThere)
  }

  /// Which of the flags hold for a row, the first as the lowest bit.
  func flags(of row: borrowing Statement, isThere: Bool) throws(StoreError) -> UInt32 {
    var bits: UInt32 = 0
    for (index, flag) in flags.enumerated() where try holds(flag, row, isThere) { bits |= 1 << UInt32(index) }
    return bits
  }

  private func holds(
    _ formula: ConditionFormula, _ row: borrowing Statement, _ isThere: Bool
  ) throws(StoreError) -> Bool {
    switch formula {
    case .test(let number): return try holds(number, row, isThere)
    case .all(let formulas):
      for formula in formulas {
        guard try holds(formula, row, isThere) else { return false }
      }
      return true
    case .any(let formulas):
      for formula in formulas where try holds(formula, row, isThere) { return true }
      return false
    }
  }

  private func holds(_ number: Int, _ row: borrowing Statement, _ isThere: Bool) throws(StoreError) -> Bool {
    switch tests[number] {
    case .column(let column, let test):
      let code = Int(try code(row, isThere, column))
      if code >= answers[number].count {
        answers[number].append(contentsOf: repeatElement(0, count: code + 1 - answers[number].count))
      }
      if answers[number][code] == 0 {
        answers[number][code] = test.holds(columns[column].shown[UInt32(code)]) ? 2 : 1
      }
      return answers[number][code] == 2
    case .expression(let test, let places):
      var values: [SQLValue] = []
      for place in places {
        // First, as it may add to the values.
        let code = try code(row, isThere, place)
        values.append(columns[place].shown[code])
      }
      return try test.holds(values)
    }
  }

  private func code(_ row: borrowing Statement, _ isThere: Bool, _ column: Int) throws(StoreError) -> UInt32 {
    isThere ? try columns[column].code(of: row, Int32(column + 1)) : 0
  }
}

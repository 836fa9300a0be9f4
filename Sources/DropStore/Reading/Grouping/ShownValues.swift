/// The values of one column as a view shows them, each different one computed once.
final class ShownValues {
  private var stored = ValueTable()
  private(set) var shown = ValueTable()
  /// By the number of a stored value, that of the shown one plus 1; 0 where it has not been computed.
  private var shownCodes: [UInt32] = []
  private var expression: Statement?

  /// Values of a column.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - expression: a `SELECT` of the shown value for the stored value `?1`; none if it is shown as it is stored.
  /// - Throws: when the database cannot be read.
  init(_ connection: borrowing Connection, expression: String?) throws(StoreError) {
    if let expression { self.expression = try connection.prepare(expression) }
  }

  /// The number of the shown value for a stored one.
  func code(of value: SQLValue) throws(StoreError) -> UInt32 { try compute(value) }

  /// The number of the shown value for what stands in a column of a row.
  func code(of statement: borrowing Statement, _ column: Int32) throws(StoreError) -> UInt32 {
    guard expression != nil else { return shown.code(of: statement, column) }
    let code = Int(stored.code(of: statement, column))
    if code >= shownCodes.count {
      shownCodes.append(contentsOf: repeatElement(0, count: code + 1 - shownCodes.count))
    }
    if shownCodes[code] == 0 { shownCodes[code] = try compute(stored[UInt32(code)]) + 1 }
    return shownCodes[code] - 1
  }

  private func compute(_ value: SQLValue) throws(StoreError) -> UInt32 {
    expression?.reset()
    try expression?.bind(1, value)
    // Without a row there is nothing the number refers to: NULL, as a LEFT JOIN has it.
    guard try expression?.step() == true else { return 0 }
    let code: UInt32
    switch expression {
    case .some(let statement): code = shown.code(of: statement, 0)
    case .none: code = 0
    }
    expression?.reset()
    return code
  }
}

internal import CSQLite

/// Numbers the different values of a column from 0 on; 0 is NULL.
///
/// Texts are different if their bytes are, as for SQLite.
struct ValueTable {
  private enum Place {
    case value(SQLValue)
    case text(Int)
  }

  private var places: [Place] = [.value(.null)]
  private var integers = RowTable()
  private var texts = TextTable()
  private var textCodes: [UInt32] = []
  private var others: [SQLValue: UInt32] = [:]

  var count: Int { places.count }

  /// The number of the value in a column of the row that a statement is at.
  mutating func code(of statement: borrowing Statement, _ column: Int32) -> UInt32 {
    switch statement.type(column) {
    case SQLITE_NULL: return 0
    case SQLITE_INTEGER:
      let integer = statement.integer(column)
      let known = integers[integer]
      if known != 0 { return known }
      let code = append(.value(.integer(integer)))
      integers.set(code, for: integer)
      return code
    case SQLITE_TEXT:
      let number = unsafe statement.withText(column) { text in unsafe texts.number(of: text) }
      if number == textCodes.count { textCodes.append(append(.text(number))) }
      return textCodes[number]
    default:
      let value = statement.value(column)
      if let known = others[value] { return known }
      let code = append(.value(value))
      others[value] = code
      return code
    }
  }

  /// The value of a number.
  subscript(code: UInt32) -> SQLValue {
    switch places[Int(code)] {
    case .value(let value): value
    case .text(let number): .text(texts[number])
    }
  }

  private mutating func append(_ place: Place) -> UInt32 {
    places.append(place)
    return UInt32(truncatingIfNeeded: places.count - 1)
  }
}

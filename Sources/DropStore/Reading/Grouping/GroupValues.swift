/// What the groups of a source have in common, by the number of the group.
enum GroupValues: Sendable {
  /// A number each, or NULL for one of them.
  case numbers([Int64], null: UInt32?)
  /// Some values each: their numbers in the tables of the columns, group after group.
  case rows([UInt32], width: Int, [ValueTable])

  /// What tells the value of a group in a column from others.
  func code(_ group: UInt32, _ column: Int) -> UInt32 {
    switch self {
    case .numbers: group
    case .rows(let codes, let width, _): codes[Int(group) * width + column]
    }
  }

  /// A value of a group.
  func value(_ group: UInt32, _ column: Int) -> SQLValue {
    switch self {
    case .numbers(let numbers, let null): group == null ? .null : .integer(numbers[Int(group)])
    case .rows(let codes, let width, let tables): tables[column][codes[Int(group) * width + column]]
    }
  }
}

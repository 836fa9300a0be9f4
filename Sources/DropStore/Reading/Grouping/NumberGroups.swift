/// Groups of numbers that stand for themselves: one for each number, or where the numbers themselves are not asked for, one for all
/// of which the same is told.
final class NumberGroups {
  private let conditions: [ConditionFormula]
  private let flagFormulas: [ConditionFormula]
  private var tests: [Test] = []
  private let path: String
  private var numbers: [Int64] = []
  private var flags: [UInt32] = []
  private var null: UInt32?
  private let isKey: Bool
  private var groupsByFlags: [UInt32: UInt32] = [:]

  private enum Test {
    case value(ValueTest)
    case expression(ExpressionTest)
  }

  /// Groups without any number yet.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - isKey: whether the numbers themselves are asked for.
  ///   - conditions: what must hold of a number, all about the column of these numbers.
  ///   - flags: what is told of the numbers.
  /// - Throws: when the database cannot be read.
  init(
    _ connection: borrowing Connection, isKey: Bool, conditions: [DropCondition.Form],
    flags: [DropCondition.Form]
  ) throws(StoreError) {
    path = connection.handle.path
    self.isKey = isKey
    var tests: [ConditionTest] = []
    self.conditions = conditions.map { $0.formula(&tests) }
    flagFormulas = flags.map { $0.formula(&tests) }
    for test in tests {
      switch test {
      case .column(_, let test): self.tests.append(.value(test))
      case .expression(let expression):
        self.tests.append(.expression(try ExpressionTest(connection, expression)))
      }
    }
  }

  /// How many groups there are.
  var count: Int { numbers.count }

  /// Whether each number is a group, and nothing else is asked of it.
  var isPlain: Bool { isKey && conditions.isEmpty && flagFormulas.isEmpty }

  var values: GroupValues { .numbers(numbers, null: null) }

  /// The number of a group, or NULL.
  func value(_ group: UInt32) -> SQLValue { group == null ? .null : .integer(numbers[Int(group)]) }

  /// Which of the flags hold for a group, the first as the lowest bit.
  func flags(of group: UInt32) -> UInt32 { flags.isEmpty ? 0 : flags[Int(group)] }

  /// Puts what was counted by number into groups.
  ///
  /// - Parameters:
  ///   - counts: how often each number was met; there must be no groups yet.
  ///   - add: takes a group, or ``GroupSource/excluded``, and how often it was met.
  /// - Throws: when there are too many groups, or the database cannot be read.
  func collect(_ counts: RowCounts, add: (_ group: UInt32, _ count: Int64) -> Void) throws(StoreError) {
    guard isKey, conditions.isEmpty, flagFormulas.isEmpty else {
      try counts.forEach { (number, count) throws(StoreError) in add(try group(of: number), count) }
      return
    }
    // Not in place: there may be millions, and each access to a member of an object is watched.
    var found: [Int64] = []
    found.reserveCapacity(counts.distinct + 1)
    try counts.forEach { (number, count) throws(StoreError) in
      guard found.count < Int(Int32.max) else { throw tooMany }
      if number == nil { null = UInt32(found.count) }
      add(UInt32(found.count), count)
      found.append(number ?? 0)
    }
    numbers = found
  }

  /// A group for a number, or NULL, that has none.
  func group(of number: Int64?) throws(StoreError) -> UInt32 {
    let value = number.map(SQLValue.integer) ?? .null
    for condition in conditions {
      guard try holds(condition, value) else { return GroupSource.excluded }
    }
    var bits: UInt32 = 0
    for (index, flag) in flagFormulas.enumerated() where try holds(flag, value) { bits |= 1 << UInt32(index) }
    if !isKey, let group = groupsByFlags[bits] { return group }
    let group = numbers.count
    guard group < Int(Int32.max) else { throw tooMany }
    numbers.append(number ?? 0)
    if !flagFormulas.isEmpty { flags.append(bits) }
    if !isKey { groupsByFlags[bits] = UInt32(group) }
    if number == nil { null = UInt32(group) }
    return UInt32(group)
  }

  private func holds(_ formula: ConditionFormula, _ value: SQLValue) throws(StoreError) -> Bool {
    try formula.holds { (number) throws(StoreError) in
      switch tests[number] {
      case .value(let test): test.holds(value)
      case .expression(let test): try test.holds(test.columns.map { _ in value })
      }
    }
  }

  private var tooMany: StoreError {
    StoreError(code: .tooLarge, path: path, message: "there are more groups than can be counted")
  }
}

/// Groups of numbers that stand for themselves: one for each number.
final class NumberGroups {
  private let conditions: [DropCondition]
  private let path: String
  private var numbers: [Int64] = []
  private var null: UInt32?

  /// Groups without any number yet.
  ///
  /// - Parameters:
  ///   - conditions: what must hold of a number.
  ///   - path: the database, as errors name it.
  init(conditions: [DropCondition], path: String) {
    self.conditions = conditions
    self.path = path
  }

  var values: GroupValues { .numbers(numbers, null: null) }

  /// Puts what was counted by number into groups.
  ///
  /// - Parameters:
  ///   - counts: how often each number was met.
  ///   - add: takes a group, or ``GroupSource/excluded``, and how often it was met.
  /// - Throws: when there are too many groups.
  func collect(_ counts: RowCounts, add: (_ group: UInt32, _ count: Int64) -> Void) throws(StoreError) {
    numbers.reserveCapacity(counts.distinct)
    try counts.forEach { (number, count) throws(StoreError) in add(try group(of: number), count) }
  }

  /// A group for a number, or NULL, that has none.
  func group(of number: Int64?) throws(StoreError) -> UInt32 {
    let value = number.map(SQLValue.integer) ?? .null
    guard conditions.allSatisfy({ $0.holds(value) }) else { return GroupSource.excluded }
    let group = numbers.count
    guard group < Int(Int32.max) else {
      throw StoreError(code: .tooLarge, path: path, message: "there are more groups than can be counted")
    }
    numbers.append(number ?? 0)
    if number == nil { null = UInt32(group) }
    return UInt32(group)
  }
}

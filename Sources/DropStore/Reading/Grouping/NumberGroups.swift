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
  ///   - counts: how often each number was met; there must be no groups yet.
  ///   - add: takes a group and how often it was met.
  /// - Throws: when there are too many groups.
  func collect(_ counts: RowCounts, add: (_ group: UInt32, _ count: Int64) -> Void) throws(StoreError) {
    // Not in place: there may be millions, and each access to a member of an object is watched.
    var found: [Int64] = []
    found.reserveCapacity(counts.distinct + 1)
    try counts.forEach { (number, count) throws(StoreError) in
      guard holds(number) else { return }
      guard found.count < Int(Int32.max) else { throw tooMany }
      if number == nil { null = UInt32(found.count) }
      add(UInt32(found.count), count)
      found.append(number ?? 0)
    }
    numbers = found
  }

  /// A group for a number, or NULL, that has none.
  func group(of number: Int64?) throws(StoreError) -> UInt32 {
    guard holds(number) else { return GroupSource.excluded }
    let group = numbers.count
    guard group < Int(Int32.max) else { throw tooMany }
    numbers.append(number ?? 0)
    if number == nil { null = UInt32(group) }
    return UInt32(group)
  }

  private func holds(_ number: Int64?) -> Bool {
    guard !conditions.isEmpty else { return true }
    let value = number.map(SQLValue.integer) ?? .null
    return conditions.allSatisfy { $0.holds(value) }
  }

  private var tooMany: StoreError {
    StoreError(code: .tooLarge, path: path, message: "there are more groups than can be counted")
  }
}

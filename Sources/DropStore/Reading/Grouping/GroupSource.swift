/// What a scanned row refers to by a number, and which of these belong to the same group.
///
/// Groups are numbered from 0 on in the order in which they come.
final class GroupSource {
  /// The group of what is left out.
  static let excluded = UInt32.max - 1

  /// As long as there are no more different numbers that stand for themselves, their groups are counted.
  static let fewNumbers = 1 << 12

  /// The column of the scanned table that has the number.
  let column: String
  private let kind: Kind
  /// By the number, its group plus 1.
  private var groups = RowTable()
  private var nullGroup: UInt32?

  private enum Kind {
    case numbers(NumberGroups)
    case rows(RowGroups)
  }

  /// Numbers that stand for themselves.
  init(column: String, _ numbers: NumberGroups) {
    self.column = column
    kind = .numbers(numbers)
  }

  /// Numbers of rows of another table.
  init(column: String, _ rows: RowGroups) {
    self.column = column
    kind = .rows(rows)
  }

  /// The largest number that is to be expected.
  var size: Int64 {
    switch kind {
    // Lengths and the like; others are counted well too.
    case .numbers: 1 << 16
    case .rows(let rows): rows.size
    }
  }

  /// Whether there are so many numbers that stand for themselves that the numbers should be counted, and not their groups.
  var isWide: Bool {
    switch kind {
    case .numbers(let numbers): numbers.isPlain && numbers.count > GroupSource.fewNumbers
    case .rows: false
    }
  }

  /// How many bits the number of a group takes, or the number that stands for itself; there may be some that take more.
  var keyBits: UInt64 {
    switch kind {
    case .numbers: isWide ? 32 : 16
    // One is for rows that are not there.
    case .rows(let rows): UInt64(64 - max(1, rows.mostGroups).leadingZeroBitCount)
    }
  }

  /// The values of the groups.
  var values: GroupValues {
    switch kind {
    case .numbers(let numbers): numbers.values
    case .rows(let rows): rows.values
    }
  }

  /// A value of a group.
  func value(_ group: UInt32, _ column: Int) -> SQLValue {
    switch kind {
    case .numbers(let numbers): numbers.value(group)
    case .rows(let rows): rows.value(group, column)
    }
  }

  /// Which of the flags hold for a group, the first as the lowest bit.
  func flags(of group: UInt32) -> UInt32 {
    switch kind {
    case .numbers(let numbers): numbers.flags(of: group)
    case .rows(let rows): rows.flags(of: group)
    }
  }

  /// The group of the number in a column of a row; ``excluded`` where a condition does not hold.
  @inline(__always)
  func group(of row: borrowing Statement, _ column: Int32) throws(StoreError) -> UInt32 {
    let number = row.integer(column)
    // NULL reads as 0, so 0 is looked at again.
    let known = number == 0 ? 0 : groups[number]
    return known != 0 ? known - 1 : try group(of: number == 0 && row.isNull(column) ? nil : number)
  }

  /// Puts what was counted by number into groups.
  ///
  /// - Parameters:
  ///   - counts: how often each number was met; the counts of some are taken out.
  ///   - add: takes a group, or ``excluded``, and how often it was met.
  /// - Throws: when the database is damaged or cannot be read, or the reader is interrupted.
  func collect(_ counts: inout RowCounts, add: (_ group: UInt32, _ count: Int64) -> Void) throws(StoreError) {
    switch kind {
    case .numbers(let numbers): try numbers.collect(counts, add: add)
    case .rows(let rows): try rows.collect(&counts, add: add)
    }
  }

  /// Finds the groups of the numbers in a column.
  ///
  /// - Parameters:
  ///   - rows: rows with the numbers.
  ///   - column: the column.
  ///   - kept: which rows to look at; those go for which a condition does not hold.
  ///   - tuples: room for the groups of each of the rows.
  ///   - width: how many groups a row has there; that of this column stands at its number.
  /// - Throws: when the database is damaged or cannot be read.
  func findGroups(
    of rows: borrowing ColumnRows, _ column: Int, _ kept: inout [Int], _ tuples: inout [UInt32], width: Int
  ) throws(StoreError) {
    if Self.findKnown(groups, rows, column, kept, &tuples, width: width) { return }
    var count = 0
    for index in kept.indices {
      let row = kept[index]
      let place = row * width + column
      if tuples[place] > Self.excluded {
        let number = rows[row, column]
        tuples[place] = try group(of: number == 0 && rows.isNull(row, column) ? nil : number)
      }
      guard tuples[place] != Self.excluded else { continue }
      kept[count] = row
      count += 1
    }
    kept.removeLast(kept.count - count)
  }

  /// Finds the groups of numbers that have come before: without a look at the object, which may change, for each.
  ///
  /// - Returns: whether these are all, and no condition speaks against one. What is not known becomes `UInt32.max`.
  private static func findKnown(
    _ groups: RowTable, _ rows: borrowing ColumnRows, _ column: Int, _ kept: [Int], _ tuples: inout [UInt32],
    width: Int
  ) -> Bool {
    var areAll = true
    for row in kept {
      let number = rows[row, column]
      // NULL reads as 0, so 0 is looked at again.
      let group = (number == 0 ? 0 : groups[number]) &- 1
      tuples[row * width + column] = group
      if group >= excluded { areAll = false }
    }
    return areAll
  }

  private func group(of number: Int64?) throws(StoreError) -> UInt32 {
    guard let number else {
      if let nullGroup { return nullGroup }
      let group = try newGroup(nil)
      nullGroup = group
      return group
    }
    if groups[number] == 0 {
      let group = try newGroup(number)
      // The table may have been filled meanwhile, this number included.
      if groups[number] == 0 { groups.set(group + 1, for: number) }
    }
    return groups[number] - 1
  }

  private func newGroup(_ number: Int64?) throws(StoreError) -> UInt32 {
    switch kind {
    case .numbers(let numbers): return try numbers.group(of: number)
    case .rows(let rows):
      if rows.isWorthLoading {
        try rows.load { (row, group) in
          if groups[row] == 0 { groups.set(group + 1, for: row) }
        }
        if let number, groups[number] != 0 { return groups[number] - 1 }
      }
      return try rows.group(of: number)
    }
  }
}

/// What a scanned row refers to by a number, and which of these belong to the same group.
///
/// Groups are numbered from 0 on in the order in which they come.
final class GroupSource {
  /// The group of what is left out.
  static let excluded = UInt32.max - 1

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

  /// The rows of another table that the numbers mean, if they do.
  var rows: RowGroups? {
    if case .rows(let rows) = kind { rows } else { nil }
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
    return known != 0 ? known - 1 : try slowGroup(of: row, column, number)
  }

  private func slowGroup(
    of row: borrowing Statement, _ column: Int32, _ number: Int64
  ) throws(StoreError) -> UInt32 {
    if number == 0, row.isNull(column) {
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

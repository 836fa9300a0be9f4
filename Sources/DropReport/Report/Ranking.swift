internal import DropStore

/// The most frequent of something.
struct Ranking: Sendable {
  struct Entry: Sendable {
    /// One value for each of ``Ranking/columns``.
    let key: [Cell]
    let packets: Int64
  }

  let basis: Report.Basis
  /// What an entry is told apart by, as the columns of the views are called.
  let columns: [String]
  /// The most frequent, the first of all first; equals in the order of their keys.
  let top: [Entry]
  /// How many different keys there are.
  let distinct: Int
  /// The packets of all keys together.
  let total: Int64

  /// A ranking of nothing.
  init(noneIn columns: [DropColumn], basis: Report.Basis) {
    self.basis = basis
    self.columns = columns.map(\.name)
    top = []
    distinct = 0
    total = 0
  }

  /// Ranks groups of drops that were counted, all of them.
  init(_ groups: [[SQLValue]: TallySums], columns: [DropColumn], top: Int) {
    basis = .counted
    self.columns = columns.map(\.name)
    distinct = groups.count
    // The store has added them up before, so this cannot overflow.
    total = groups.values.reduce(0) { $0 + $1.packets }
    let entries = groups.map { Entry(key: $0.key.map { Cell($0) }, packets: $0.value.packets) }
    self.top = Array(
      entries.sorted { left, right in
        if left.packets != right.packets { return left.packets > right.packets }
        return left.key.lexicographicallyPrecedes(right.key) { $0.plainText < $1.plainText }
      }.prefix(top))
  }

  /// Ranks groups of recorded events.
  init(_ groups: GroupedCounts, top: Int) {
    basis = .recorded
    columns = groups.columns.map(\.name)
    distinct = groups.groupCount
    total = groups.total
    self.top = groups.top(top).map { Entry(key: $0.key.map { Cell($0) }, packets: $0.count) }
  }

  /// The share of an entry in all packets, from 0 to 1.
  func share(_ entry: Entry) -> Double {
    total == 0 ? 0 : Double(entry.packets) / Double(total)
  }
}

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

  init(_ counts: [[Cell]: Int64], basis: Report.Basis, columns: [String], top: Int) {
    self.basis = basis
    self.columns = columns
    distinct = counts.count
    total = counts.values.reduce(0, +)
    let entries = counts.map { Entry(key: $0.key, packets: $0.value) }
    self.top = Array(
      entries.sorted { left, right in
        if left.packets != right.packets { return left.packets > right.packets }
        return left.key.lexicographicallyPrecedes(right.key) { $0.plainText < $1.plainText }
      }.prefix(top))
  }

  /// The share of an entry in all packets, from 0 to 1.
  func share(_ entry: Entry) -> Double {
    total == 0 ? 0 : Double(entry.packets) / Double(total)
  }
}

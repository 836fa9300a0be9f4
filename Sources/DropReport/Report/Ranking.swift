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
    self.top = Self.sorted(
      groups.map { Entry(key: $0.key.map { Cell($0) }, packets: $0.value.packets) }, top)
  }

  /// Ranks what was counted over time, in the buckets before a given one.
  ///
  /// - Parameters:
  ///   - series: What was counted.
  ///   - bucket: The first bucket that does not count.
  ///   - top: How many to tell.
  /// - Throws: When it cannot be looked up what the groups are called.
  init(_ series: BucketSeries, before bucket: Int, top: Int) throws(StoreError) {
    basis = .recorded
    columns = series.columns.map(\.name)
    let sums = (0..<series.groupCount).map { series.packets(of: $0, before: bucket) }
    distinct = sums.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    total = sums.reduce(0, &+)
    // Keys are made for few: those as large as the last of them, of which there may be many, are cut to a bound.
    let least = max(1, Self.least(of: sums, top))
    var entries: [Entry] = []
    var equal: [Entry] = []
    for (group, packets) in sums.enumerated() where packets >= least {
      guard packets > least || equal.count < 10_000 else { continue }
      let entry = Entry(key: try series.key(group).map { Cell($0) }, packets: packets)
      if packets > least { entries.append(entry) } else { equal.append(entry) }
    }
    self.top = Self.sorted(entries + equal, top)
  }

  /// Ranks what has been added up.
  init(_ groups: [(key: [Cell], packets: Int64)], columns: [String], basis: Report.Basis, top: Int) {
    self.basis = basis
    self.columns = columns
    let groups = groups.filter { $0.packets > 0 }
    distinct = groups.count
    total = groups.reduce(0) { $0 &+ $1.packets }
    self.top = Self.sorted(groups.map { Entry(key: $0.key, packets: $0.packets) }, top)
  }

  private static func sorted(_ entries: [Entry], _ top: Int) -> [Entry] {
    Array(
      entries.sorted { left, right in
        if left.packets != right.packets { return left.packets > right.packets }
        return left.key.lexicographicallyPrecedes(right.key) { $0.plainText < $1.plainText }
      }.prefix(top))
  }

  /// The least of the largest.
  private static func least(of counts: [Int64], _ most: Int) -> Int64 {
    guard counts.count > most else { return 0 }
    guard most <= 1024 else { return counts.sorted(by: >)[most - 1] }
    var largest: [Int64] = []
    for count in counts where count > (largest.count < most ? -1 : largest[most - 1]) {
      largest.insert(count, at: largest.firstIndex { $0 < count } ?? largest.count)
      if largest.count > most { largest.removeLast() }
    }
    return largest.last ?? 0
  }

  /// A ranking of nothing, in columns of our own.
  init(noneIn columns: [String], basis: Report.Basis) {
    self.basis = basis
    self.columns = columns
    top = []
    distinct = 0
    total = 0
  }

  /// The share of an entry in all packets, from 0 to 1.
  func share(_ entry: Entry) -> Double {
    total == 0 ? 0 : Double(entry.packets) / Double(total)
  }
}

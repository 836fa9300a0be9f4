/// How many recorded drops have the same values in some columns.
public struct GroupedCounts: Sendable {
  /// A group and its number of drops.
  public struct Group: Sendable {
    /// A value for each of the columns, in their order, as the view shows it.
    public let key: [SQLValue]
    /// How many drops.
    public let count: Int64
  }

  /// The columns by which drops were grouped.
  public let columns: [DropColumn]
  /// The number of drops in all groups.
  public let total: Int64
  /// The number of groups.
  public let groupCount: Int
  /// Whether there are drops in the range that are older than those that were looked at.
  public let hasOlder: Bool

  /// The number of drops by group; one without any is no group.
  let counts: [Int64]
  /// What the groups of each source stand for.
  let values: [GroupValues]
  /// Where the values of each column are found.
  let places: [(source: Int, column: Int)]
  /// The groups of the sources that make each group; none where there is one source, whose groups these are.
  let parts: [UInt32]

  init(
    columns: [DropColumn], hasOlder: Bool, counts: [Int64], values: [GroupValues],
    places: [(source: Int, column: Int)], parts: [UInt32]
  ) {
    self.columns = columns
    self.hasOlder = hasOlder
    self.counts = counts
    self.values = values
    self.places = places
    self.parts = parts
    total = counts.reduce(0, +)
    groupCount = counts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
  }

  /// All groups and their counts.
  ///
  /// Making it takes about a microsecond for each group. SQLite tells texts apart by their bytes; here those that are equal to
  /// Swift are one: with bytes that are not UTF-8, or composed differently.
  public var dictionary: [[SQLValue]: Int64] {
    var dictionary: [[SQLValue]: Int64] = [:]
    dictionary.reserveCapacity(groupCount)
    for (group, count) in counts.enumerated() where count > 0 { dictionary[key(group), default: 0] += count }
    return dictionary
  }

  /// The largest groups.
  ///
  /// - Parameter most: how many at most.
  /// - Returns: the largest first; those of equal size in the order of their keys, as SQLite sorts them: NULL, numbers, text.
  /// - Complexity: O(*g* log *g*) for *g* groups; keys are made only for those as large as the last of the result.
  public func top(_ most: Int) -> [Group] {
    let most = min(most, groupCount)
    guard most > 0 else { return [] }
    let least = leastOfLargest(most)
    var larger = counts.indices.filter { counts[$0] > least }.map { Group(key: key($0), count: counts[$0]) }
    larger.sort { $0.count != $1.count ? $0.count > $1.count : $0.key.precedes($1.key) }
    // Of those as large as the last only the first by key. They may be very many, so not all are kept till the end.
    let room = most - larger.count
    var last: [Group] = []
    for (group, count) in counts.enumerated() where count == least {
      last.append(Group(key: key(group), count: count))
      guard last.count > 2 * room + 1024 else { continue }
      last.sort { $0.key.precedes($1.key) }
      last.removeSubrange(room...)
    }
    last.sort { $0.key.precedes($1.key) }
    return larger + last.prefix(room)
  }

  /// The size of the last of the largest groups.
  private func leastOfLargest(_ most: Int) -> Int64 {
    // Few are asked for as a rule: then most groups are looked at once and are too small.
    guard most <= 1024 else { return counts.sorted(by: >)[most - 1] }
    var largest: [Int64] = []
    for count in counts where count > (largest.count < most ? 0 : largest[most - 1]) {
      let place = largest.firstIndex { $0 < count } ?? largest.count
      largest.insert(count, at: place)
      if largest.count > most { largest.removeLast() }
    }
    return largest.last ?? 1
  }

  /// The same with those groups as one that show the same values.
  var joined: GroupedCounts {
    var tuples = TupleTable(width: places.count)
    var sums: [Int64] = []
    var joinedParts: [UInt32] = []
    for (group, count) in counts.enumerated() where count > 0 {
      let codes = places.map { values[$0.source].code(part(group, $0.source), $0.column) }
      let number = Int(tuples.number(of: codes))
      if number == sums.count {
        sums.append(0)
        joinedParts += values.indices.map { part(group, $0) }
      }
      sums[number] += count
    }
    return GroupedCounts(
      columns: columns, hasOlder: hasOlder, counts: sums, values: values, places: places, parts: joinedParts)
  }

  private func part(_ group: Int, _ source: Int) -> UInt32 {
    parts.isEmpty ? UInt32(group) : parts[group * values.count + source]
  }

  func key(_ group: Int) -> [SQLValue] {
    places.map { place in
      values[place.source].value(part(group, place.source), place.column)
    }
  }
}

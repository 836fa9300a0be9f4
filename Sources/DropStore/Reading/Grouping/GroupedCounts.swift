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
    counts.placesOfLargest(most) { key($0) }.map { Group(key: $0.key, count: counts[$0.place]) }
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

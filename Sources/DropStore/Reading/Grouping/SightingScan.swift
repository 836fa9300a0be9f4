/// One pass over events that notes how often and when each group was seen.
struct SightingScan {
  private let scan: EventMatcher
  private let interrupter: Interrupter
  private var counts: [Int64] = []
  private var first: [Int64] = []
  private var last: [Int64] = []
  private var tuples: TupleTable

  /// Prepares to look.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ columns: [DropColumn]
  ) throws(StoreError) {
    scan = try EventMatcher(connection, interrupter, columns, [])
    self.interrupter = interrupter
    tuples = TupleTable(width: scan.sources.count)
  }

  /// Looks at the events of a range.
  mutating func run(
    _ connection: borrowing Connection, _ range: Range<Int64>, top: Int
  ) throws(StoreError) -> GroupedSightings {
    let transaction = try ReadTransaction(connection)
    let list = (["time"] + scan.sources.map(\.column)).joined(separator: ", ")
    var rows = try connection.prepare("SELECT \(list) FROM event WHERE time >= ?1 AND time < ?2")
    try rows.bind(1, range.lowerBound)
    try rows.bind(2, range.upperBound)
    var tuple = [UInt32](repeating: 0, count: scan.sources.count)
    var seen = 0
    while try rows.step() {
      seen += 1
      if seen & 4095 == 0 { try interrupter.check() }
      for index in tuple.indices {
        tuple[index] = try scan.sources[index].group(of: rows, Int32(truncatingIfNeeded: index + 1))
      }
      let group = tuple.count == 1 ? Int(tuple[0]) : Int(tuples.number(of: tuple))
      note(group, rows.integer(0))
    }
    transaction.end()
    return sightings(top)
  }

  private mutating func note(_ group: Int, _ time: Int64) {
    if group >= counts.count {
      let missing = max(group + 1 - counts.count, counts.count)
      counts.append(contentsOf: repeatElement(0, count: missing))
      first.append(contentsOf: repeatElement(0, count: missing))
      last.append(contentsOf: repeatElement(0, count: missing))
    }
    if counts[group] == 0 { first[group] = time }
    counts[group] += 1
    // Events come in the order of time.
    last[group] = time
  }

  private func sightings(_ top: Int) -> GroupedSightings {
    let counted = GroupedCounts(
      columns: [], hasOlder: false, counts: counts, values: scan.sources.map(\.values), places: scan.places,
      parts: scan.sources.count == 1 ? [] : tuples.elements)
    return GroupedSightings(
      top: counted.topGroups(top).map { group in
        GroupedSightings.Group(
          key: group.key, count: group.count, first: first[group.number], last: last[group.number])
      },
      total: counted.total, groupCount: counted.groupCount)
  }
}

extension GroupedCounts {
  /// The largest groups with their numbers.
  fileprivate func topGroups(_ most: Int) -> [(number: Int, key: [SQLValue], count: Int64)] {
    let numbers = counts.indices.filter { counts[$0] > 0 }.sorted { counts[$0] > counts[$1] }
    guard most > 0, let last = numbers.prefix(most).last else { return [] }
    // All that are as large as the last, so that keys decide among them.
    let least = counts[last]
    let large = numbers.prefix { counts[$0] >= least }
    return Array(
      large.map { (number: $0, key: key($0), count: counts[$0]) }.sorted {
        $0.count != $1.count ? $0.count > $1.count : $0.key.precedes($1.key)
      }.prefix(most))
  }
}

/// One pass over events that counts them by what their numbers refer to.
struct EventScan {
  private let columns: [DropColumn]
  private let interrupter: Interrupter
  private var matcher: EventMatcher
  private var counts: [Int64] = []

  /// Prepares to count.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ columns: [DropColumn],
    _ conditions: [DropCondition]
  ) throws(StoreError) {
    self.columns = columns
    self.interrupter = interrupter
    matcher = try EventMatcher(connection, interrupter, columns, conditions)
  }

  /// Counts the events of a range.
  mutating func run(
    _ connection: borrowing Connection, _ range: Range<Int64>, newest: Int64?
  ) throws(StoreError) -> GroupedCounts {
    let transaction = try ReadTransaction(connection)
    // One more than are to be looked at tells whether there are older ones.
    let order = newest == nil ? "" : " ORDER BY time DESC LIMIT ?3"
    var rows = try connection.prepare(
      "SELECT \(matcher.list) FROM event WHERE time >= ?1 AND time < ?2\(order)")
    try rows.bind(1, range.lowerBound)
    try rows.bind(2, range.upperBound)
    if let newest { try rows.bind(3, max(0, newest) &+ 1) }
    let parts: [UInt32]
    let hasOlder: Bool
    let sources = matcher.sources
    if sources.count == 1, let groups = sources[0].rows, matcher.isDecidedBySource {
      hasOlder = try countByRow(&rows, newest ?? .max, groups)
      parts = []
    } else {
      hasOlder = try countByCombination(&rows, newest ?? .max)
      parts = matcher.tuples.elements
    }
    transaction.end()
    let found = GroupedCounts(
      columns: columns, hasOlder: hasOlder, counts: counts, values: sources.map(\.values),
      places: matcher.places, parts: parts)
    return matcher.hidesValues ? found.joined : found
  }

  /// Counts the numbers themselves first: so the scan looks at one place in memory for each event, not two.
  private mutating func countByRow(
    _ rows: inout Statement, _ most: Int64, _ groups: RowGroups
  ) throws(StoreError) -> Bool {
    var rowCounts = RowCounts(size: groups.size)
    var seen: Int64 = 0
    var hasOlder = false
    while try rows.step() {
      if seen == most {
        hasOlder = true
        break
      }
      seen += 1
      if seen & 4095 == 0 { try interrupter.check() }
      rowCounts.add(rows.integer(0))
    }
    try groups.collect(&rowCounts) { group, count in
      if group != GroupSource.excluded { self.count(Int(group), count) }
    }
    return hasOlder
  }

  private mutating func countByCombination(
    _ rows: inout Statement, _ most: Int64
  ) throws(StoreError) -> Bool {
    var seen: Int64 = 0
    while try rows.step() {
      if seen == most { return true }
      seen += 1
      if let number = try matcher.match(rows) { count(number) }
    }
    return false
  }

  @inline(__always)
  private mutating func count(_ group: Int, _ events: Int64 = 1) {
    if group >= counts.count {
      counts.append(contentsOf: repeatElement(0, count: max(group + 1 - counts.count, counts.count)))
    }
    counts[group] += events
  }
}

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
    _ connection: borrowing Connection, _ buffer: ColumnBuffer, _ companions: Companions,
    _ range: Range<Int64>, newest: Int64?
  ) throws(StoreError) -> GroupedCounts {
    let transaction = try ReadTransaction(connection, companions, [.events], in: range)
    let sources = matcher.sources
    let hasOlder: Bool
    var parts: [UInt32] = []
    if sources.count == 1, matcher.isDecidedBySource {
      var events = try BufferedEvents(
        connection, companions, interrupter, [sources[0].column], range, newest: newest)
      // Numbers first, then their groups: so the scan looks at one place in memory for each event, not two.
      var numbers = RowCounts(size: sources[0].size)
      hasOlder = try events.read(buffer) { (rows, count) in numbers.add(rows, count) }
      counts.reserveCapacity(numbers.distinct + 1)
      try sources[0].collect(&numbers) { group, count in
        if group != GroupSource.excluded { self.count(Int(group), count) }
      }
    } else {
      var events = try BufferedEvents(
        connection, companions, interrupter, matcher.columns, range, newest: newest)
      var matcher = matcher
      var counts: [Int64] = []
      hasOlder = try events.read(buffer) { (rows, count) throws(StoreError) in
        try matcher.match(rows, count) { (number, _) in
          while number >= counts.count { counts.append(0) }
          counts[number] += 1
        }
      }
      self.counts = counts
      self.matcher = matcher
      parts = matcher.parts
    }
    transaction.end()
    let found = GroupedCounts(
      columns: columns, hasOlder: hasOlder, counts: counts, values: sources.map(\.values),
      places: matcher.places, parts: parts)
    return matcher.hidesValues ? found.joined : found
  }

  private mutating func count(_ group: Int, _ events: Int64) {
    while group >= counts.count { counts.append(0) }
    counts[group] += events
  }
}

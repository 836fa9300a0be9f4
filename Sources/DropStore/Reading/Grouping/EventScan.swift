/// One pass over events that counts them by what their numbers refer to.
struct EventScan {
  private let columns: [DropColumn]
  private let interrupter: Interrupter
  private(set) var sources: [GroupSource] = []
  private(set) var places: [(source: Int, column: Int)]
  private var counts: [Int64] = []

  /// What the columns and conditions need of one table, or of one column of `event`.
  private struct Need {
    let column: String
    let table: String?
    var key: [RowGroups.Column] = []
    var conditions: [(column: RowGroups.Column, condition: DropCondition)] = []
  }

  /// Prepares to count.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ columns: [DropColumn],
    _ conditions: [DropCondition]
  ) throws(StoreError) {
    self.columns = columns
    self.interrupter = interrupter
    var needs: [Need] = []
    places = []
    for column in columns {
      let source = Self.source(for: column, &needs)
      places.append((source, needs[source].key.count))
      needs[source].key.append(Self.stored(column))
    }
    for condition in conditions {
      let source = Self.source(for: condition.column, &needs)
      needs[source].conditions.append((Self.stored(condition.column), condition))
    }
    for need in needs {
      if let table = need.table {
        let rows = try RowGroups(
          connection, interrupter, table: table, key: need.key, conditions: need.conditions)
        sources.append(GroupSource(column: need.column, rows))
      } else {
        let numbers = NumberGroups(
          conditions: need.conditions.map(\.condition), path: connection.handle.path)
        sources.append(GroupSource(column: need.column, numbers))
      }
    }
  }

  /// Counts the events of a range.
  mutating func run(
    _ connection: borrowing Connection, _ range: Range<Int64>, newest: Int64?
  ) throws(StoreError) -> GroupedCounts {
    let transaction = try ReadTransaction(connection)
    let list = sources.isEmpty ? "NULL" : sources.map(\.column).joined(separator: ", ")
    // One more than are to be looked at tells whether there are older ones.
    let order = newest == nil ? "" : " ORDER BY time DESC LIMIT ?3"
    var rows = try connection.prepare("SELECT \(list) FROM event WHERE time >= ?1 AND time < ?2\(order)")
    try rows.bind(1, range.lowerBound)
    try rows.bind(2, range.upperBound)
    if let newest { try rows.bind(3, max(0, newest) &+ 1) }
    let parts: [UInt32]
    let hasOlder: Bool
    if sources.count == 1, let groups = sources[0].rows {
      hasOlder = try countByRow(&rows, newest ?? .max, groups)
      parts = []
    } else if sources.count == 1 {
      hasOlder = try countBySource(&rows, newest ?? .max)
      parts = []
    } else {
      var tuples = TupleTable(width: sources.count)
      hasOlder = try countByTuple(&rows, newest ?? .max, &tuples)
      parts = tuples.elements
    }
    transaction.end()
    return GroupedCounts(
      columns: columns, hasOlder: hasOlder, counts: counts, values: sources.map(\.values), places: places,
      parts: parts)
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

  private mutating func countBySource(_ rows: inout Statement, _ most: Int64) throws(StoreError) -> Bool {
    let source = sources[0]
    var seen: Int64 = 0
    while try rows.step() {
      if seen == most { return true }
      seen += 1
      if seen & 4095 == 0 { try interrupter.check() }
      let group = try source.group(of: rows, 0)
      if group != GroupSource.excluded { count(Int(group)) }
    }
    return false
  }

  private mutating func countByTuple(
    _ rows: inout Statement, _ most: Int64, _ tuples: inout TupleTable
  ) throws(StoreError) -> Bool {
    var tuple = [UInt32](repeating: 0, count: sources.count)
    var seen: Int64 = 0
    while try rows.step() {
      if seen == most { return true }
      seen += 1
      if seen & 4095 == 0 { try interrupter.check() }
      var isExcluded = false
      for index in sources.indices {
        tuple[index] = try sources[index].group(of: rows, Int32(truncatingIfNeeded: index))
        if tuple[index] == GroupSource.excluded {
          isExcluded = true
          break
        }
      }
      if !isExcluded { count(Int(tuples.number(of: tuple))) }
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

  private static func source(for column: DropColumn, _ needs: inout [Need]) -> Int {
    let need =
      switch column.definition {
      case .event(let expression): Need(column: expression, table: nil)
      case .site: Need(column: "path", table: "path")
      case .row(let table, _, _): Need(column: table, table: table)
      }
    if let index = needs.firstIndex(where: { $0.column == need.column }) { return index }
    needs.append(need)
    return needs.count - 1
  }

  private static func stored(_ column: DropColumn) -> RowGroups.Column {
    switch column.definition {
    case .event(let expression): RowGroups.Column(stored: expression, shown: nil)
    case .site(let expression): .site(expression, number: "site")
    case .row(_, let stored, let shown): RowGroups.Column(stored: stored, shown: shown.map { "SELECT " + $0 })
    }
  }
}

extension RowGroups.Column {
  /// An expression over a site, whose number stands in a column.
  static func site(_ expression: String, number: String) -> RowGroups.Column {
    RowGroups.Column(
      stored: number,
      shown: "SELECT \(expression) FROM site LEFT JOIN boot ON boot.id = site.boot WHERE site.id = ?1")
  }
}

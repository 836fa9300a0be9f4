/// One pass over events that counts them by what their numbers refer to.
struct EventScan {
  private let columns: [DropColumn]
  private let interrupter: Interrupter
  private var sources: [GroupSource] = []
  private var places: [(source: Int, column: Int)]
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
    _ connection: borrowing Connection, _ buffer: ColumnBuffer, _ range: Range<Int64>, newest: Int64?
  ) throws(StoreError) -> GroupedCounts {
    let transaction = try ReadTransaction(connection)
    let columns = sources.isEmpty ? ["NULL"] : sources.map(\.column)
    var rows = try Self.statement(connection, columns, range, newest: newest)
    let hasOlder: Bool
    var parts: [UInt32] = []
    if sources.count == 1 {
      // Numbers first, then their groups: so the scan looks at one place in memory for each event, not two.
      var numbers = RowCounts(size: sources[0].size)
      hasOlder = try read(&rows, buffer, newest) { (rows, count) in numbers.add(rows, count) }
      counts.reserveCapacity(numbers.distinct + 1)
      try sources[0].collect(&numbers) { group, count in
        if group != GroupSource.excluded { self.count(Int(group), count) }
      }
    } else {
      (parts, hasOlder) = try countTuples(&rows, buffer, newest)
    }
    transaction.end()
    return GroupedCounts(
      columns: self.columns, hasOlder: hasOlder, counts: counts, values: sources.map(\.values),
      places: places, parts: parts)
  }

  /// A statement that fills the buffer with columns of `event`.
  private static func statement(
    _ connection: borrowing Connection, _ columns: [String], _ range: Range<Int64>, newest: Int64?
  ) throws(StoreError) -> Statement {
    // A comparison for each row that all of them pass takes a tenth of the time.
    let last = try connection.integer("SELECT max(time) FROM event") ?? .max
    var sql = "event WHERE time >= ?1" + (last < range.upperBound ? "" : " AND time < ?2")
    var taken = columns
    if newest != nil {
      taken = columns.indices.map { "column\($0)" }
      let list = zip(columns, taken).map { "\($0) AS \($1)" }.joined(separator: ", ")
      // SQLite does not look into a subquery with a LIMIT for what it may leave out.
      sql = "(SELECT \(list) FROM \(sql) ORDER BY time DESC LIMIT ?3) WHERE true"
    }
    var rows = try connection.prepare("SELECT 1 FROM \(sql) AND \(ColumnBuffer.condition(taken))")
    try rows.bind(1, range.lowerBound)
    if last >= range.upperBound { try rows.bind(2, range.upperBound) }
    // One more than are to be looked at tells whether there are older ones.
    if let newest { try rows.bind(3, max(0, newest) &+ 1) }
    return rows
  }

  /// Hands over the rows that are to be looked at, and tells whether there are older ones.
  private func read(
    _ rows: inout Statement, _ buffer: ColumnBuffer, _ newest: Int64?,
    _ body: (borrowing ColumnRows, _ count: Int) throws(StoreError) -> Void
  ) throws(StoreError) -> Bool {
    var left = max(0, newest ?? .max)
    var hasOlder = false
    try buffer.read(&rows, width: max(1, sources.count)) { rows throws(StoreError) in
      try interrupter.check()
      let count = Int(min(Int64(rows.count), left))
      left -= Int64(count)
      try body(rows, count)
      hasOlder = count < rows.count
      return !hasOlder
    }
    return hasOlder
  }

  /// Counts by the groups of several sources.
  ///
  /// - Returns: The groups of the sources that make each group, and whether there are older events.
  private mutating func countTuples(
    _ rows: inout Statement, _ buffer: ColumnBuffer, _ newest: Int64?
  ) throws(StoreError) -> (parts: [UInt32], hasOlder: Bool) {
    let sources = sources
    var tuples = TupleTable(width: sources.count)
    var counts: [Int64] = []
    var pairs = NumberCounts()
    var numbers: [Int64] = []
    var kept: [Int] = []
    var groups: [UInt32] = []
    let hasOlder = try read(&rows, buffer, newest) { (rows, count) throws(StoreError) in
      kept.removeAll(keepingCapacity: true)
      kept.append(contentsOf: 0..<count)
      if groups.count < count * sources.count {
        groups = [UInt32](repeating: 0, count: count * sources.count)
      }
      for (column, source) in sources.enumerated() {
        try source.findGroups(of: rows, column, &kept, &groups, width: sources.count)
      }
      if sources.count == 2 {
        // A pair is a number too, and is counted in half the time.
        numbers.removeAll(keepingCapacity: true)
        for row in kept { numbers.append(Self.number(of: (groups[2 * row], groups[2 * row + 1]))) }
        pairs.add(numbers)
      } else {
        for row in kept {
          let number = Int(tuples.number(of: groups, from: row * sources.count))
          if number == counts.count { counts.append(0) }
          counts[number] += 1
        }
      }
    }
    var parts = tuples.elements
    pairs.forEach { number, count in
      let (first, second) = Self.pair(of: number)
      parts.append(first)
      parts.append(second)
      counts.append(count)
    }
    self.counts = counts
    return (parts, hasOlder)
  }

  private static func number(of pair: (UInt32, UInt32)) -> Int64 {
    Int64(bitPattern: UInt64(pair.0) << 32 | UInt64(pair.1))
  }

  private static func pair(of number: Int64) -> (UInt32, UInt32) {
    let bits = UInt64(bitPattern: number)
    return (UInt32(truncatingIfNeeded: bits >> 32), UInt32(truncatingIfNeeded: bits))
  }

  private mutating func count(_ group: Int, _ events: Int64) {
    while group >= counts.count { counts.append(0) }
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

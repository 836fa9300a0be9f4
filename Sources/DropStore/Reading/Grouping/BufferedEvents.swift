/// Columns of the events of a range, a thousand events at a time.
struct BufferedEvents: ~Copyable {
  private var statement: Statement
  private let width: Int
  private let newest: Int64?

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - columns: expressions over `event`, at least one.
  ///   - range: the range of time, in nanoseconds since the epoch.
  ///   - newest: how many events to read, the newest first; all in the order of time where this is `nil`.
  /// - Throws: when the database is damaged or cannot be read.
  init(
    _ connection: borrowing Connection, _ columns: [String], _ range: Range<Int64>, newest: Int64? = nil
  ) throws(StoreError) {
    // A comparison for each row that all of them pass takes a tenth of the time.
    let last = try connection.integer("SELECT max(time) FROM event") ?? .max
    let condition = "time >= ?1" + (last < range.upperBound ? "" : " AND time < ?2")
    // Without a LIMIT: in a subquery it would cost each row as much again as finding it. The reading ends with enough.
    let order = newest == nil ? "" : " ORDER BY time DESC"
    var statement = try connection.prepare(
      "SELECT 1 FROM event WHERE \(condition) AND \(ColumnBuffer.condition(columns))\(order)")
    try statement.bind(1, range.lowerBound)
    if last >= range.upperBound { try statement.bind(2, range.upperBound) }
    self.statement = statement
    self.newest = newest
    width = columns.count
  }

  /// Hands over all events, and tells whether there are older ones.
  ///
  /// - Parameters:
  ///   - buffer: the connection's.
  ///   - interrupter: what ends it.
  ///   - body: takes rows, and how many of them to look at.
  /// - Returns: whether the range has events that are older than the newest that were asked for.
  /// - Throws: when the database is damaged or cannot be read, or the reader is interrupted; and what `body` throws.
  mutating func read(
    _ buffer: ColumnBuffer, _ interrupter: Interrupter,
    _ body: (borrowing ColumnRows, _ count: Int) throws(StoreError) -> Void
  ) throws(StoreError) -> Bool {
    var left = max(0, newest ?? .max)
    var hasOlder = false
    try buffer.read(&statement, width: width) { rows throws(StoreError) in
      try interrupter.check()
      let count = Int(min(Int64(rows.count), left))
      left -= Int64(count)
      try body(rows, count)
      hasOlder = count < rows.count
      return !hasOlder
    }
    return hasOlder
  }
}

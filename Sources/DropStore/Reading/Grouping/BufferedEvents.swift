/// Columns of the events of a range, a thousand events at a time.
struct BufferedEvents: ~Copyable {
  private var rows: BufferedRows
  private let newest: Int64?

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - companions: what may help.
  ///   - interrupter: what ends it.
  ///   - columns: expressions over `event`, at least one.
  ///   - range: the range of time, in nanoseconds since the epoch.
  ///   - newest: how many events to read, the newest first; all in the order of time where this is `nil`.
  /// - Throws: when the database is damaged or cannot be read.
  init(
    _ connection: borrowing Connection, _ companions: Companions, _ interrupter: Interrupter,
    _ columns: [String], _ range: Range<Int64>, newest: Int64? = nil
  ) throws(StoreError) {
    rows = try BufferedRows(
      connection, companions, interrupter, .events, BufferedColumns(columns), in: range, newest: newest)
    self.newest = newest
  }

  /// Hands over all events, and tells whether there are older ones.
  ///
  /// - Parameters:
  ///   - buffer: the connection's.
  ///   - body: takes rows, and how many of them to look at.
  /// - Returns: whether the range has events that are older than the newest that were asked for.
  /// - Throws: when the database is damaged or cannot be read, or the reader is interrupted; and what `body` throws.
  mutating func read(
    _ buffer: ColumnBuffer, _ body: (borrowing ColumnRows, _ count: Int) throws(StoreError) -> Void
  ) throws(StoreError) -> Bool {
    var left = max(0, newest ?? .max)
    var hasOlder = false
    try rows.read(buffer) { rows throws(StoreError) in
      let count = Int(min(Int64(rows.count), left))
      left -= Int64(count)
      try body(rows, count)
      hasOlder = count < rows.count
      return !hasOlder
    }
    return hasOlder
  }
}

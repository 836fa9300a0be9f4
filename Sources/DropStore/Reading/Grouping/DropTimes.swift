/// The times of recorded drops that meet conditions, one after the other.
///
/// A time is the key of the view `drops`: `WHERE ts = ?` finds the rest of the drop at once. As long as it is not read to
/// the end it reads one state of the database.
public struct DropTimes: ~Copyable {
  private var rows: Statement
  private var matcher: EventMatcher
  private let timeColumn: Int32
  private var hasEnded = false

  /// Prepares to look for drops.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ range: Range<Int64>,
    _ conditions: [DropCondition], newestFirst: Bool
  ) throws(StoreError) {
    let matcher = try EventMatcher(connection, interrupter, [], conditions)
    var rows = try connection.prepare(
      "SELECT \(matcher.list) FROM event WHERE time >= ?1 AND time < ?2 ORDER BY time\(newestFirst ? " DESC" : "")"
    )
    try rows.bind(1, range.lowerBound)
    try rows.bind(2, range.upperBound)
    timeColumn = Int32(truncatingIfNeeded: matcher.sources.count)
    self.matcher = matcher
    self.rows = rows
  }

  /// The next time.
  ///
  /// - Returns: Nanoseconds since the epoch; `nil` after the last.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  public mutating func next() throws(StoreError) -> Int64? {
    guard !hasEnded else { return nil }
    while try rows.step() {
      if try matcher.match(rows) != nil { return rows.integer(timeColumn) }
    }
    hasEnded = true
    rows.reset()
    return nil
  }
}

extension DropReader {
  /// Finds recorded drops.
  ///
  /// The answer is that of `SELECT ts FROM drops WHERE … ORDER BY ts`, without the names of each drop being put together.
  ///
  /// - Parameters:
  ///   - range: The range of time, in nanoseconds since the epoch.
  ///   - conditions: What must hold of a drop, each of these.
  ///   - newestFirst: Whether to begin with the newest.
  /// - Returns: Their times.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  /// - Complexity: O(*n*) for *n* drops that are passed over. Memory grows with the number of rows of dictionaries they refer
  ///   to.
  public func times(
    in range: Range<Int64> = 0..<Int64.max, where conditions: [DropCondition] = [], newestFirst: Bool = false
  ) throws(StoreError) -> DropTimes {
    try interrupter.check()
    return try DropTimes(connection, interrupter, range, conditions, newestFirst: newestFirst)
  }
}

/// Recorded drops that meet conditions, one after the other, with what the view `drops` shows of them.
///
/// It reads one state of the database, and while it does so the capture cannot shorten its log: read to the end, or let go of it.
public struct DropRows: ~Copyable {
  /// The names of the columns, in order.
  public let columns: [String]

  /// Finds the drops; where there is nothing to find, all of them are read at once instead.
  private var times: DropTimes?
  private var rows: Statement
  private let interrupter: Interrupter
  private var seen = 0
  private var hasEnded = false

  /// Prepares to read.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ list: String, _ range: Range<Int64>,
    _ conditions: [DropCondition], newestFirst: Bool
  ) throws(StoreError) {
    self.interrupter = interrupter
    if conditions.isEmpty {
      let order = newestFirst ? " DESC" : ""
      var rows = try connection.prepare(
        "SELECT \(list) FROM drops WHERE ts >= ?1 AND ts < ?2 ORDER BY ts\(order)")
      try rows.bind(1, range.lowerBound)
      try rows.bind(2, range.upperBound)
      columns = rows.columnNames
      times = nil
      self.rows = rows
    } else {
      let times = try DropTimes(connection, interrupter, range, conditions, newestFirst: newestFirst)
      let rows = try connection.prepare("SELECT \(list) FROM drops WHERE ts = ?1")
      columns = rows.columnNames
      self.times = consume times
      self.rows = rows
    }
  }

  /// The next drop.
  ///
  /// - Returns: A value for each of ``columns``, or `nil` after the last.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  public mutating func next() throws(StoreError) -> [SQLValue]? {
    guard !hasEnded else { return nil }
    seen &+= 1
    if seen & 1023 == 0 { try interrupter.check() }
    if times != nil {
      guard let time = try times?.next() else { return end() }
      rows.reset()
      try rows.bind(1, time)
      // What was found is of the same state of the database, so it is there.
      return try rows.step() ? row() : nil
    }
    return try rows.step() ? row() : end()
  }

  private func row() -> [SQLValue] { (0..<Int32(truncatingIfNeeded: columns.count)).map { rows.value($0) } }

  private mutating func end() -> [SQLValue]? {
    hasEnded = true
    rows.reset()
    return nil
  }
}

extension DropReader {
  /// Reads recorded drops.
  ///
  /// The answer is that of `SELECT list FROM drops WHERE … ORDER BY ts`. Only of drops that meet the conditions the view is asked,
  /// so a few among millions are found as fast as the millions can be passed over.
  ///
  /// - Parameters:
  ///   - list: What to read, in SQL as behind `SELECT`: `*`, or `ts, reason`.
  ///   - range: The range of time, in nanoseconds since the epoch.
  ///   - conditions: What must hold of a drop, each of these.
  ///   - newestFirst: Whether to begin with the newest.
  /// - Returns: The drops, of which none has been read yet.
  /// - Throws: ``StoreError`` when the list is wrong, the database is damaged or cannot be read, or the reader is interrupted.
  public func drops(
    _ list: String = "*", in range: Range<Int64> = 0..<Int64.max, where conditions: [DropCondition] = [],
    newestFirst: Bool = false
  ) throws(StoreError) -> DropRows {
    try interrupter.check()
    return try DropRows(connection, interrupter, list, range, conditions, newestFirst: newestFirst)
  }
}

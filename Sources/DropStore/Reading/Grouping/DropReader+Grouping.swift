extension DropReader {
  /// Counts recorded drops by their values in some columns.
  ///
  /// The answer is that of `SELECT columns, count(*) FROM drops WHERE … GROUP BY columns`. SQLite sorts all rows for
  /// that, with the names in them. Here the numbers in a row are what is counted, and only what they stand for is named: of 10 million
  /// events in a fraction of a second. All of it is of one state of the database.
  ///
  /// - Parameters:
  ///   - columns: The columns. By none of them, all drops are one group.
  ///   - range: The range of time, in nanoseconds since the epoch.
  ///   - conditions: What must hold of a drop, each of these.
  ///   - newest: How many drops to look at, the newest of the range; all where this is `nil`.
  /// - Returns: The groups and their counts.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  /// - Complexity: O(*n*) for *n* drops in the range. Memory grows with the number of different groups and of the rows they
  ///   are made of.
  public func counts(
    groupedBy columns: [DropColumn], in range: Range<Int64> = 0..<Int64.max,
    where conditions: [DropCondition] = [],
    newest: Int64? = nil
  ) throws(StoreError) -> GroupedCounts {
    try interrupter.check()
    var scan = try EventScan(connection, interrupter, columns, conditions)
    return try scan.run(connection, columnBuffer, companions, range, newest: newest)
  }
}

extension DropReader {
  /// Adds up the tallies of a range of time: every drop, recorded or not.
  ///
  /// - Parameters:
  ///   - range: The range, in nanoseconds since the epoch; tallies that begin in it are added up.
  ///   - groupings: By what to group them, each time all of them; only columns that ``DropColumn/isCounted``.
  ///   - conditions: What must hold of a drop, each of these; only such that ``DropCondition/isCounted``.
  /// - Returns: The sums over all, by time and for each of the groupings, of one state of the database.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  /// - Complexity: O(*n*) for *n* tallies in the range.
  public func tallies(
    in range: Range<Int64> = 0..<Int64.max, groupedBy groupings: [[DropColumn]] = [],
    where conditions: [DropCondition] = []
  ) throws(StoreError) -> Tallies {
    try interrupter.check()
    var scan = try TallyScan(connection, interrupter, groupings, conditions)
    return try scan.run(connection, columnBuffer, companions, range)
  }

  /// Where the tallies begin and end that lie in a range of time, at least in part.
  ///
  /// - Parameter range: The range, in nanoseconds since the epoch.
  /// - Returns: From the beginning of the first to the end of the last; `nil` where there is none.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  /// - Complexity: O(log *n*) for *n* tallies.
  public func tallyExtent(in range: Range<Int64> = 0..<Int64.max) throws(StoreError) -> Range<Int64>? {
    var extent = try TallyExtent(connection)
    return try extent.find(in: range)
  }
}

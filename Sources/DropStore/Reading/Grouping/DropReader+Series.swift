extension DropReader {
  /// Counts recorded drops over time, by several groupings in one pass.
  ///
  /// - Parameters:
  ///   - groupings: By what to group them, each time all of them.
  ///   - segments: The stretches of time, in buckets.
  ///   - most: How many drops to look at, about, for each of the groupings, in the order in which they come; all where that is `nil` or
  ///     missing.
  /// - Returns: The counts, of one state of the database. What groups are called may be looked up when it is asked for: hold
  ///   a ``DropMoment`` until then.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  /// - Complexity: O(*n*) for *n* drops that are looked at, for each grouping.
  public func eventSeries(
    groupedBy groupings: [[DropColumn]], over segments: [SeriesSegment], most: [Int64?] = []
  ) throws(StoreError) -> EventSeries {
    try interrupter.check()
    var scan = EventSeriesScan(interrupter, groupings, most: most)
    return try scan.run(connection, columnBuffer, tableBuffer, companions, segments)
  }

  /// The same, where rows of tables that have more than so many are told apart by hashes.
  func eventSeries(
    groupedBy groupings: [[DropColumn]], over segments: [SeriesSegment], hashedAbove: Int64
  ) throws(StoreError) -> EventSeries {
    var scan = EventSeriesScan(interrupter, groupings, hashedAbove: hashedAbove)
    return try scan.run(connection, columnBuffer, tableBuffer, companions, segments)
  }

  /// Counts drops over time from the tallies: every drop, recorded or not.
  ///
  /// - Parameters:
  ///   - groupings: By what to group them, each time all of them; only columns that ``DropColumn/isCounted``.
  ///   - segments: The stretches of time, in buckets; a tally belongs to the bucket in which it begins.
  /// - Returns: For each of the groupings the counts, of one state of the database.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  /// - Complexity: O(*n*) for *n* tallies.
  public func tallySeries(
    groupedBy groupings: [[DropColumn]], over segments: [SeriesSegment]
  ) throws(StoreError) -> [BucketSeries] {
    try interrupter.check()
    var scan = try TallySeriesScan(connection, interrupter, groupings)
    return try scan.run(connection, columnBuffer, companions, segments)
  }
}

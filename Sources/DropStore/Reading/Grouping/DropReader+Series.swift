extension DropReader {
  /// Counts recorded drops over time, by several groupings in one pass.
  ///
  /// - Parameters:
  ///   - groupings: By what to group them, each time all of them.
  ///   - segments: The stretches of time, in buckets.
  /// - Returns: The counts, of one state of the database.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  /// - Complexity: O(*n*) for *n* drops that are looked at, for each grouping.
  public func eventSeries(
    groupedBy groupings: [[DropColumn]], over segments: [SeriesSegment]
  ) throws(StoreError) -> EventSeries {
    try interrupter.check()
    var scan = try EventSeriesScan(connection, interrupter, groupings)
    return try scan.run(connection, segments)
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
    return try scan.run(connection, segments)
  }

  /// Counts recorded drops by their values in some columns, and notes when each was first and last seen.
  ///
  /// - Parameters:
  ///   - columns: The columns, at least one.
  ///   - range: The range of time, in nanoseconds since the epoch.
  ///   - top: How many groups to tell, the largest.
  /// - Returns: The groups, of one state of the database.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  /// - Complexity: O(*n*) for *n* drops in the range.
  public func sightings(
    groupedBy columns: [DropColumn], in range: Range<Int64> = 0..<Int64.max, top: Int
  ) throws(StoreError) -> GroupedSightings {
    try interrupter.check()
    var scan = try SightingScan(connection, interrupter, columns)
    return try scan.run(connection, range, top: top)
  }
}

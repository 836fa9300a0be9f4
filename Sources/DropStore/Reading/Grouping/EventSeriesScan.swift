/// One pass over events that counts them over time, by several groupings at once.
struct EventSeriesScan {
  private struct Grouping {
    let columns: [DropColumn]
    let sources: [GroupSource]
    let places: [(source: Int, column: Int)]
    /// Where in a row the numbers of the sources stand.
    let indices: [Int32]
    var tuples: TupleTable
    var tuple: [UInt32]
    var counter = BucketCounter()
  }

  private let interrupter: Interrupter
  private var groupings: [Grouping] = []
  private var list = ["time"]

  /// Prepares to count.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ groupings: [[DropColumn]]
  ) throws(StoreError) {
    self.interrupter = interrupter
    for columns in groupings {
      let scan = try EventMatcher(connection, interrupter, columns, [])
      var indices: [Int32] = []
      for source in scan.sources {
        let index = list.firstIndex(of: source.column) ?? list.count
        if index == list.count { list.append(source.column) }
        indices.append(Int32(truncatingIfNeeded: index))
      }
      self.groupings.append(
        Grouping(
          columns: columns, sources: scan.sources, places: scan.places, indices: indices,
          tuples: TupleTable(width: scan.sources.count),
          tuple: [UInt32](repeating: 0, count: scan.sources.count)))
    }
  }

  /// Counts the events of all segments.
  mutating func run(
    _ connection: borrowing Connection, _ segments: [SeriesSegment]
  ) throws(StoreError) -> EventSeries {
    let transaction = try ReadTransaction(connection)
    var parts: [EventSeries.Segment] = []
    var firstBucket = 0
    for segment in segments {
      parts.append(try count(connection, segment, firstBucket))
      firstBucket += segment.buckets.count
    }
    transaction.end()
    var series: [BucketSeries] = []
    for index in groupings.indices {
      groupings[index].counter.close()
      let grouping = groupings[index]
      let isTuple = grouping.sources.count > 1
      let largest = grouping.counter.points.reduce(-1) { max($0, Int($1.group)) }
      series.append(
        BucketSeries(
          columns: grouping.columns, groupCount: largest + 1,
          keys: .made(
            values: grouping.sources.map(\.values), places: grouping.places,
            parts: isTuple ? grouping.tuples.elements : []),
          counted: grouping.counter))
    }
    return EventSeries(groupings: series, segments: parts)
  }

  private mutating func count(
    _ connection: borrowing Connection, _ segment: SeriesSegment, _ firstBucket: Int
  ) throws(StoreError) -> EventSeries.Segment {
    var found = EventSeries.Segment(events: 0, oldest: nil)
    guard let first = segment.buckets.first, let last = segment.buckets.last else { return found }
    let order = segment.newest == nil ? "" : " ORDER BY time DESC LIMIT ?3"
    var rows = try connection.prepare(
      "SELECT \(list.joined(separator: ", ")) FROM event WHERE time >= ?1 AND time < ?2\(order)")
    try rows.bind(1, first.lowerBound)
    try rows.bind(2, last.upperBound)
    if let newest = segment.newest { try rows.bind(3, max(0, newest) &+ 1) }
    let most = segment.newest ?? .max
    var bucket = segment.newest == nil ? 0 : segment.buckets.count - 1
    var time: Int64 = 0
    while try rows.step() {
      if found.events == most {
        // Of the oldest moment that was looked at, all was.
        found.oldest = time
        break
      }
      found.events += 1
      if found.events & 4095 == 0 { try interrupter.check() }
      time = rows.integer(0)
      while bucket > 0, time < segment.buckets[bucket].lowerBound { bucket -= 1 }
      while bucket + 1 < segment.buckets.count, time >= segment.buckets[bucket].upperBound { bucket += 1 }
      for index in groupings.indices {
        let group = try Self.group(of: rows, &groupings[index])
        // A single event is a count, and there are not so many that their sum is none.
        _ = groupings[index].counter.add(1, group: group, bucket: firstBucket + bucket)
      }
    }
    return found
  }

  @inline(__always)
  private static func group(
    of row: borrowing Statement, _ grouping: inout Grouping
  ) throws(StoreError) -> UInt32 {
    if grouping.sources.count == 1 { return try grouping.sources[0].group(of: row, grouping.indices[0]) }
    for index in grouping.sources.indices {
      grouping.tuple[index] = try grouping.sources[index].group(of: row, grouping.indices[index])
    }
    return grouping.tuples.number(of: grouping.tuple)
  }
}

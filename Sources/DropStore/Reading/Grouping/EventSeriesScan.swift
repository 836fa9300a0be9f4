/// One pass over events that counts them over time, by several groupings at once.
struct EventSeriesScan {
  private struct Grouping {
    let columns: [DropColumn]
    /// How many events are still looked at.
    var left: Int64
    /// What the columns refer to, and by which of its ways each is grouped.
    var parts: [(source: Int, key: Int)] = []
    /// Where the values of each column are found.
    var places: [(part: Int, column: Int)] = []
    var tuples = TupleNumbers(width: 0)
    var counter = BucketCounter()
    private var groups: [UInt32] = []

    init(columns: [DropColumn], most: Int64?) {
      self.columns = columns
      left = most ?? .max
    }

    /// Counts events, given by the places of what they refer to.
    mutating func add(_ events: [Int], _ buckets: [Int], _ places: [[UInt32]], _ sources: [KeyedRows]) {
      guard left > 0 else { return }
      left -= Int64(events.count)
      let width = parts.count
      if width == 1 {
        let groupOf = sources[parts[0].source].groups(by: parts[0].key)
        counter.add(places[parts[0].source].map { groupOf[Int($0)] }, buckets)
        return
      }
      if groups.count < events.count * width { groups = [UInt32](repeating: 0, count: events.count * width) }
      // Not in place, where each access would be looked after.
      var all = self.groups
      self.groups = []
      var groups = all.mutableSpan
      for (index, part) in parts.enumerated() {
        let groupOf = sources[part.source].groups(by: part.key)
        let found = places[part.source]
        for event in events { groups[event &* width &+ index] = groupOf[Int(found[event])] }
      }
      tuples.find(events, of: all)
      self.groups = all
      counter.add(tuples.numbers, buckets)
    }
  }

  /// What the groupings need of one column of `event`.
  private struct Need {
    let column: String
    let table: String?
    var keys: [[DropColumn]] = []
  }

  private let interrupter: Interrupter
  private let hashedAbove: Int64
  private var groupings: [Grouping] = []
  private var needs: [Need] = []

  /// Prepares to count.
  ///
  /// - Parameters:
  ///   - interrupter: what ends it.
  ///   - groupings: by what to group.
  ///   - most: how many events to look at for each of the groupings, as they come; all where that is `nil`, or missing.
  ///   - hashedAbove: rows of tables that have more than so many are told apart by hashes.
  init(
    _ interrupter: Interrupter, _ groupings: [[DropColumn]], most: [Int64?] = [],
    hashedAbove: Int64 = KeyedRows.manyRows
  ) {
    self.interrupter = interrupter
    self.hashedAbove = hashedAbove
    for (index, columns) in groupings.enumerated() {
      let most = index < most.count ? most[index] : nil
      self.groupings.append(Self.grouping(columns, most, &needs))
    }
  }

  private static func grouping(_ columns: [DropColumn], _ most: Int64?, _ needs: inout [Need]) -> Grouping {
    var grouping = Grouping(columns: columns, most: most)
    var keys: [[DropColumn]] = []
    for column in columns {
      let need =
        switch column.definition {
        case .event(let expression): Need(column: expression, table: nil)
        case .site: Need(column: "path", table: "path")
        case .row(let table, _, _): Need(column: table, table: table)
        }
      let source = needs.firstIndex { $0.column == need.column } ?? needs.count
      if source == needs.count { needs.append(need) }
      let part = grouping.parts.firstIndex { $0.source == source } ?? grouping.parts.count
      if part == grouping.parts.count {
        grouping.parts.append((source, 0))
        keys.append([])
      }
      let place = keys[part].firstIndex(of: column) ?? keys[part].count
      if place == keys[part].count { keys[part].append(column) }
      grouping.places.append((part, place))
    }
    for (part, key) in keys.enumerated() {
      let source = grouping.parts[part].source
      let number = needs[source].keys.firstIndex(of: key) ?? needs[source].keys.count
      if number == needs[source].keys.count { needs[source].keys.append(key) }
      grouping.parts[part].key = number
    }
    grouping.tuples = TupleNumbers(width: grouping.parts.count)
    return grouping
  }

  /// Counts the events of all segments.
  mutating func run(
    _ connection: borrowing Connection, _ buffer: ColumnBuffer, _ tableBuffer: ColumnBuffer,
    _ companions: Companions, _ segments: [SeriesSegment]
  ) throws(StoreError) -> EventSeries {
    let buckets = segments.flatMap(\.buckets)
    let span = (buckets.map(\.lowerBound).min() ?? 0)..<(buckets.map(\.upperBound).max() ?? 0)
    let transaction = try ReadTransaction(
      connection, companions, wanted: Companions.most, [.events], in: span)
    var sources: [KeyedRows] = []
    for need in needs {
      sources.append(
        try KeyedRows(
          connection, companions, interrupter, tableBuffer, column: need.column, table: need.table,
          keys: need.keys,
          hashedAbove: hashedAbove))
    }
    var parts: [EventSeries.Segment] = []
    var firstBucket = 0
    for segment in segments {
      parts.append(try count(connection, buffer, companions, segment, firstBucket, sources))
      firstBucket += segment.buckets.count
    }
    transaction.end()
    var series: [BucketSeries] = []
    for index in groupings.indices {
      groupings[index].counter.close()
      let grouping = groupings[index]
      series.append(
        BucketSeries(
          columns: grouping.columns, groupCount: grouping.counter.groupCount,
          keys: .rows(
            grouping.parts.map { (rows: sources[$0.source], key: $0.key) }, places: grouping.places,
            tuples: grouping.tuples.elements),
          counted: grouping.counter))
    }
    return EventSeries(groupings: series, segments: parts)
  }

  private mutating func count(
    _ connection: borrowing Connection, _ buffer: ColumnBuffer, _ companions: Companions,
    _ segment: SeriesSegment, _ firstBucket: Int, _ sources: [KeyedRows]
  ) throws(StoreError) -> EventSeries.Segment {
    var found = EventSeries.Segment(events: 0)
    guard let first = segment.buckets.first, let last = segment.buckets.last else { return found }
    var events = try BufferedEvents(
      connection, companions, interrupter, sources.map(\.column) + ["time"],
      first.lowerBound..<last.upperBound, newest: segment.newest)
    var bucket = segment.newest == nil ? 0 : segment.buckets.count - 1
    var buckets: [Int] = []
    var rowNumbers: [Int] = []
    var places = sources.map { _ in [UInt32]() }
    var begin: Int64?
    var oldest: Int64?
    let hasOlder = try events.read(buffer) { (rows, count) throws(StoreError) in
      guard count > 0 else { return }
      found.events += Int64(count)
      buckets.removeAll(keepingCapacity: true)
      for row in 0..<count {
        let time = rows[row, sources.count]
        while bucket > 0, time < segment.buckets[bucket].lowerBound { bucket -= 1 }
        while bucket + 1 < segment.buckets.count, time >= segment.buckets[bucket].upperBound { bucket += 1 }
        buckets.append(firstBucket + bucket)
      }
      let time = rows[count - 1, sources.count]
      oldest = time
      let progress = Self.progress(found.events, from: begin ?? rows[0, sources.count], to: time, in: segment)
      begin = begin ?? rows[0, sources.count]
      if rowNumbers.count != count { rowNumbers = Array(0..<count) }
      for (index, source) in sources.enumerated() {
        source.progress = progress
        try source.findPlaces(of: rows, count, index, &places[index])
      }
      for index in groupings.indices {
        groupings[index].add(rowNumbers, buckets, places, sources)
      }
    }
    // Of the oldest moment that was looked at, all was.
    if hasOlder { found.oldest = oldest }
    found.keptFrom = try Self.keptFrom(connection, first.lowerBound..<last.upperBound)
    if let keptFrom = found.keptFrom { found.oldest = max(found.oldest ?? keptFrom, keptFrom) }
    return found
  }

  /// From when on events are there, if tallies tell of recorded ones before that in a range.
  private static func keptFrom(
    _ connection: borrowing Connection, _ range: Range<Int64>
  ) throws(StoreError) -> Int64? {
    var firstEvent = try connection.prepare("SELECT min(time) FROM event")
    let kept = try firstEvent.firstID() ?? .max
    guard kept > range.lowerBound else { return nil }
    // A tally that holds the first event may have had none before it.
    var deleted = try connection.prepare(
      """
      SELECT 1 FROM tally
      WHERE ts >= ?1 AND ts < ?2 AND recorded > 0 AND ts + seconds * 1000000000 <= ?3 LIMIT 1
      """)
    try deleted.bind(1, range.lowerBound)
    try deleted.bind(2, min(kept, range.upperBound))
    try deleted.bind(3, kept)
    return try deleted.firstInteger() == nil ? nil : kept
  }

  /// How much of a segment has been looked at, about, from 0 to 1: by time, and by how many events it may be.
  private static func progress(
    _ events: Int64, from begin: Int64, to time: Int64, in segment: SeriesSegment
  ) -> Double {
    let ends = segment.newest == nil ? segment.buckets.last?.upperBound : segment.buckets.first?.lowerBound
    let length = abs(Double(ends ?? time) - Double(begin))
    let byTime = length > 0 ? abs(Double(time) - Double(begin)) / length : 1
    return min(1, max(byTime, segment.newest.map { Double(events) / Double(max(1, $0)) } ?? 0))
  }
}

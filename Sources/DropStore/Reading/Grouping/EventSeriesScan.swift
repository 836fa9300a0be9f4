/// One pass over events that counts them over time, by several groupings at once.
struct EventSeriesScan {
  private struct Grouping {
    let columns: [DropColumn]
    let sources: Range<Int>
    let places: [(source: Int, column: Int)]
    var tuples: TupleTable
    var counter = BucketCounter()
  }

  /// Where the groups of a source's small numbers stand in ``known``, and which column of a row has them.
  private struct Source {
    let source: GroupSource
    let index: Int32
    let start: Int
  }

  /// So many numbers of each source are looked up in one array; a damaged database may have any.
  private static let mostKnown: Int64 = 1 << 20

  private let interrupter: Interrupter
  private var groupings: [Grouping] = []
  private var sources: [Source] = []
  private var list = ["time"]
  /// The groups of numbers that have come before, plus 1: so that an event costs a look into an array for each source.
  private var known: [UInt32] = []

  /// Prepares to count.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ groupings: [[DropColumn]]
  ) throws(StoreError) {
    self.interrupter = interrupter
    for columns in groupings {
      let scan = try EventMatcher(connection, interrupter, columns, [])
      let first = sources.count
      for source in scan.sources {
        let index = list.firstIndex(of: source.column) ?? list.count
        if index == list.count { list.append(source.column) }
        sources.append(
          Source(
            source: source, index: Int32(truncatingIfNeeded: index),
            start: sources.count * Int(Self.mostKnown)))
      }
      self.groupings.append(
        Grouping(
          columns: columns, sources: first..<sources.count, places: scan.places,
          tuples: TupleTable(width: scan.sources.count)))
    }
    known = [UInt32](repeating: 0, count: sources.count * Int(Self.mostKnown))
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
      let sources = sources[grouping.sources].map(\.source)
      let largest = grouping.counter.points.reduce(-1) { max($0, Int($1.group)) }
      series.append(
        BucketSeries(
          columns: grouping.columns, groupCount: largest + 1,
          keys: .made(
            values: sources.map(\.values), places: grouping.places,
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
    var tuple = [UInt32](repeating: 0, count: sources.count)
    var part: [UInt32] = []
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
      for index in tuple.indices {
        let number = rows.integer(sources[index].index)
        let isSmall = number > 0 && number < Self.mostKnown
        let place = isSmall ? sources[index].start + Int(number) : 0
        let group = isSmall ? known[place] : 0
        if group != 0 {
          tuple[index] = group - 1
        } else {
          tuple[index] = try sources[index].source.group(of: rows, sources[index].index)
          if isSmall { known[place] = tuple[index] + 1 }
        }
      }
      for index in groupings.indices {
        let range = groupings[index].sources
        var group = tuple[range.lowerBound]
        if range.count > 1 {
          if part.count == range.count {
            for offset in part.indices { part[offset] = tuple[range.lowerBound + offset] }
          } else {
            part = Array(tuple[range])
          }
          group = groupings[index].tuples.number(of: part)
        }
        // A single event is a count, and there are not so many that their sum is none.
        _ = groupings[index].counter.add(1, group: group, bucket: firstBucket + bucket)
      }
    }
    return found
  }
}

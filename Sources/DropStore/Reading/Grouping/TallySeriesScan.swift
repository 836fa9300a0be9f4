/// One pass over the tallies of some segments that adds them up over time, by several groupings at once.
struct TallySeriesScan {
  private let groupings: [(columns: [DropColumn], rows: RowGroups)]
  private let interrupter: Interrupter
  /// By the number of a site, its place plus 1.
  private var places = RowTable()
  private var sites: [Int64] = []
  private var counter = BucketCounter()

  /// Prepares to add up.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ groupings: [[DropColumn]]
  ) throws(StoreError) {
    self.interrupter = interrupter
    var sources: [(columns: [DropColumn], rows: RowGroups)] = []
    for columns in groupings {
      sources.append((columns, try TallyScan.sites(connection, interrupter, columns, [])))
    }
    self.groupings = sources
  }

  /// Adds up the tallies that begin in the buckets of the segments.
  mutating func run(
    _ connection: borrowing Connection, _ buffer: ColumnBuffer, _ companions: Companions,
    _ segments: [SeriesSegment]
  ) throws(StoreError) -> [BucketSeries] {
    let buckets = segments.flatMap(\.buckets)
    let span = (buckets.map(\.lowerBound).min() ?? 0)..<(buckets.map(\.upperBound).max() ?? 0)
    let transaction = try ReadTransaction(connection, companions, [.tallies], in: span)
    var firstBucket = 0
    for segment in segments {
      try add(connection, buffer, companions, segment, firstBucket)
      firstBucket += segment.buckets.count
    }
    counter.close()
    var series: [BucketSeries] = []
    for grouping in groupings { series.append(try addUp(grouping.columns, grouping.rows)) }
    transaction.end()
    return series
  }

  private mutating func add(
    _ connection: borrowing Connection, _ buffer: ColumnBuffer, _ companions: Companions,
    _ segment: SeriesSegment, _ firstBucket: Int
  ) throws(StoreError) {
    guard let first = segment.buckets.first, let last = segment.buckets.last else { return }
    var rows = try BufferedRows(
      connection, companions, interrupter, .tallies, BufferedColumns(["ts", "site", "packets"]),
      in: first.lowerBound..<last.upperBound, sharing: .parts)
    var bucket = 0
    try rows.read(buffer) { rows throws(StoreError) in
      for row in 0..<rows.count {
        let time = rows[row, 0]
        while bucket + 1 < segment.buckets.count, time >= segment.buckets[bucket].upperBound { bucket += 1 }
        guard counter.add(rows[row, 2], group: place(of: rows[row, 1]), bucket: firstBucket + bucket) else {
          throw TallyScan.damage(connection)
        }
      }
      return true
    }
  }

  private mutating func place(of site: Int64) -> UInt32 {
    let known = places[site]
    if known != 0 { return known - 1 }
    sites.append(site)
    let place = UInt32(truncatingIfNeeded: sites.count)
    places.set(place, for: site)
    return place - 1
  }

  /// Sites that show the same values are one group.
  private func addUp(_ columns: [DropColumn], _ rows: RowGroups) throws(StoreError) -> BucketSeries {
    var numbers: [[SQLValue]: UInt32] = [:]
    var keys: [[SQLValue]] = []
    var groupOf: [UInt32] = []
    groupOf.reserveCapacity(sites.count)
    for site in sites {
      let group = try rows.group(of: site)
      let values = rows.values
      let key = columns.indices.map { values.value(group, $0) }
      if let number = numbers[key] {
        groupOf.append(number)
      } else {
        let number = UInt32(truncatingIfNeeded: keys.count)
        numbers[key] = number
        keys.append(key)
        groupOf.append(number)
      }
    }
    return BucketSeries(
      columns: columns, groupCount: keys.count, keys: .listed(keys), counted: counter, groupOf: groupOf)
  }
}

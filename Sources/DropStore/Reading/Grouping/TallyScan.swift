/// One pass over tallies that adds them up by time and by site, and then by what is shown of the sites.
struct TallyScan {
  private let groupings: [RowGroups]
  private let widths: [Int]
  private let interrupter: Interrupter
  private var tallies = Tallies()
  /// By the number of a site, its place in ``sites`` plus 1.
  private var places = RowTable()
  private var sites: [TallySums] = []
  /// The groups of each site, one for each grouping.
  private var groups: [UInt32] = []

  /// Prepares to add up.
  init(
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ groupings: [[DropColumn]]
  ) throws(StoreError) {
    self.interrupter = interrupter
    var sources: [RowGroups] = []
    for columns in groupings {
      var key: [RowGroups.Column] = []
      for column in columns {
        guard case .site(let expression) = column.definition else {
          throw StoreError(
            code: .sql, path: connection.handle.path, message: "drops are not counted by \(column.name)")
        }
        key.append(.site(expression, number: "id"))
      }
      sources.append(try RowGroups(connection, interrupter, table: "site", key: key, conditions: []))
    }
    self.groupings = sources
    widths = groupings.map(\.count)
  }

  /// Adds up the tallies that begin in a range.
  mutating func run(
    _ connection: borrowing Connection, _ buffer: ColumnBuffer, _ range: Range<Int64>
  ) throws(StoreError) -> Tallies {
    let transaction = try ReadTransaction(connection)
    let columns = ["ts", "seconds", "site", "packets", "bytes", "recorded"]
    let last = try connection.integer("SELECT max(ts) FROM tally") ?? .max
    let end = last < range.upperBound ? "" : " AND ts < ?2"
    var rows = try connection.prepare(
      "SELECT 1 FROM tally WHERE ts >= ?1\(end) AND \(ColumnBuffer.condition(columns))")
    try rows.bind(1, range.lowerBound)
    if !end.isEmpty { try rows.bind(2, range.upperBound) }
    var bucket = Tallies.Bucket(start: .min, seconds: 0, sums: TallySums())
    try buffer.read(&rows, width: columns.count) { rows throws(StoreError) in
      try interrupter.check()
      for row in 0..<rows.count {
        var sums = TallySums()
        sums.packets = rows[row, 3]
        sums.bytes = rows[row, 4]
        sums.recorded = rows[row, 5]
        let start = rows[row, 0]
        let seconds = rows[row, 1]
        if start != bucket.start || seconds != bucket.seconds {
          try close(bucket, connection)
          bucket = Tallies.Bucket(start: start, seconds: seconds, sums: TallySums())
        }
        let site = try place(of: rows[row, 2])
        guard bucket.sums.add(sums), sites[site].add(sums) else { throw Self.damage(connection) }
      }
      return true
    }
    try close(bucket, connection)
    try addUpGroups(connection)
    transaction.end()
    return tallies
  }

  private mutating func close(
    _ bucket: Tallies.Bucket, _ connection: borrowing Connection
  ) throws(StoreError) {
    // A second is the least there is; a damaged database may have others.
    guard bucket.seconds != 0 || bucket.start != .min else { return }
    guard tallies.total.add(bucket.sums) else { throw Self.damage(connection) }
    tallies.buckets.append(bucket)
  }

  private mutating func place(of site: Int64) throws(StoreError) -> Int {
    let known = places[site]
    if known != 0 { return Int(known - 1) }
    for grouping in groupings { groups.append(try grouping.group(of: site)) }
    sites.append(TallySums())
    places.set(UInt32(sites.count), for: site)
    return sites.count - 1
  }

  private mutating func addUpGroups(_ connection: borrowing Connection) throws(StoreError) {
    for (index, grouping) in groupings.enumerated() {
      let values = grouping.values
      var sums: [[SQLValue]: TallySums] = [:]
      for (site, sum) in sites.enumerated() {
        let group = groups[site * groupings.count + index]
        let key = (0..<widths[index]).map { values.value(group, $0) }
        guard sums[key, default: TallySums()].add(sum) else { throw Self.damage(connection) }
      }
      tallies.groups.append(sums)
    }
  }

  private static func damage(_ connection: borrowing Connection) -> StoreError {
    StoreError(
      code: .corrupt, path: connection.handle.path,
      message: "the tallies hold counts that are negative or too large; the database may be damaged")
  }
}

/// One pass over tallies that adds them up by time and by site, and then by what is shown of the sites.
struct TallyScan {
  /// Number of a site that is not meant.
  private static let excluded = -1

  private let groupings: [RowGroups]
  /// What must hold of the sites, if anything.
  private let chosen: RowGroups?
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
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ groupings: [[DropColumn]],
    _ conditions: [DropCondition]
  ) throws(StoreError) {
    self.interrupter = interrupter
    var sources: [RowGroups] = []
    for columns in groupings { sources.append(try Self.sites(connection, interrupter, columns, [])) }
    self.groupings = sources
    chosen = conditions.isEmpty ? nil : try Self.sites(connection, interrupter, [], conditions)
    widths = groupings.map(\.count)
  }

  /// The sites that are meant, by what they show in some columns.
  ///
  /// - Throws: where drops are not counted by one of the columns, and when the database cannot be read.
  static func sites(
    _ connection: borrowing Connection, _ interrupter: Interrupter, _ columns: [DropColumn],
    _ conditions: [DropCondition]
  ) throws(StoreError) -> RowGroups {
    let all = columns + conditions.flatMap { $0.columns.sorted { $0.name < $1.name } }
    if let column = all.first(where: { !$0.isCounted }) {
      throw StoreError(
        code: .sql, path: connection.handle.path, message: "drops are not counted by \(column.name)")
    }
    guard conditions.allSatisfy(\.isCounted) else {
      throw StoreError(
        code: .sql, path: connection.handle.path,
        message: "drops are not counted by what each has of its own")
    }
    return try RowGroups(
      connection, interrupter, table: "site", key: columns, conditions: conditions.map(\.form),
      stored: stored)
  }

  /// Adds up the tallies that begin in a range.
  mutating func run(
    _ connection: borrowing Connection, _ buffer: ColumnBuffer, _ companions: Companions,
    _ range: Range<Int64>
  ) throws(StoreError) -> Tallies {
    let transaction = try ReadTransaction(connection, companions, [.tallies], in: range)
    var rows = try BufferedRows(
      connection, companions, interrupter, .tallies,
      BufferedColumns(["ts", "seconds", "site", "packets", "bytes", "recorded"]), in: range, sharing: .parts)
    var bucket = Tallies.Bucket(start: .min, seconds: 0, sums: TallySums())
    try rows.read(buffer) { rows throws(StoreError) in
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
        if site == Self.excluded { continue }
        tallies.count += 1
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
    if known != 0 { return known == .max ? Self.excluded : Int(known - 1) }
    if let chosen, try chosen.group(of: site) == GroupSource.excluded {
      places.set(.max, for: site)
      return Self.excluded
    }
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

  private static func stored(_ column: DropColumn) -> RowGroups.Column {
    guard case .site(let expression) = column.definition else {
      return RowGroups.Column(stored: "NULL", shown: nil)
    }
    return .site(expression, number: "id")
  }

  static func damage(_ connection: borrowing Connection) -> StoreError {
    StoreError(
      code: .corrupt, path: connection.handle.path,
      message: "the tallies hold counts that are negative or too large; the database may be damaged")
  }
}

/// How many drops there were in each interval of time, by their values in some columns.
public struct GroupedSeries: Sendable {
  /// What one group had in one interval.
  public struct Entry: Sendable {
    /// Where the interval begins, in nanoseconds since the epoch; 0 where all of time is one.
    public let interval: Int64
    /// The group; equal for all entries that show the same values.
    public let group: Int
    /// How many drops.
    public let packets: Int64
    /// When the first was, in nanoseconds since the epoch.
    public let first: Int64
    /// When the last was.
    public let last: Int64

    /// What an interval without any drop has.
    ///
    /// - Parameter interval: Where it begins, in nanoseconds since the epoch.
    public init(emptyAt interval: Int64) {
      self.init(interval: interval, group: 0, packets: 0, first: interval, last: interval)
    }

    init(interval: Int64, group: Int, packets: Int64, first: Int64, last: Int64) {
      self.interval = interval
      self.group = group
      self.packets = packets
      self.first = first
      self.last = last
    }

    init(_ row: SeriesCollector.Row) {
      self.init(
        interval: row.interval, group: Int(row.group), packets: row.packets, first: row.first, last: row.last)
    }
  }

  /// In the order of time; those of one interval in no order.
  ///
  /// Where only the largest groups were asked for, smaller ones may be missing.
  public let entries: [Entry]
  /// The number of groups, of those that are missing too.
  public let groupCount: Int
  /// All drops.
  public let total: Int64

  private let values: [GroupValues]
  private let places: [(source: Int, column: Int)]
  /// The groups of the sources that make each group; none where there is one source, whose groups these are.
  private let parts: [UInt32]
  /// Groups from this number on are known by their keys.
  private let firstKeyed: Int
  private let keyed: [UInt64]
  private let packing: PackedKeys?

  /// Puts groups together that show the same values.
  init(
    _ rows: [SeriesCollector.Row], values: [GroupValues], places: [(source: Int, column: Int)],
    parts: [UInt32], joining: Bool
  ) {
    self.values = values
    self.places = places
    self.parts = parts
    firstKeyed = .max
    keyed = []
    packing = nil
    // The collector has seen to it that no sum is too large, but for those of different groups.
    total = rows.reduce(0) { $0 &+ $1.packets }
    guard joining else {
      entries = rows.map { Entry($0) }
      groupCount = Self.groupCount(of: entries)
      return
    }
    var tuples = TupleTable(width: places.count)
    var representatives: [Int] = []
    var joined: [Entry] = []
    var known: [UInt64: Int] = [:]
    var interval: Int64?
    for row in rows {
      let codes = places.map {
        values[$0.source].code(Self.part(parts, Int(row.group), $0.source, of: values.count), $0.column)
      }
      let number = Int(tuples.number(of: codes))
      if number == representatives.count { representatives.append(Int(row.group)) }
      if row.interval != interval {
        interval = row.interval
        known = [:]
      }
      if let place = known[UInt64(number)] {
        let old = joined[place]
        joined[place] = Entry(
          interval: old.interval, group: old.group, packets: old.packets &+ row.packets,
          first: min(old.first, row.first), last: max(old.last, row.last))
      } else {
        known[UInt64(number)] = joined.count
        joined.append(
          Entry(
            interval: row.interval, group: representatives[number], packets: row.packets, first: row.first,
            last: row.last))
      }
    }
    entries = joined
    groupCount = Self.groupCount(of: entries)
  }

  /// Puts groups of all of time together, some of which are known by their keys.
  init(
    _ rows: [SeriesCollector.Row],
    _ counted: (groups: [EventPartitions.Group], distinct: Int, packets: Int64),
    _ packing: PackedKeys, values: [GroupValues], places: [(source: Int, column: Int)], parts: [UInt32]
  ) {
    self.values = values
    self.places = places
    self.parts = parts
    self.packing = packing
    firstKeyed = (rows.map(\.group).max().map { Int($0) } ?? -1) + 1
    keyed = counted.groups.map(\.key)
    total = rows.reduce(counted.packets) { $0 &+ $1.packets }
    groupCount = rows.count + counted.distinct
    var entries = rows.map { Entry($0) }
    entries.reserveCapacity(entries.count + keyed.count)
    for (index, group) in counted.groups.enumerated() {
      entries.append(
        Entry(
          interval: 0, group: firstKeyed + index, packets: group.packets, first: group.first, last: group.last
        ))
    }
    self.entries = entries
  }

  /// The values of a group, one for each column, as the view shows them.
  ///
  /// - Parameter group: ``Entry/group``.
  /// - Returns: The values; making them takes about a microsecond.
  public func key(_ group: Int) -> [SQLValue] {
    guard group >= firstKeyed, let packing else {
      return places.map { place in
        values[place.source].value(Self.part(parts, group, place.source, of: values.count), place.column)
      }
    }
    let key = keyed[group - firstKeyed]
    return places.map { place in
      let part = packing.part(key, place.source)
      guard packing.fields[place.source].isRaw else {
        return values[place.source].value(UInt32(truncatingIfNeeded: part), place.column)
      }
      return part == 0 ? .null : .integer(Int64(part) - 1)
    }
  }

  /// The largest groups of all of time.
  ///
  /// - Parameter most: How many at most.
  /// - Returns: Their numbers and values, the largest first; those of equal size in the order of their keys.
  public func largest(_ most: Int) -> [(group: Int, key: [SQLValue])] {
    sums.placesOfLargest(most) { key($0) }.map { (group: $0.place, key: $0.key) }
  }

  private static func groupCount(of entries: [Entry]) -> Int {
    var seen: [Bool] = []
    var count = 0
    for entry in entries {
      if entry.group >= seen.count {
        seen.append(contentsOf: repeatElement(false, count: max(entry.group + 1 - seen.count, seen.count)))
      }
      if !seen[entry.group] { count += 1 }
      seen[entry.group] = true
    }
    return count
  }

  /// By the number of a group, how many drops it has in all intervals.
  private var sums: [Int64] {
    var sums: [Int64] = []
    for entry in entries {
      if entry.group >= sums.count {
        sums.append(contentsOf: repeatElement(0, count: max(entry.group + 1 - sums.count, sums.count)))
      }
      sums[entry.group] &+= entry.packets
    }
    return sums
  }

  private static func part(_ parts: [UInt32], _ group: Int, _ source: Int, of width: Int) -> UInt32 {
    parts.isEmpty ? UInt32(truncatingIfNeeded: group) : parts[group * width + source]
  }
}

extension DropReader {
  /// Counts recorded drops by interval of time and by their values in some columns, and tells when the first and last of each
  /// were.
  ///
  /// - Parameters:
  ///   - columns: The columns.
  ///   - every: How long an interval is, in nanoseconds, more than 0; they are counted from the epoch on. All of time is one
  ///     where this is `nil`.
  ///   - range: The range of time, in nanoseconds since the epoch.
  ///   - conditions: What must hold of a drop, each of these.
  ///   - largest: How many of the largest groups are wanted, with all that are as large as the last of them; smaller ones may then be
  ///     missing, which saves memory where there are millions. All where this is `nil`.
  /// - Returns: The counts.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  /// - Complexity: O(*n*) for *n* drops in the range. Memory grows with the number of entries, and where there are more than some
  ///   hundred thousand groups by 16 bytes for each drop.
  public func series(
    groupedBy columns: [DropColumn], every: Int64? = nil, in range: Range<Int64> = 0..<Int64.max,
    where conditions: [DropCondition] = [], largest: Int? = nil
  ) throws(StoreError) -> GroupedSeries {
    try series(
      groupedBy: columns, every: every, in: range, where: conditions, largest: largest,
      partitionedAbove: EventPartitions.fewGroups)
  }

  /// The same, with the events in parts as soon as there are more groups than told.
  func series(
    groupedBy columns: [DropColumn], every: Int64?, in range: Range<Int64>,
    where conditions: [DropCondition], largest: Int?, partitionedAbove fewGroups: Int
  ) throws(StoreError) -> GroupedSeries {
    try interrupter.check()
    var matcher = try EventMatcher(connection, interrupter, columns, conditions)
    let transaction = try ReadTransaction(connection, companions, [.events], in: range)
    var events = try BufferedEvents(connection, companions, interrupter, matcher.columns, range)
    var collector = SeriesCollector(width: every)
    var partitions = EventPartitions()
    var packing: PackedKeys?
    var mayPack = every == nil && matcher.isDecidedBySource
    _ = try events.read(columnBuffer) { (rows, count) throws(StoreError) in
      if let packing {
        try matcher.match(rows, count, packing, into: &partitions) { (group, time) in
          _ = collector.add(1, of: UInt32(truncatingIfNeeded: group), at: time)
        }
        return
      }
      try matcher.match(rows, count) { (group, time) in
        _ = collector.add(1, of: UInt32(truncatingIfNeeded: group), at: time)
      }
      guard mayPack, collector.rows.count > fewGroups else { return }
      mayPack = false
      packing = PackedKeys(matcher.sources)
      if let packing { Self.move(&collector, matcher.keys(packing), to: &partitions) }
    }
    transaction.end()
    if let packing {
      return GroupedSeries(
        collector.rows, try partitions.count(interrupter, largest: largest), packing,
        values: matcher.sources.map(\.values), places: matcher.places, parts: matcher.parts)
    }
    return GroupedSeries(
      collector.rows, values: matcher.sources.map(\.values), places: matcher.places,
      parts: matcher.parts, joining: matcher.hidesValues)
  }

  /// Moves what was counted of groups that have keys.
  private static func move(
    _ collector: inout SeriesCollector, _ key: (Int) -> UInt64?, to partitions: inout EventPartitions
  ) {
    collector.take { row in
      guard let key = key(Int(row.group)) else { return false }
      partitions.add(
        EventPartitions.Group(key: key, packets: row.packets, first: row.first, last: row.last))
      return true
    }
  }

  /// Adds up the tallies by interval of time and by their values in some columns.
  ///
  /// A tally is of a minute, or of an hour or day where retention has made it coarse: it belongs as a whole to the interval in which it
  /// begins, and its beginning is when its drops were seen.
  ///
  /// - Parameters:
  ///   - columns: The columns, which must be such that ``DropColumn/isCounted``.
  ///   - every: How long an interval is, as in ``series(groupedBy:every:in:where:)``.
  ///   - range: The range, in nanoseconds since the epoch; tallies that begin in it are added up.
  ///   - conditions: What must hold of a drop; only such that ``DropCondition/isCounted``.
  /// - Returns: The counts, of every drop, recorded or not.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  /// - Complexity: O(*n*) for *n* tallies in the range.
  public func countedSeries(
    groupedBy columns: [DropColumn], every: Int64? = nil, in range: Range<Int64> = 0..<Int64.max,
    where conditions: [DropCondition] = []
  ) throws(StoreError) -> GroupedSeries {
    try interrupter.check()
    let source = GroupSource(
      column: "site", try TallyScan.sites(connection, interrupter, columns, conditions))
    let transaction = try ReadTransaction(connection, companions, [.tallies], in: range)
    var tallies = try BufferedRows(
      connection, companions, interrupter, .tallies, BufferedColumns(["site", "ts", "packets"]), in: range,
      sharing: .parts)
    var collector = SeriesCollector(width: every)
    var kept: [Int] = []
    var groups: [UInt32] = []
    try tallies.read(columnBuffer) { rows throws(StoreError) in
      kept.removeAll(keepingCapacity: true)
      kept.append(contentsOf: 0..<rows.count)
      if groups.count < rows.count { groups = [UInt32](repeating: 0, count: rows.count) }
      try source.findGroups(of: rows, 0, &kept, &groups, width: 1)
      for row in kept {
        guard collector.add(rows[row, 2], of: groups[row], at: rows[row, 1]) else {
          throw TallyScan.damage(connection)
        }
      }
      return true
    }
    transaction.end()
    return GroupedSeries(
      collector.rows, values: [source.values],
      places: columns.map { (0, columns.firstIndex(of: $0) ?? 0) }, parts: [], joining: false)
  }
}

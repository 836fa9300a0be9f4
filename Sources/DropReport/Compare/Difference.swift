public import DropStore

/// What differs between the drops of two ranges of time, of one database or of two.
public struct Difference: Sendable {
  /// A thing of which there are more or fewer.
  public struct Entry: Sendable {
    let kind: String
    let basis: Report.Basis
    let columns: [String]
    let change: Changes.Entry
  }

  /// One of the two ranges.
  struct Side: Sendable {
    let interval: Interval
    let coverage: Coverage
  }

  let before: Side
  let after: Side
  /// What differs, by reason, location, interface, flow and service, each what is surest first.
  public let entries: [Entry]
  /// Whether flows and services are of the newest events alone.
  public let hasOlderEvents: Bool
  /// Whether retention has deleted recorded events of either side.
  public let hasDeletedEvents: Bool

  private static let mostEvents: Int64 = 1_000_000
  private static let counted = [Report.reasonColumns, Report.locationColumns, Report.interfaceColumns]

  /// Compares two ranges.
  ///
  /// - Parameters:
  ///   - before: The database of the first range.
  ///   - beforeRange: The range that is the baseline; a range without a limit ends with the captures.
  ///   - after: The database of the second range, which may be the same.
  ///   - afterRange: The range that is compared with it.
  ///   - now: Nanoseconds since the epoch.
  ///   - isRunning: Whether the process of a capture that has not ended, given by its pid and boot identifier, is alive.
  /// - Throws: ``ReportError/Code/unreadable`` with the store's reason, ``ReportError/Code/notCaptured`` where no capture ran in
  ///   one of the ranges, and ``ReportError/Code/unexpectedValue`` for a damaged database.
  public init(
    from before: borrowing DropReader, _ beforeRange: TimeRange, to after: borrowing DropReader,
    _ afterRange: TimeRange, now: Int64, isRunning: (_ pid: Int64, _ boot: String) -> Bool
  ) throws(ReportError) {
    var (old, width) = try Self.side(before, beforeRange, now, isRunning)
    var (new, otherWidth) = try Self.side(after, afterRange, now, isRunning)
    width = max(width, otherWidth)
    if width > 60 {
      (old, _) = try Self.side(before, beforeRange, now, isRunning, width: width)
      (new, otherWidth) = try Self.side(after, afterRange, now, isRunning, width: width)
    }
    self.before = old
    self.after = new
    let time = ComparedTime(
      now: (new.interval, new.coverage), baseline: [(old.interval, old.coverage)], narrowest: width)
    let segments = time.segments(newest: nil)
    let limited = time.segments(newest: (now: Self.mostEvents, baseline: Self.mostEvents))
    let tallies = try Report.reading { () throws(StoreError) in
      (
        after: try after.tallySeries(groupedBy: Self.counted, over: [segments[0]]),
        before: try before.tallySeries(groupedBy: Self.counted, over: [segments[1]])
      )
    }
    let events = try Report.reading { () throws(StoreError) in
      (
        after: try after.eventSeries(groupedBy: RecordedCounts.groupings, over: [limited[0]]),
        before: try before.eventSeries(groupedBy: RecordedCounts.groupings, over: [limited[1]])
      )
    }
    hasOlderEvents = [events.after, events.before].contains { $0.segments[0].oldest != nil }
    hasDeletedEvents = [events.after, events.before].contains { $0.segments[0].keptFrom != nil }
    let seconds = time.buckets.map(\.seconds)
    let looked = time.seconds(of: events.after.segments + events.before.segments)
    var entries: [Entry] = []
    func add(_ kind: String, _ changes: Changes) {
      entries += changes.entries.map {
        Entry(kind: kind, basis: changes.basis, columns: changes.columns, change: $0)
      }
    }
    for (index, kind) in ["reason", "location", "interface"].enumerated() {
      add(
        kind,
        try Self.changes(
          tallies.after[index], tallies.before[index], .counted, time, seconds,
          columns: Self.counted[index].map(\.name)
        ) { $0.map { Cell($0) } })
    }
    add(
      "flow",
      try Self.changes(
        events.after.groupings[0], events.before.groupings[0], .recorded, time, looked,
        columns: RecordedCounts.flowColumns.map(\.name)
      ) { $0.map { Cell($0) } })
    add(
      "service",
      try Self.changes(
        events.after.groupings[1], events.before.groupings[1], .recorded, time, looked,
        columns: RecordedCounts.serviceNames
      ) {
        let service = RecordedCounts.service($0)
        return service[0] == .null ? nil : service
      })
    self.entries = entries
  }

  /// Two databases number things differently, so they are matched by what they show.
  private static func changes(
    _ after: BucketSeries, _ before: BucketSeries, _ basis: Report.Basis, _ time: ComparedTime,
    _ seconds: [Double], columns: [String], key: ([SQLValue]) -> [Cell]?
  ) throws(ReportError) -> Changes {
    var numbers: [[Cell]: Int] = [:]
    var things: [(key: [Cell], points: [BucketSeries.Point])] = []
    for (series, offset) in [(after, 0), (before, time.nowCount)] {
      for group in 0..<series.groupCount {
        let values = try Report.reading { () throws(StoreError) in try series.key(group) }
        guard let key = key(values) else { continue }
        let number = numbers[key] ?? things.count
        if number == things.count {
          numbers[key] = number
          things.append((key, []))
        }
        things[number].points += series.points(group).map {
          BucketSeries.Point(bucket: $0.bucket + offset, count: $0.count)
        }
      }
    }
    return Changes(
      things.count, columns: columns, basis: basis, time: time, seconds: seconds,
      points: { things[$0].points[...] }, key: { things[$0].key })
  }

  private static func side(
    _ reader: borrowing DropReader, _ asked: TimeRange, _ now: Int64,
    _ isRunning: (_ pid: Int64, _ boot: String) -> Bool, width: Int64 = 60
  ) throws(ReportError) -> (side: Side, width: Int64) {
    let captures = try Report.captures(reader, now: now, isRunning: isRunning)
    let first = captures.map(\.interval.start).min() ?? 0
    let last = captures.map(\.interval.end).max() ?? 0
    let interval = Interval(
      start: max(0, asked.since ?? first), end: max(0, min(asked.until ?? last, max(now, last)))
    ).widened(to: width)
    let coverage = Coverage(of: interval, captures: captures)
    guard coverage.length > 0 else {
      throw ReportError(
        .notCaptured,
        captures.isEmpty
          ? "there is no capture in the database, so there is nothing to compare"
          : "no capture ran \(asked.words), so there is nothing to compare; those of the database ran between "
            + "\(Report.time(first)) and \(Report.time(last))")
    }
    return (Side(interval: interval, coverage: coverage), try Report.widestTally(reader, interval))
  }

  // MARK: - Rows

  /// What was compared, in a sentence.
  public var summary: String {
    func side(_ side: Side) -> String {
      let share = Report.percentage(Double(side.coverage.length) / Double(max(1, side.interval.length)))
      return "\(Report.time(side.interval.start)) to \(Report.time(side.interval.end)) (captured \(share))"
    }
    let count = entries.isEmpty ? "nothing differs by more than chance would explain; " : ""
    return count + "before: \(side(before)); after: \(side(after))"
      + (hasOlderEvents
        ? "; flows and services of the newest \(Self.mostEvents) recorded events of each" : "")
      + (hasDeletedEvents ? ", as far as retention has left them" : "")
  }

  /// The columns of ``cells(_:isForPeople:isUnicode:)``.
  ///
  /// - Parameter isForPeople: Whether they are for a table.
  /// - Returns: Names.
  public static func columns(isForPeople: Bool) -> [String] {
    isForPeople
      ? ["change", "before", "expected", "after", "since", "of", "name"]
      : ["of", "name"] + machineColumns
        + ["change", "before", "expected", "after", "factor", "factor_at_least", "z", "since", "basis"]
  }

  private static let machineColumns =
    counted.joined().map(\.name) + RecordedCounts.flowColumns.map(\.name) + RecordedCounts.serviceNames

  /// An entry as a row.
  ///
  /// - Parameters:
  ///   - entry: The entry.
  ///   - isForPeople: Whether it is for a table, with local times; else times are RFC 3339 in UTC.
  ///   - isUnicode: Whether characters beyond ASCII may be used.
  /// - Returns: A cell for each of the columns.
  public func cells(_ entry: Entry, isForPeople: Bool, isUnicode: Bool) -> [Cell] {
    let rate = entry.change.rate
    let counts: [Cell] = [
      .integer(rate.before), .integer(Report.whole(rate.expected)), .integer(rate.now),
    ]
    let name = Cell.text(Report.text(entry.change.key))
    if isForPeople {
      let since = entry.change.onset.map { Cell.text(Report.time($0)) } ?? .null
      return [.text(ChangeText.text(entry.change.kind, rate, isUnicode: isUnicode))] + counts
        + [since, .text(entry.kind), name]
    }
    let parts = Self.machineColumns.map { column in
      entry.columns.firstIndex(of: column).map { entry.change.key[$0] } ?? .null
    }
    let since = entry.change.onset.map { Cell.text(TimeFormatter.utc($0)) } ?? .null
    return [.text(entry.kind), name] + parts + [.text(entry.change.kind.rawValue)] + counts
      + [
        rate.factor.map { .real($0) } ?? .null, rate.cautiousFactor.map { .real($0) } ?? .null, .real(rate.z),
        since, .text(entry.basis.rawValue),
      ]
  }

  /// Entries of some kinds alone.
  ///
  /// - Parameters:
  ///   - kinds: The kinds; all where there are none.
  ///   - limit: How many of each kind.
  /// - Returns: The entries in their order.
  public func entries(of kinds: [String], limit: Int) -> [Entry] {
    Self.kinds.flatMap { kind in
      kinds.isEmpty || kinds.contains(kind) ? Array(entries.filter { $0.kind == kind }.prefix(limit)) : []
    }
  }

  /// The kinds of things that are compared.
  public static let kinds = ["reason", "location", "interface", "flow", "service"]
}

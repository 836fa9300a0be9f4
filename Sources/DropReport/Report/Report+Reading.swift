internal import DropEvents
public import DropStore

extension Report {
  private static let minute: Int64 = 60 * 1_000_000_000
  /// Grouping events means reading each of them; more than these would take longer than anyone waits.
  static let mostEvents: Int64 = 340_000
  /// How many of them are of the baseline, if there is one.
  static let mostBaselineEvents: Int64 = 100_000
  /// What a flame graph has room for.
  private static let mostStacks = 200
  static let reasonColumns: [DropColumn] = [.reason, .subsystem]
  static let locationColumns: [DropColumn] = [.location]
  static let interfaceColumns: [DropColumn] = [.interface, .netns]
  private static let namespaceColumns: [DropColumn] = [.netns]

  /// Answers a request from a database.
  ///
  /// Counts come from the tallies, in time that grows with their number; flows, services and stacks come from events, from
  /// the newest ``mostEvents`` of the range and its baseline.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - request: What to report.
  ///   - isRunning: Whether the process of a capture that has not ended, given by its pid and boot identifier, is alive.
  /// - Throws: ``ReportError/Code/unreadable`` with the store's reason, ``ReportError/Code/unexpectedValue`` for a
  ///   database whose counts cannot be added up.
  public init(
    reading reader: borrowing DropReader, _ request: Request,
    isRunning: (_ pid: Int64, _ boot: String) -> Bool
  ) throws(ReportError) {
    self.request = request
    // What is found here is named there: both of one state of the database.
    let moment: DropMoment
    do throws(StoreError) { moment = try DropMoment(reader, toRead: Self.asked(request)) } catch {
      throw ReportError(.unreadable, error.description)
    }
    let captures = try Self.captures(reader, now: request.now, isRunning: isRunning)
    let records = try Self.extent(reader, request, captures)
    range = records.range
    coverage = Coverage(of: records.wanted, captures: captures)
    captured = Coverage(
      of: records.range.flatMap { $0.intersection(Interval(start: 0, end: records.knownEnd)) },
      captures: captures)
    let top = request.top
    guard let range = records.range else {
      totals = Totals()
      timeline = .empty
      reasons = Ranking(noneIn: Self.reasonColumns, basis: .counted)
      locations = Ranking(noneIn: Self.locationColumns, basis: .counted)
      interfaces = Ranking(noneIn: Self.interfaceColumns, basis: .counted)
      namespaces = Ranking(noneIn: Self.namespaceColumns, basis: .counted)
      services = Ranking(noneIn: RecordedCounts.serviceNames, basis: .recorded)
      flows = Ranking(noneIn: RecordedCounts.flowColumns, basis: .recorded)
      hasOlderFlows = false
      keptFrom = nil
      isBaselineDeleted = false
      comparison = Comparison()
      explanations = []
      leading = []
      stacks = []
      eventsWithStack = 0
      reasonsOverTime = ReasonsOverTime()
      counters = .empty
      moment.end()
      return
    }
    let span = range.start..<max(range.start, range.end)
    let tallies = try Self.reading { () throws(StoreError) in
      try reader.tallies(
        in: span,
        groupedBy: [
          Self.reasonColumns, Self.locationColumns, Self.interfaceColumns, Self.namespaceColumns,
          Self.reasonColumns + Self.locationColumns, Self.reasonColumns + Self.interfaceColumns,
        ])
    }
    var totals = Totals()
    totals.packets = tallies.total.packets
    totals.bytes = tallies.total.bytes
    totals.recorded = tallies.total.recorded
    var timeline = Timeline(over: range, narrowest: tallies.buckets.reduce(60) { max($0, $1.seconds) })
    for bucket in tallies.buckets { timeline.add(packets: bucket.sums.packets, at: bucket.start) }
    var lost = Counter<String>()
    var leftOut = Counter<String>()
    try Self.forEachRow(
      reader, "SELECT ts, cause, packets FROM losses WHERE ts >= ? AND ts < ?", range
    ) { (row) throws(ReportError) in
      guard row.count == 3, case .integer(let moment) = row[0], case .integer(let packets) = row[2] else {
        return
      }
      let cause = Cell(row[1]).plainText
      // Of a cause that is not known here, it is not known that it was intended.
      if LossCause(rawValue: cause)?.isIntended == true {
        try leftOut.add(packets, to: cause)
        timeline.add(leftOut: packets, at: moment)
      } else {
        try lost.add(packets, to: cause)
        timeline.add(lost: packets, at: moment)
      }
    }
    totals.lost = Self.causes(lost)
    totals.leftOut = Self.causes(leftOut)
    timeline.mark(captured)
    let narrowest = tallies.buckets.reduce(60) { max($0, $1.seconds) }
    let (comparison, recorded) = try Self.compared(reader, request, range, captured, captures, narrowest)
    var frames = StackFrames()
    let stacks = try Self.stacks(recorded, most: Self.mostStacks, &frames, reader)

    self.totals = totals
    self.timeline = timeline
    reasons = Ranking(tallies.groups[0], columns: Self.reasonColumns, top: top)
    locations = Ranking(tallies.groups[1], columns: Self.locationColumns, top: top)
    interfaces = Ranking(tallies.groups[2], columns: Self.interfaceColumns, top: top)
    namespaces = Ranking(tallies.groups[3], columns: Self.namespaceColumns, top: top)
    services = recorded.services(top: top)
    flows = try Self.reading { () throws(StoreError) in try recorded.flows(top: top) }
    hasOlderFlows = recorded.hasOlder
    keptFrom = recorded.keptFrom
    isBaselineDeleted = recorded.isBaselineDeleted
    self.comparison = comparison
    explanations = try Explanation.all()
    leading = try Self.leading(
      explanations, reasons, all: tallies.groups[0], comparison.reasons, byLocation: tallies.groups[4],
      byInterface: tallies.groups[5], recorded, &frames, reader)
    self.stacks = stacks.top
    eventsWithStack = stacks.total
    reasonsOverTime = comparison.reasonsOverTime
    counters = try CounterSection(reading: reader, in: span)
    moment.end()
  }

  /// Compares the range with its baseline, and looks at recorded events.
  private static func compared(
    _ reader: borrowing DropReader, _ request: Request, _ range: Interval, _ captured: Coverage,
    _ captures: [Coverage.Capture], _ narrowest: Int64
  ) throws(ReportError) -> (Comparison, RecordedCounts) {
    var baseline = Baseline(request.baseline, of: range, captures: captures, now: request.now)
    var narrowest = narrowest
    for interval in baseline.intervals {
      narrowest = max(narrowest, try widestTally(reader, interval))
    }
    baseline = baseline.widened(to: narrowest, without: range, captures: captures)
    let ofBaseline = baseline.isCaptured ? mostBaselineEvents : 0
    return try Comparison.read(
      reader, baseline, now: (range, captured), narrowest: narrowest,
      newest: (now: mostEvents - ofBaseline, baseline: ofBaseline))
  }

  /// The width of the widest tally in a range, in seconds; not less than a minute.
  static func widestTally(_ reader: borrowing DropReader, _ interval: Interval) throws(ReportError) -> Int64 {
    var widest: Int64 = 60
    try forEachRow(reader, "SELECT max(seconds) FROM tallies WHERE ts >= ? AND ts < ?", interval) { row in
      if case .integer(let seconds)? = row.first { widest = max(60, min(seconds, 86_400)) }
    }
    return widest
  }

  private static func causes(_ counter: Counter<String>) -> [(cause: String, packets: Int64)] {
    counter.counts.map { (cause: $0.key, packets: $0.value) }
      .sorted { ($1.packets, $0.cause) < ($0.packets, $1.cause) }
  }

  static func captures(
    _ reader: borrowing DropReader, now: Int64, isRunning: (_ pid: Int64, _ boot: String) -> Bool
  ) throws(ReportError) -> [Coverage.Capture] {
    var captures: [Coverage.Capture] = []
    try forEachRow(
      reader, "SELECT id, start_ts, end_ts, last_seen_ts, pid, boot, host, kernel FROM captures", nil
    ) { (row) throws(ReportError) in
      guard row.count == 8, case .integer(let id) = row[0], case .integer(let start) = row[1],
        case .integer(let lastSeen) = row[3]
      else { return }
      var end = lastSeen
      var hasEnded = false
      if case .integer(let ended) = row[2] {
        end = ended
        hasEnded = true
      } else if case .integer(let pid) = row[4], case .text(let boot) = row[5], isRunning(pid, boot) {
        end = max(end, now)
      }
      captures.append(
        Coverage.Capture(
          id: id, interval: Interval(start: max(0, start), end: max(0, start, end)), hasEnded: hasEnded,
          host: row[6].textIfText, kernel: row[7].textIfText))
    }
    return captures
  }

  /// Where the records end on one side: with the captures, unless there are tallies of other minutes beyond them.
  private static func outermost(
    _ capture: Int64?, _ tally: Int64?, isBeyond: (_ tally: Int64, _ capture: Int64) -> Bool
  ) -> Int64? {
    guard let capture, let tally else { return capture ?? tally }
    return isBeyond(tally, capture) ? tally : capture
  }

  /// What should be covered; what the counts are about: that, widened to whole minutes and to whole tallies; and where
  /// the future begins.
  private static func extent(
    _ reader: borrowing DropReader, _ request: Request, _ captures: [Coverage.Capture]
  ) throws(ReportError) -> (wanted: Interval?, range: Interval?, knownEnd: Int64) {
    let asked = request.range
    let lower = asked.since.map { Self.minuteBefore(max(0, $0)) } ?? 0
    let upper = asked.until.map { Self.minuteAfter(max(0, $0)) } ?? .max
    let tallies = try reading { () throws(StoreError) in
      try reader.tallyExtent(in: lower..<max(lower, upper)).map {
        Interval(start: $0.lowerBound, end: $0.upperBound)
      }
    }
    // A tally is a whole minute and begins before the capture whose first drops are in it: that is no gap.
    let first = outermost(
      captures.map(\.interval.start).min(), tallies?.start, isBeyond: { $0 < Self.minuteBefore($1) })
    let last = outermost(
      captures.map(\.interval.end).max(), tallies?.end, isBeyond: { $0 > Self.minuteAfter($1) })
    guard let first, let last else { return (nil, nil, request.now) }

    let since = max(0, asked.since ?? first)
    let knownEnd = max(last, request.now)
    // Nothing is known of the future. Without any limit, the records are the question; with a beginning, it is "since then".
    let until = min(asked.until ?? (asked.since == nil ? last : request.now), knownEnd)
    let wanted = Interval(start: since, end: max(since, until))
    guard wanted.length > 0 else { return (wanted, nil, knownEnd) }
    let start = minuteBefore(wanted.start)
    let end = minuteAfter(wanted.end)
    return (
      wanted, Interval(start: min(start, tallies?.start ?? start), end: max(end, tallies?.end ?? end)),
      knownEnd
    )
  }

  /// The range of time that was asked for, before it is known what there is.
  private static func asked(_ request: Request) -> Range<Int64> {
    let since = max(0, request.range.since ?? 0)
    return since..<max(since, request.range.until ?? .max)
  }

  private static func minuteBefore(_ moment: Int64) -> Int64 {
    moment - moment % minute
  }

  /// The beginning of the next minute, if the moment is not itself the beginning of one.
  private static func minuteAfter(_ moment: Int64) -> Int64 {
    let (end, overflow) = minuteBefore(moment).addingReportingOverflow(moment % minute > 0 ? minute : 0)
    return overflow ? .max : end
  }

  /// What the store answers; its errors say where and what to do, as ours should.
  static func reading<Answer>(
    _ body: () throws(StoreError) -> Answer
  ) throws(ReportError) -> Answer {
    do {
      return try body()
    } catch {
      throw ReportError(.unreadable, error.description)
    }
  }

  static func forEachRow(
    _ reader: borrowing DropReader, _ sql: String, _ range: Interval?,
    _ body: ([SQLValue]) throws(ReportError) -> Void
  ) throws(ReportError) {
    do {
      let parameters: [SQLValue] = range.map { [.integer($0.start), .integer($0.end)] } ?? []
      var query = try reader.prepare(sql, parameters)
      while let row = try query.next() { try body(row) }
    } catch let error as StoreError {
      throw ReportError(.unreadable, error.description)
    } catch let error as ReportError {
      throw error
    } catch {
      throw ReportError(.unreadable, "\(error)")
    }
  }
}

extension SQLValue {
  fileprivate var textIfText: String? {
    if case .text(let text) = self { text } else { nil }
  }
}

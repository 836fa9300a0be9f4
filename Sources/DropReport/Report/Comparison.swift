internal import DropStore

/// A range of time beside its baseline.
struct Comparison: Sendable {
  /// More would not be told apart in a chart.
  private static let chartedReasons = 7

  let baseline: Baseline
  /// Whether something can be compared: captures ran in both.
  let isComparable: Bool
  let reasons: Changes
  let locations: Changes
  let interfaces: Changes
  let flows: Changes
  let services: Changes
  let reasonsOverTime: ReasonsOverTime

  /// All kinds of things that are compared, in the order in which they are told.
  var all: [(name: String, changes: Changes)] {
    [
      ("reasons", reasons), ("locations", locations), ("interfaces", interfaces), ("flows", flows),
      ("services", services),
    ]
  }

  /// A comparison of nothing.
  init() {
    func none(_ columns: [DropColumn], _ basis: Report.Basis) -> Changes {
      .none(in: columns.map(\.name), basis: basis)
    }
    baseline = .none
    isComparable = false
    reasons = none(Report.reasonColumns, .counted)
    locations = none(Report.locationColumns, .counted)
    interfaces = none(Report.interfaceColumns, .counted)
    flows = none(RecordedCounts.flowColumns, .recorded)
    services = .none(in: RecordedCounts.serviceNames, basis: .recorded)
    reasonsOverTime = ReasonsOverTime()
  }

  /// Compares.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - baseline: What to compare with.
  ///   - now: The range, and when captures ran in it.
  ///   - narrowest: The widest tally in both, in seconds.
  ///   - newest: How many recorded events to look at.
  /// - Returns: The comparison, and what recorded events tell.
  /// - Throws: ``ReportError/Code/unreadable`` with the store's reason.
  static func read(
    _ reader: borrowing DropReader, _ baseline: Baseline, now: (interval: Interval, coverage: Coverage),
    narrowest: Int64, newest: (now: Int64, baseline: Int64)?
  ) throws(ReportError) -> (comparison: Comparison, recorded: RecordedCounts) {
    let time = ComparedTime(
      now: now, baseline: Array(zip(baseline.intervals, baseline.coverages)), narrowest: narrowest)
    let counted: [BucketSeries]
    do {
      counted = try reader.tallySeries(
        groupedBy: [Report.reasonColumns, Report.locationColumns, Report.interfaceColumns],
        over: time.segments(newest: nil))
    } catch {
      throw ReportError(.unreadable, error.description)
    }
    let recorded = try RecordedCounts(reading: reader, over: time, newest: newest)
    do {
      return (try Comparison(baseline, time, counted, recorded), recorded)
    } catch {
      throw ReportError(.unreadable, error.description)
    }
  }

  private init(
    _ baseline: Baseline, _ time: ComparedTime, _ counted: [BucketSeries], _ recorded: RecordedCounts
  ) throws(StoreError) {
    self.baseline = baseline
    let seconds = time.buckets.map(\.seconds)
    isComparable =
      seconds[..<time.nowCount].contains { $0 > 0 } && seconds[time.nowCount...].contains { $0 > 0 }
    reasons = try Changes(counted[0], basis: .counted, time: time, seconds: seconds)
    locations = try Changes(counted[1], basis: .counted, time: time, seconds: seconds)
    interfaces = try Changes(counted[2], basis: .counted, time: time, seconds: seconds)
    flows = try recorded.flowChanges()
    services = recorded.serviceChanges()
    reasonsOverTime = try Self.overTime(counted[0], time)
  }

  private static func overTime(
    _ series: BucketSeries, _ time: ComparedTime
  ) throws(StoreError) -> ReasonsOverTime {
    let buckets = time.buckets[..<time.nowCount]
    var all: [(name: String, packets: [Int64], sum: Int64)] = []
    for group in 0..<series.groupCount {
      var packets = [Int64](repeating: 0, count: buckets.count)
      var sum: Int64 = 0
      for point in series.points(group) where point.bucket < buckets.count {
        packets[point.bucket] &+= point.count
        sum &+= point.count
      }
      let name = Cell(try series.key(group)[0])
      if sum > 0 { all.append((name == .null ? "unknown" : name.plainText, packets, sum)) }
    }
    all.sort { ($1.sum, $0.name) < ($0.sum, $1.name) }
    var shown = all.prefix(chartedReasons).map { ReasonsOverTime.Series(name: $0.name, packets: $0.packets) }
    if all.count > chartedReasons {
      var others = [Int64](repeating: 0, count: buckets.count)
      for one in all.dropFirst(chartedReasons) {
        for index in others.indices { others[index] &+= one.packets[index] }
      }
      shown.append(ReasonsOverTime.Series(name: nil, packets: others))
    }
    return ReasonsOverTime(
      buckets: buckets.map(\.interval),
      covered: buckets.map { min(1, $0.seconds * 1_000_000_000 / Double(max(1, $0.interval.length))) },
      series: shown)
  }
}

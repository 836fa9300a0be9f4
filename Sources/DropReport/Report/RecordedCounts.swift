internal import DropStore

/// What the recorded events of a range and its baseline tell: flows, services and stacks, from one pass over the newest.
struct RecordedCounts {
  static let flowColumns: [DropColumn] = [.transport, .saddr, .sport, .daddr, .dport]
  private static let serviceColumns: [DropColumn] = [.cgroup, .comm, .context]
  private static let stackColumns: [DropColumn] = [.reason, .subsystem, .stack]
  static let groupings = [flowColumns, serviceColumns, stackColumns]
  private static let targetColumns: [DropColumn] = [.reason, .subsystem, .transport, .daddr, .dport]
  /// How many events, about, tell whom the drops of a reason hit: there are as many pairs of a reason and a target as that.
  private static let mostForTargets: Int64 = 100_000
  /// What a service is told apart by: its name, and what the name is of (`cgroup`, or `process`).
  static let serviceNames = ["service", "kind"]

  private let time: ComparedTime
  private let series: EventSeries
  private let services: [(key: [Cell], points: [BucketSeries.Point])]
  /// By reason and subsystem, the groups of their targets.
  private let targets: [[Cell]: [(group: Int, packets: Int64)]]
  /// How much of each bucket was captured and looked at.
  private let seconds: [Double]
  /// How many events of the range were looked at.
  let events: Int64
  /// Whether the range has older ones.
  let hasOlder: Bool
  /// From when on recorded events of the range are still there, if retention has deleted older ones; else `nil`.
  let keptFrom: Int64?
  /// Whether nothing is left of what was recorded in the baseline.
  let isBaselineDeleted: Bool

  /// Counts.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - time: The range and its baseline.
  ///   - newest: How many events to look at of each of them.
  /// - Throws: ``ReportError/Code/unreadable`` with the store's reason.
  init(
    reading reader: borrowing DropReader, over time: ComparedTime, newest: (now: Int64, baseline: Int64)?
  ) throws(ReportError) {
    self.time = time
    do {
      series = try reader.eventSeries(
        groupedBy: Self.groupings + [Self.targetColumns], over: time.segments(newest: newest),
        most: [nil, nil, nil, Self.mostForTargets])
    } catch {
      throw ReportError(.unreadable, error.description)
    }
    seconds = time.seconds(of: series.segments)
    let now = time.nowCount > 0 ? series.segments.first : nil
    events = now?.events ?? 0
    hasOlder = now?.oldest != nil
    keptFrom = now?.keptFrom
    let before = series.segments.dropFirst(time.nowCount > 0 ? 1 : 0)
    isBaselineDeleted = before.contains { $0.keptFrom != nil } && before.allSatisfy { $0.events == 0 }
    var numbers: [[Cell]: Int] = [:]
    var services: [(key: [Cell], points: [BucketSeries.Point])] = []
    let groups = series.groupings[1]
    for group in 0..<groups.groupCount {
      let key = Self.service(try Report.reading { () throws(StoreError) in try groups.key(group) })
      let number = numbers[key] ?? services.count
      if number == services.count {
        numbers[key] = number
        services.append((key, []))
      }
      services[number].points += groups.points(group)
    }
    self.services = services
    do {
      targets = try Self.targets(series.groupings[3], time)
    } catch {
      throw ReportError(.unreadable, error.description)
    }
  }

  /// The groups of each reason.
  private static func targets(
    _ groups: BucketSeries, _ time: ComparedTime
  ) throws(StoreError) -> [[Cell]: [(group: Int, packets: Int64)]] {
    var byNumber: [Int: [(group: Int, packets: Int64)]] = [:]
    for group in 0..<groups.groupCount {
      let packets = groups.packets(of: group, before: time.nowCount)
      if packets > 0 { byNumber[groups.number(group, column: 0), default: []].append((group, packets)) }
    }
    var targets: [[Cell]: [(group: Int, packets: Int64)]] = [:]
    for found in byNumber.values {
      targets[try groups.key(found[0].group, 0..<2).map { Cell($0) }, default: []] += found
    }
    return targets
  }

  /// The control group whose socket the packet belongs to; without one, the process if the packet was its own.
  static func service(_ values: [SQLValue]) -> [Cell] {
    if values[0] != .null { return [Cell(values[0]), .text("cgroup")] }
    guard values[2] == .text("task"), values[1] != .null else { return [.null, .null] }
    return [Cell(values[1]), .text("process")]
  }

  // MARK: - Rankings

  func flows(top: Int) throws(StoreError) -> Ranking {
    try Ranking(series.groupings[0], before: time.nowCount, top: top)
  }

  func services(top: Int) -> Ranking {
    Ranking(
      services.map { (key: $0.key, packets: nowPackets($0.points)) }, columns: Self.serviceNames,
      basis: .recorded, top: top)
  }

  private func nowPackets(_ points: some Sequence<BucketSeries.Point>) -> Int64 {
    points.reduce(0) { $1.bucket < time.nowCount ? $0 &+ $1.count : $0 }
  }

  // MARK: - Changes

  func flowChanges() throws(StoreError) -> Changes {
    try Changes(series.groupings[0], basis: .recorded, time: time, seconds: seconds)
  }

  func serviceChanges() -> Changes {
    // Of drops that are nobody's, more or fewer would say nothing.
    let known = services.indices.filter { services[$0].key[0] != .null }
    return Changes(
      known.count, columns: Self.serviceNames, basis: .recorded, time: time, seconds: seconds,
      points: { services[known[$0]].points[...] }, key: { services[known[$0]].key })
  }

  // MARK: - Stacks

  /// The recorded drops of the range by reason and stack; those without a stack are left out.
  func stacks() throws(StoreError) -> [(reason: Cell, subsystem: Cell, stack: Int64, packets: Int64)] {
    let groups = series.groupings[2]
    var found: [(reason: Cell, subsystem: Cell, stack: Int64, packets: Int64)] = []
    for group in 0..<groups.groupCount {
      let packets = groups.packets(of: group, before: time.nowCount)
      guard packets > 0 else { continue }
      let key = try groups.key(group)
      if case .integer(let stack) = key[2] { found.append((Cell(key[0]), Cell(key[1]), stack, packets)) }
    }
    return found
  }

  // MARK: - Targets

  /// Whom the newest drops of a reason hit: the transport, address and port to which most of them went, and how many of how many.
  ///
  /// - Parameter reason: The reason and its subsystem.
  /// - Returns: `nil` where no address is known.
  /// - Throws: When it cannot be looked up what a target is called.
  func target(of reason: [Cell]) throws(StoreError) -> LeadingReason.Share? {
    guard let found = targets[reason] else { return nil }
    let total = found.reduce(Int64(0)) { $0 &+ $1.packets }
    // Drops without an address may be the most.
    for target in found.sorted(by: { $0.packets > $1.packets }).prefix(10) {
      let key = try series.groupings[3].key(target.group, 2..<5).map { Cell($0) }
      if key[1] != .null { return LeadingReason.Share(key: key, packets: target.packets, total: total) }
    }
    return nil
  }
}

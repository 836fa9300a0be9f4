internal import DropStore

/// What the recorded events of a range and its baseline tell: flows, services and stacks, from one pass over the newest.
struct RecordedCounts {
  static let flowColumns: [DropColumn] = [.transport, .saddr, .sport, .daddr, .dport]
  private static let serviceColumns: [DropColumn] = [.cgroup, .comm, .context]
  private static let stackColumns: [DropColumn] = [.reason, .subsystem, .stack]
  static let groupings = [flowColumns, serviceColumns, stackColumns]
  /// What a service is told apart by: its name, and what the name is of (`cgroup`, or `process`).
  static let serviceNames = ["service", "kind"]

  private let time: ComparedTime
  private let series: EventSeries
  private let services: [(key: [Cell], points: [BucketSeries.Point])]
  /// How much of each bucket was captured and looked at.
  private let seconds: [Double]
  /// How many events of the range were looked at.
  let events: Int64
  /// Whether the range has older ones.
  let hasOlder: Bool

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
      series = try reader.eventSeries(groupedBy: Self.groupings, over: time.segments(newest: newest))
    } catch {
      throw ReportError(.unreadable, error.description)
    }
    seconds = time.seconds(of: series.segments)
    let now = time.nowCount > 0 ? series.segments.first : nil
    events = now?.events ?? 0
    hasOlder = now?.oldest != nil
    var numbers: [[Cell]: Int] = [:]
    var services: [(key: [Cell], points: [BucketSeries.Point])] = []
    let groups = series.groupings[1]
    for group in 0..<groups.groupCount {
      let key = Self.service(groups.key(group))
      let number = numbers[key] ?? services.count
      if number == services.count {
        numbers[key] = number
        services.append((key, []))
      }
      services[number].points += groups.points(group)
    }
    self.services = services
  }

  /// The control group whose socket the packet belongs to; without one, the process if the packet was its own.
  static func service(_ values: [SQLValue]) -> [Cell] {
    if values[0] != .null { return [Cell(values[0]), .text("cgroup")] }
    guard values[2] == .text("task"), values[1] != .null else { return [.null, .null] }
    return [Cell(values[1]), .text("process")]
  }

  // MARK: - Rankings

  func flows(top: Int) -> Ranking { Ranking(series.groupings[0], before: time.nowCount, top: top) }

  func services(top: Int) -> Ranking {
    Ranking(
      services.map { (key: $0.key, packets: nowPackets($0.points)) }, columns: Self.serviceNames,
      basis: .recorded, top: top)
  }

  private func nowPackets(_ points: [BucketSeries.Point]) -> Int64 {
    points.reduce(0) { $1.bucket < time.nowCount ? $0 &+ $1.count : $0 }
  }

  // MARK: - Changes

  var flowChanges: Changes {
    Changes(series.groupings[0], basis: .recorded, time: time, seconds: seconds)
  }

  var serviceChanges: Changes {
    // Of drops that are nobody's, more or fewer would say nothing.
    let known = services.indices.filter { services[$0].key[0] != .null }
    return Changes(
      known.count, columns: Self.serviceNames, basis: .recorded, time: time, seconds: seconds,
      points: { services[known[$0]].points[...] }, key: { services[known[$0]].key })
  }

  // MARK: - Stacks

  /// The recorded drops of the range by reason and stack; those without a stack are left out.
  var stacks: [(reason: Cell, subsystem: Cell, stack: Int64, packets: Int64)] {
    let groups = series.groupings[2]
    return (0..<groups.groupCount).compactMap { group in
      let key = groups.key(group)
      let packets = groups.points(group).reduce(Int64(0)) {
        $1.bucket < time.nowCount ? $0 &+ $1.count : $0
      }
      guard packets > 0, case .integer(let stack) = key[2] else { return nil }
      return (Cell(key[0]), Cell(key[1]), stack, packets)
    }
  }
}

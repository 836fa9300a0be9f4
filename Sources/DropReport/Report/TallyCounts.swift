internal import DropStore

/// What a single pass over the tallies gives.
struct TallyCounts {
  private(set) var totals = Totals()
  /// The widest bucket met, in seconds.
  private(set) var widest: Int64 = 60
  private(set) var reasons = Counter<[Cell]>()
  private(set) var locations = Counter<[Cell]>()
  private(set) var interfaces = Counter<[Cell]>()
  private(set) var packetsByTime: [Int64: Int64] = [:]

  /// Adds a row: ts, seconds, packets, bytes, recorded, reason, subsystem, location, interface, netns.
  mutating func add(_ row: [SQLValue]) throws(ReportError) {
    guard row.count == 10, case .integer(let moment) = row[0], case .integer(let seconds) = row[1],
      case .integer(let packets) = row[2], case .integer(let bytes) = row[3],
      case .integer(let recorded) = row[4]
    else {
      throw ReportError(.unexpectedValue, "the database holds a tally without numbers; it may be damaged")
    }
    totals.packets = try Counter<Int>.sum(totals.packets, packets)
    totals.bytes = try Counter<Int>.sum(totals.bytes, bytes)
    totals.recorded = try Counter<Int>.sum(totals.recorded, recorded)
    widest = max(widest, seconds)
    packetsByTime[moment, default: 0] += packets
    try reasons.add(packets, to: [Cell(row[5]), Cell(row[6])])
    try locations.add(packets, to: [Cell(row[7])])
    try interfaces.add(packets, to: [Cell(row[8]), Cell(row[9])])
  }
}

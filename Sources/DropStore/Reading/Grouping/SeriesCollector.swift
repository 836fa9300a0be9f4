/// Adds up drops by group and by interval of time, as they come in the order of time.
struct SeriesCollector {
  /// What one group had in one interval.
  struct Row {
    var interval: Int64
    var group: UInt32
    var packets: Int64
    var first: Int64
    var last: Int64
  }

  /// How long an interval is, in nanoseconds; all of time is one where this is `nil`.
  let width: Int64?
  private(set) var rows: [Row] = []
  /// By group, its row of the present interval plus 1.
  private var places: [UInt32] = []
  private var start = Int64.min
  private var end = Int64.min
  /// The first row of the present interval.
  private var firstRow = 0

  init(width: Int64?) {
    self.width = width
  }

  /// Adds drops of one group that happened at one time, not before those that came already.
  ///
  /// - Parameters:
  ///   - packets: how many, not negative.
  ///   - group: the group.
  ///   - time: nanoseconds since the epoch.
  /// - Returns: whether the sum is a count still.
  @inline(__always)
  mutating func add(_ packets: Int64, of group: UInt32, at time: Int64) -> Bool {
    if time >= end || start == .min { begin(at: time) }
    let place = Int(group)
    if place >= places.count {
      places.append(contentsOf: repeatElement(0, count: max(place + 1 - places.count, places.count)))
    }
    if places[place] == 0 {
      rows.append(Row(interval: start, group: group, packets: packets, first: time, last: time))
      places[place] = UInt32(truncatingIfNeeded: rows.count - firstRow)
      return packets >= 0
    }
    let row = firstRow + Int(places[place] - 1)
    let (sum, overflow) = rows[row].packets.addingReportingOverflow(packets)
    rows[row].packets = sum
    rows[row].last = time
    return packets >= 0 && !overflow
  }

  /// Takes rows out, of all of time.
  ///
  /// - Parameter isTaken: whether a row is taken out.
  mutating func take(where isTaken: (Row) -> Bool) {
    let old = rows
    rows.removeAll()
    for row in old {
      places[Int(row.group)] = 0
      guard !isTaken(row) else { continue }
      rows.append(row)
      places[Int(row.group)] = UInt32(truncatingIfNeeded: rows.count)
    }
  }

  private mutating func begin(at time: Int64) {
    for row in rows[firstRow...] { places[Int(row.group)] = 0 }
    firstRow = rows.count
    guard let width, width > 0 else {
      (start, end) = (0, .max)
      return
    }
    let remainder = time % width
    let (floor, _) = time.subtractingReportingOverflow(remainder < 0 ? remainder &+ width : remainder)
    start = floor
    let (next, overflow) = floor.addingReportingOverflow(width)
    end = overflow ? .max : next
  }
}

/// Where the tallies begin and end that lie in a range of time, at least in part.
///
/// There are as many tallies of one minute as sites. These are passed over: from one beginning and width to the next, each
/// found through the key.
struct TallyExtent: ~Copyable {
  private static let second: Int64 = 1_000_000_000
  /// The widest tally there is.
  private static let widest: Int64 = 86_400 * second

  private let interrupter: Interrupter
  private var next: Statement
  private var previous: Statement

  /// Prepares to look.
  init(_ connection: borrowing Connection, _ interrupter: Interrupter) throws(StoreError) {
    self.interrupter = interrupter
    let next = try connection.prepare(
      "SELECT ts, seconds FROM tally WHERE (ts, seconds) > (?1, ?2) AND ts < ?3 ORDER BY ts, seconds LIMIT 1")
    let previous = try connection.prepare(
      """
      SELECT ts, seconds FROM tally WHERE (ts, seconds) < (?1, ?2) AND ts > ?3
      ORDER BY ts DESC, seconds DESC LIMIT 1
      """)
    self.next = next
    self.previous = previous
  }

  /// From the beginning of the first to the end of the last, which may be one of a wider kind that begins earlier.
  mutating func find(in range: Range<Int64>) throws(StoreError) -> Range<Int64>? {
    let (earliest, overflow) = range.lowerBound.subtractingReportingOverflow(Self.widest)
    let floor = overflow ? .min : earliest
    guard let start = try start(from: floor, range) else { return nil }
    var end: Int64?
    var place = (ts: range.upperBound, seconds: Int64.min)
    var limit = floor
    while let found = try Self.step(&previous, place, limit) {
      try interrupter.check()
      // None that begins a day before the last can end after it.
      if place.ts == range.upperBound, found.ts > .min + Self.widest {
        limit = max(limit, found.ts - Self.widest - 1)
      }
      if let last = Self.end(found), last > range.lowerBound { end = max(end ?? last, last) }
      place = found
    }
    guard let end, end > start else { return nil }
    return start..<end
  }

  private mutating func start(from floor: Int64, _ range: Range<Int64>) throws(StoreError) -> Int64? {
    var place = (ts: floor, seconds: Int64.max)
    while let found = try Self.step(&next, place, range.upperBound) {
      try interrupter.check()
      if let end = Self.end(found), end > range.lowerBound { return found.ts }
      place = found
    }
    return nil
  }

  private static func step(
    _ statement: inout Statement, _ place: (ts: Int64, seconds: Int64), _ limit: Int64
  ) throws(StoreError) -> (ts: Int64, seconds: Int64)? {
    statement.reset()
    try statement.bind(1, place.ts)
    try statement.bind(2, place.seconds)
    try statement.bind(3, limit)
    let isFound = try statement.step()
    let found = (ts: statement.integer(0), seconds: statement.integer(1))
    statement.reset()
    return isFound ? found : nil
  }

  /// The end of a tally; none where a damaged database has one that does not end in time.
  private static func end(_ tally: (ts: Int64, seconds: Int64)) -> Int64? {
    let (length, isTooLong) = tally.seconds.multipliedReportingOverflow(by: second)
    let (end, isTooLate) = tally.ts.addingReportingOverflow(length)
    return isTooLong || isTooLate ? nil : end
  }
}

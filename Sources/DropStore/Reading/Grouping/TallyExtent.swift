/// Where the tallies begin and end that lie in a range of time, at least in part.
///
/// A tally begins at a multiple of its width. So there are few that may hold a moment, each of which is looked up by its key, and
/// the many in between are passed over.
struct TallyExtent: ~Copyable {
  private static let second: Int64 = 1_000_000_000
  /// The widths there are, in seconds, the widest first.
  private static let widths = [OldTallies.day, OldTallies.hour, 60]

  private var first: Statement
  private var last: Statement
  private var exact: Statement

  /// Prepares to look.
  init(_ connection: borrowing Connection) throws(StoreError) {
    let first = try connection.prepare("SELECT min(ts) FROM tally WHERE ts >= ?1 AND ts < ?2")
    let last = try connection.prepare("SELECT max(ts) FROM tally WHERE ts < ?2 AND ts >= ?1")
    let exact = try connection.prepare("SELECT 1 FROM tally WHERE ts = ?1 AND seconds = ?2 LIMIT 1")
    self.first = first
    self.last = last
    self.exact = exact
  }

  /// From the beginning of the first to the end of the last, which may be one of a wider kind that begins earlier.
  mutating func find(in range: Range<Int64>) throws(StoreError) -> Range<Int64>? {
    let lower = max(0, range.lowerBound)
    guard lower < range.upperBound else { return nil }
    let holding = try around(lower)
    let first = try Self.integer(&first, lower, range.upperBound)
    guard let start = holding?.lowerBound ?? first else { return nil }
    // What ends later than the last one begins at or before that, and so holds its beginning.
    let last = try Self.integer(&last, start, range.upperBound)
    guard let last, let end = try around(last)?.upperBound, end > lower else { return nil }
    return start..<end
  }

  /// From the earliest beginning to the latest end of the tallies that hold a moment.
  private mutating func around(_ moment: Int64) throws(StoreError) -> Range<Int64>? {
    for seconds in Self.widths {
      let width = seconds * Self.second
      let start = moment - moment % width
      let (end, isTooLate) = start.addingReportingOverflow(width)
      // A wider one holds the others.
      if !isTooLate, try Self.integer(&exact, start, seconds) != nil { return start..<end }
    }
    return nil
  }

  private static func integer(
    _ statement: inout Statement, _ parameters: Int64...
  ) throws(StoreError) -> Int64? {
    statement.reset()
    for (index, parameter) in parameters.enumerated() { try statement.bind(Int32(index + 1), parameter) }
    return try statement.firstInteger()
  }
}

/// Makes tallies, losses and rises of counters coarse: minutes and seconds become hours, hours become days.
///
/// Sums stay exact: of each site, of each capture and cause, and of each counter. Buckets are those of UTC.
struct OldTallies: ~Copyable {
  /// The widths there are, in seconds.
  static let hour: Int64 = 3_600
  static let day: Int64 = 86_400

  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  private var firstTally: Statement
  private var firstLoss: Statement
  private var firstRise: Statement
  private var sumTallies: Statement
  private var deleteTallies: Statement
  private var sumLosses: Statement
  private var widenLosses: Statement
  private var deleteLosses: Statement
  private var sumRises: Statement
  private var deleteRises: Statement
  private var nthTally: Statement
  private var expireTallies: Statement
  private var expireLosses: Statement
  private var expireRises: Statement

  init(_ connection: borrowing Connection) throws(StoreError) {
    func prepare(_ sql: String) throws(StoreError) -> Statement {
      try connection.prepare(sql, persistent: true)
    }
    let firstTally = try prepare("SELECT min(ts) FROM tally WHERE ts >= ?1")
    let firstLoss = try prepare("SELECT min(ts) FROM loss WHERE ts >= ?1")
    let firstRise = try prepare("SELECT min(ts) FROM rise WHERE ts >= ?1")
    let sumTallies = try prepare(
      """
      INSERT INTO tally (ts, seconds, site, packets, bytes, recorded)
      SELECT ?1, ?3, site, sum(packets), sum(bytes), sum(recorded) FROM tally
      WHERE ts >= ?1 AND ts < ?2 AND seconds < ?3 GROUP BY site
      ON CONFLICT (ts, seconds, site) DO UPDATE SET
        packets = packets + excluded.packets, bytes = bytes + excluded.bytes, recorded = recorded + excluded.recorded
      """)
    let deleteTallies = try prepare("DELETE FROM tally WHERE ts >= ?1 AND ts < ?2 AND seconds < ?3")
    // The key of a loss is without its width, so the row at the beginning of the bucket becomes the bucket.
    let sumLosses = try prepare(
      """
      INSERT INTO loss (ts, capture, cause, packets, seconds)
      SELECT ?1, capture, cause, sum(packets), ?3 FROM loss
      WHERE ts > ?1 AND ts < ?2 AND seconds < ?3 GROUP BY capture, cause
      ON CONFLICT (ts, capture, cause) DO UPDATE SET packets = packets + excluded.packets
      """)
    let widenLosses = try prepare("UPDATE loss SET seconds = ?2 WHERE ts = ?1 AND seconds < ?2")
    let deleteLosses = try prepare("DELETE FROM loss WHERE ts > ?1 AND ts < ?2 AND seconds < ?3")
    let sumRises = try prepare(
      """
      INSERT INTO rise (ts, seconds, counter, delta)
      SELECT ?1, ?3, counter, sum(delta) FROM rise WHERE ts >= ?1 AND ts < ?2 AND seconds < ?3 GROUP BY counter
      ON CONFLICT (ts, seconds, counter) DO UPDATE SET delta = delta + excluded.delta
      """)
    let deleteRises = try prepare("DELETE FROM rise WHERE ts >= ?1 AND ts < ?2 AND seconds < ?3")
    let nthTally = try prepare("SELECT ts FROM tally WHERE ts < ?1 ORDER BY ts LIMIT 1 OFFSET ?2")
    let expireTallies = try prepare("DELETE FROM tally WHERE ts < ?1 AND ts + seconds * 1000000000 <= ?2")
    let expireLosses = try prepare("DELETE FROM loss WHERE ts < ?1 AND ts + seconds * 1000000000 <= ?2")
    let expireRises = try prepare("DELETE FROM rise WHERE ts < ?1 AND ts + seconds * 1000000000 <= ?2")
    self.firstTally = firstTally
    self.firstLoss = firstLoss
    self.firstRise = firstRise
    self.sumTallies = sumTallies
    self.deleteTallies = deleteTallies
    self.sumLosses = sumLosses
    self.widenLosses = widenLosses
    self.deleteLosses = deleteLosses
    self.sumRises = sumRises
    self.deleteRises = deleteRises
    self.nthTally = nthTally
    self.expireTallies = expireTallies
    self.expireLosses = expireLosses
    self.expireRises = expireRises
  }

  /// Makes the next bucket that has anything in it as wide as that.
  ///
  /// - Parameters:
  ///   - seconds: ``hour`` or ``day``.
  ///   - position: where to begin, in nanoseconds since the epoch; then behind that bucket.
  ///   - end: only buckets that end at this time or before.
  /// - Returns: how many finer rows have become part of a wider one; `nil` if there is no bucket left.
  /// - Throws: what is wrong with the database.
  mutating func widenNext(
    to seconds: Int64, from position: inout Int64, before end: Int64
  ) throws(StoreError) -> Int64? {
    try firstTally.bind(1, position)
    try firstLoss.bind(1, position)
    try firstRise.bind(1, position)
    let first = min(
      try firstTally.firstID() ?? .max, try firstLoss.firstID() ?? .max, try firstRise.firstID() ?? .max)
    let width = seconds * Self.nanosecondsPerSecond
    guard first >= 0, first < .max - 2 * width else { return nil }
    let start = first - first % width
    guard start + width <= end else { return nil }
    position = start + width
    return try widen(from: start, to: start + width, seconds)
  }

  private mutating func widen(
    from start: Int64, to end: Int64, _ seconds: Int64
  ) throws(StoreError) -> Int64 {
    try Self.run(&sumTallies, start, end, seconds)
    let tallies = try Self.run(&deleteTallies, start, end, seconds)
    try Self.run(&sumLosses, start, end, seconds)
    try Self.run(&widenLosses, start, seconds)
    let losses = try Self.run(&deleteLosses, start, end, seconds)
    try Self.run(&sumRises, start, end, seconds)
    let rises = try Self.run(&deleteRises, start, end, seconds)
    return tallies + losses + rises
  }

  /// Deletes tallies, and losses and rises of the same time, the oldest first.
  ///
  /// - Parameters:
  ///   - limit: how many tallies about, more than 0.
  ///   - time: only what ends at this time or before.
  /// - Returns: how many rows have gone.
  /// - Throws: what is wrong with the database.
  mutating func delete(atMost limit: Int64, before time: Int64) throws(StoreError) -> Int64 {
    try nthTally.bind(1, time)
    try nthTally.bind(2, limit)
    let end = try nthTally.firstInteger() ?? time
    let tallies = try Self.run(&expireTallies, end, time)
    return tallies + (try Self.run(&expireLosses, end, time)) + (try Self.run(&expireRises, end, time))
  }

  @discardableResult
  private static func run(_ statement: inout Statement, _ parameters: Int64...) throws(StoreError) -> Int64 {
    for (index, parameter) in parameters.enumerated() { try statement.bind(Int32(index + 1), parameter) }
    try statement.run()
    return Int64(statement.connection.changes)
  }
}

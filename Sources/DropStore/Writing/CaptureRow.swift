internal import DropEvents

/// The row of the capture that writes, and what it lost.
struct CaptureRow: ~Copyable {
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  private let id: Int64
  private var update: Statement
  private var end: Statement
  private var loss: Statement
  private var captureLoss: Statement

  /// The row of a capture that has been registered under this number.
  init(_ connection: borrowing Connection, id: Int64) throws(StoreError) {
    let update = try connection.prepare(
      """
      UPDATE capture SET counted = ?2, recorded = ?3, last_seen = max(last_seen, ?4) WHERE id = ?1
      """, persistent: true)
    let end = try connection.prepare(
      "UPDATE capture SET ended = max(started, ?2), last_seen = max(last_seen, ?2) WHERE id = ?1")
    let loss = try connection.prepare(
      """
      INSERT INTO loss (ts, capture, cause, packets) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (ts, capture, cause) DO UPDATE SET packets = packets + excluded.packets
      """, persistent: true)
    let captureLoss = try connection.prepare(
      """
      INSERT INTO capture_loss (capture, cause, packets) VALUES (?1, ?2, ?3)
      ON CONFLICT (capture, cause) DO UPDATE SET packets = excluded.packets
      """, persistent: true)
    self.id = id
    self.update = update
    self.end = end
    self.loss = loss
    self.captureLoss = captureLoss
  }

  /// Adds drops that did not become events.
  mutating func add(_ lost: DropLoss) throws(StoreError) {
    let (ts, overflow) = lost.second.multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
    // A second too far away for nanoseconds is refused by the table, like a negative one.
    try loss.bind(1, overflow ? -1 : ts)
    try loss.bind(2, id)
    try loss.bind(3, lost.cause.rawValue)
    try loss.bind(4, Int64(clamping: lost.packets))
    try loss.run()
  }

  /// Writes the sums so far.
  ///
  /// - Parameters:
  ///   - totals: The sums.
  ///   - causes: Which losses are others than when they were last written.
  ///   - time: When it was, in nanoseconds since the epoch.
  /// - Throws: ``StoreError`` where they cannot be written.
  mutating func update(
    _ totals: CaptureTotals, losses causes: Set<LossCause>, at time: Int64
  ) throws(StoreError) {
    try update.bind(1, id)
    try update.bind(2, Int64(clamping: totals.counted))
    try update.bind(3, Int64(clamping: totals.recorded))
    try update.bind(4, time)
    try update.run()
    for cause in causes {
      try captureLoss.bind(1, id)
      try captureLoss.bind(2, cause.rawValue)
      try captureLoss.bind(3, Int64(clamping: totals.lost[cause] ?? 0))
      try captureLoss.run()
    }
  }

  /// Writes when the capture ended.
  mutating func end(at time: Int64) throws(StoreError) {
    try end.bind(1, id)
    try end.bind(2, time)
    try end.run()
  }
}

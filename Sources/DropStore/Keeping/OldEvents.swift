/// Deletes events, the oldest first, and their packets with them.
struct OldEvents: ~Copyable {
  /// The time of the last event deleted.
  private(set) var lastDeleted: Int64?

  private var nth: Statement
  private var last: Statement
  private var deletePackets: Statement
  private var deleteEvents: Statement

  init(_ connection: borrowing Connection) throws(StoreError) {
    // Time is the key: this walks over as many entries of the oldest leaves, 0.02 us each.
    let nth = try connection.prepare(
      "SELECT time FROM event WHERE time < ?1 ORDER BY time LIMIT 1 OFFSET ?2", persistent: true)
    let last = try connection.prepare("SELECT max(time) FROM event WHERE time < ?1", persistent: true)
    let deletePackets = try connection.prepare("DELETE FROM packet WHERE time < ?1", persistent: true)
    let deleteEvents = try connection.prepare("DELETE FROM event WHERE time < ?1", persistent: true)
    self.nth = nth
    self.last = last
    self.deletePackets = deletePackets
    self.deleteEvents = deleteEvents
  }

  /// Deletes some.
  ///
  /// - Parameters:
  ///   - limit: how many at most, more than 0.
  ///   - time: only those before this time, in nanoseconds since the epoch.
  /// - Returns: how many were there and are not any more.
  /// - Throws: what is wrong with the database.
  mutating func delete(atMost limit: Int64, before time: Int64) throws(StoreError) -> Int64 {
    try nth.bind(1, time)
    try nth.bind(2, limit)
    let end = try nth.firstInteger() ?? time
    try last.bind(1, end)
    guard let last = try last.firstID() else { return 0 }
    try deletePackets.bind(1, end)
    try deletePackets.run()
    try deleteEvents.bind(1, end)
    try deleteEvents.run()
    lastDeleted = last
    return Int64(deleteEvents.connection.changes)
  }
}

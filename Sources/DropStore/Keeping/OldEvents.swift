/// Deletes events, the oldest first, and their packets with them.
struct OldEvents: ~Copyable {
  /// How many events to delete by one statement: what some pages hold.
  ///
  /// A range of time goes in such pieces, the last one first, which takes SQLite a sixth less than all at once.
  private static let piece: Int64 = 512

  /// The time of the last event deleted.
  private(set) var lastDeleted: Int64?

  private var first: Statement
  private var nth: Statement
  private var last: Statement
  private var deletePackets: Statement
  private var deleteEvents: Statement
  /// Where the pieces of one call begin.
  private var starts: [Int64] = []

  init(_ connection: borrowing Connection) throws(StoreError) {
    let first = try connection.prepare("SELECT min(time) FROM event", persistent: true)
    // Time is the key: this walks over as many entries of the oldest leaves, 0.01 us each.
    let nth = try connection.prepare(
      "SELECT time FROM event WHERE time >= ?1 AND time < ?2 ORDER BY time LIMIT 1 OFFSET ?3",
      persistent: true
    )
    let last = try connection.prepare("SELECT max(time) FROM event WHERE time < ?1", persistent: true)
    let deletePackets = try connection.prepare("DELETE FROM packet WHERE time < ?1", persistent: true)
    let deleteEvents = try connection.prepare(
      "DELETE FROM event WHERE time >= ?1 AND time < ?2", persistent: true)
    self.first = first
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
    guard var start = try first.firstID(), start < time else { return 0 }
    starts.removeAll(keepingCapacity: true)
    var end = time
    var left = limit
    while left > 0 {
      starts.append(start)
      let count = min(left, Self.piece)
      try nth.bind(1, start)
      try nth.bind(2, time)
      try nth.bind(3, count)
      guard let next = try nth.firstInteger() else { break }
      left -= count
      start = next
      if left == 0 { end = next }
    }
    try last.bind(1, end)
    lastDeleted = try last.firstID() ?? lastDeleted
    try deletePackets.bind(1, end)
    try deletePackets.run()
    var deleted: Int64 = 0
    while let start = starts.popLast() {
      try deleteEvents.bind(1, start)
      try deleteEvents.bind(2, end)
      try deleteEvents.run()
      deleted += Int64(deleteEvents.connection.changes)
      end = start
    }
    return deleted
  }
}

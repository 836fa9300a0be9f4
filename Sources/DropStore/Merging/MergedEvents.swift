/// Adds events of another database, each at its time or at the next one that is free.
struct MergedEvents: ~Copyable {
  /// What an event is but its time, in rows of the target.
  struct Event: Equatable {
    var path: Int64
    var flow: Int64
    var task: Int64
    var length: SQLValue
    var tcpSequence: SQLValue
  }

  private var insert: Statement
  private var select: Statement
  private var insertPacket: Statement
  /// As in ``EventTable``.
  private var following = BoundedCache<Int64, Int64>(limit: 1 << 12)
  /// Times of events that were there and stand for one of the source: two equal ones are two.
  private var matched: Set<Int64> = []

  init(_ target: borrowing Connection) throws(StoreError) {
    let insert = try target.prepare(
      """
      INSERT INTO event (time, path, flow, task, length, tcp_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      ON CONFLICT (time) DO NOTHING
      """, persistent: true)
    let select = try target.prepare(
      "SELECT path, flow, task, length, tcp_seq FROM event WHERE time = ?1", persistent: true)
    let insertPacket = try target.prepare(
      "INSERT OR REPLACE INTO packet (time, link, network_offset, bytes) VALUES (?1, ?2, ?3, ?4)",
      persistent: true)
    self.insert = insert
    self.select = select
    self.insertPacket = insertPacket
  }

  /// Adds one; call it in the order of time.
  ///
  /// - Parameters:
  ///   - event: the event.
  ///   - time: its time.
  ///   - isChecked: whether it may be there already.
  /// - Returns: the time at which it stands; `nil` if it was there.
  /// - Throws: what is wrong with the database.
  mutating func add(
    _ event: Event, at time: Int64, unlessThere isChecked: Bool
  ) throws(StoreError) -> Int64? {
    try insert.bind(2, event.path)
    try insert.bind(3, event.flow)
    try insert.bind(4, event.task)
    try insert.bind(5, event.length)
    try insert.bind(6, event.tcpSequence)
    if matched.count > 1 << 16 { matched = matched.filter { $0 >= time } }
    var place = time
    while true {
      try insert.bind(1, place)
      try insert.run()
      if insert.connection.changes > 0 { break }
      if isChecked, !matched.contains(place), try self.event(at: place) == event {
        matched.insert(place)
        return nil
      }
      let (next, overflow) = place.addingReportingOverflow(1)
      guard !overflow else {
        throw StoreError(
          code: .constraint, path: insert.connection.path,
          message: "no time is left for an event at \(time) ns")
      }
      place = isChecked ? next : following[place] ?? next
    }
    if isChecked { matched.insert(place) }
    if place != time { following.insert(place &+ 1, for: time) }
    return place
  }

  /// Adds the packet of an event.
  mutating func addPacket(
    at time: Int64, _ link: SQLValue, _ networkOffset: SQLValue, _ bytes: SQLValue
  ) throws(StoreError) {
    try insertPacket.bind(1, time)
    try insertPacket.bind(2, link)
    try insertPacket.bind(3, networkOffset)
    try insertPacket.bind(4, bytes)
    try insertPacket.run()
  }

  private mutating func event(at time: Int64) throws(StoreError) -> Event? {
    try select.bind(1, time)
    defer { select.reset() }
    guard try select.step() else { return nil }
    return Event(
      path: select.integer(0), flow: select.integer(1), task: select.integer(2), length: select.value(3),
      tcpSequence: select.value(4))
  }
}

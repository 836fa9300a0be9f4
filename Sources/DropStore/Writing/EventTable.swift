internal import DropEvents

/// The table of recorded drops, whose key is time.
struct EventTable: ~Copyable {
  /// How many taken times to remember.
  private static let limit = 1 << 12

  private var insert: Statement
  /// A time at which there was an event when last tried, and the first one behind it that may be free.
  ///
  /// Without it, many drops at one time, as a coarse clock gives them, would each try all times their predecessors took.
  private var following: BoundedCache<Int64, Int64>

  init(_ connection: borrowing Connection) throws(StoreError) {
    insert = try connection.prepare(
      """
      INSERT INTO event (time, path, flow, task, length, cpu, tcp_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT (time) DO NOTHING
      """, persistent: true)
    following = BoundedCache(limit: Self.limit)
  }

  /// Adds an event at its time, or at the next one that is free.
  ///
  /// - Returns: the time at which it stands.
  mutating func add(_ event: DropEvent, path: Int64, flow: Int64, task: Int64) throws(StoreError) -> Int64 {
    try insert.bind(2, path)
    try insert.bind(3, flow)
    try insert.bind(4, task)
    try insert.bind(5, event.length.map(Int64.init))
    try insert.bind(6, Int64(event.cpu))
    // As a signed number, which takes four bytes in the file.
    try insert.bind(7, event.tcpSequence.map { Int64(Int32(bitPattern: $0)) })
    guard try !add(at: event.time) else { return event.time }
    var time = event.time
    repeat {
      let (next, overflow) = time.addingReportingOverflow(1)
      guard !overflow else {
        throw StoreError(
          code: .constraint, path: insert.connection.path,
          message: "no time is left for an event at \(event.time) ns")
      }
      time = following[time] ?? next
    } while try !add(at: time)
    following.insert(time &+ 1, for: event.time)
    return time
  }

  /// Forgets which times are taken: after a rollback some are free.
  mutating func forget() { following.removeAll() }

  /// Whether the time was free and the event stands there now.
  private mutating func add(at time: Int64) throws(StoreError) -> Bool {
    try insert.bind(1, time)
    try insert.run()
    return insert.connection.changes > 0
  }
}

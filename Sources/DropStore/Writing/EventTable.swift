internal import CEventRows
internal import DropEvents

/// The table of recorded drops, whose key is time.
///
/// A batch's are gathered first, and written in the order of time by one statement.
struct EventTable: ~Copyable {
  /// How many taken times to remember.
  private static let limit = 1 << 12

  private let source: EventRowSource
  private var insertAll: Statement
  private var insert: Statement
  private var newest: Statement
  private var rows: [CEventRow] = []
  /// No event stands behind this time; `nil` where that must be asked.
  private var end: Int64?
  /// A time at which there was an event when last tried, and the first one behind it that may be free.
  ///
  /// Without it, many drops at one time, as a coarse clock gives them, would each try all times their predecessors took.
  private var following: BoundedCache<Int64, Int64>

  init(_ connection: borrowing Connection) throws(StoreError) {
    let source = try EventRowSource(connection)
    let insertAll = try connection.prepare(EventRowSource.insert, persistent: true)
    let insert = try connection.prepare(
      """
      INSERT INTO event (time, path, flow, task, length, tcp_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      ON CONFLICT (time) DO NOTHING
      """, persistent: true)
    let newest = try connection.prepare("SELECT max(time) FROM event", persistent: true)
    self.source = source
    self.insertAll = insertAll
    self.insert = insert
    self.newest = newest
    following = BoundedCache(limit: Self.limit)
  }

  /// Gathers an event.
  mutating func add(_ event: DropEvent, path: Int64, flow: Int64, task: Int64) {
    rows.append(
      CEventRow(
        time: event.time, path: path, flow: flow, task: task, length: Int64(event.length ?? 0),
        // As a signed number, which takes four bytes in the file.
        tcp_seq: Int64(Int32(bitPattern: event.tcpSequence ?? 0)), has_length: event.length == nil ? 0 : 1,
        has_tcp_seq: event.tcpSequence == nil ? 0 : 1, has_packet: event.packet == nil ? 0 : 1,
        packet: event.packet ?? 0))
  }

  /// Writes what was gathered, each event at its time, or at the next one that is free.
  ///
  /// - Parameter store: what to do with each packet's number and the time at which its event stands.
  /// - Throws: what is wrong with the database, or what `store` throws.
  mutating func flush(
    _ store: (_ packet: UInt32, _ time: Int64) throws(StoreError) -> Void
  ) throws(StoreError) {
    guard !rows.isEmpty else { return }
    sort()
    var end = if let end { end } else { try newest.firstID() ?? -1 }
    // Those that come later than newer ones of batches before find their places one by one.
    var late = 0
    while late < rows.count, rows[late].time <= end {
      rows[late].time = try insert(rows[late])
      end = max(end, rows[late].time)
      late += 1
    }
    // Behind all events of the table every time is free that the row before has not taken.
    for index in late..<rows.count {
      let time = rows[index].time
      if time <= end {
        rows[index].time = try next(after: end, for: time)
        following.insert(rows[index].time &+ 1, for: time)
      }
      end = rows[index].time
    }
    if late < rows.count { try source.show(rows[late...], to: &insertAll) }
    self.end = end
    for row in rows where row.has_packet != 0 { try store(row.packet, row.time) }
    rows.removeAll(keepingCapacity: true)
  }

  /// Forgets what was gathered and which times are taken: after a rollback some are free.
  mutating func forget() {
    rows.removeAll(keepingCapacity: true)
    following.removeAll()
    end = nil
  }

  /// Brings the rows into the order of time; CPUs hand over theirs nearly so.
  private mutating func sort() {
    for index in rows.indices.dropFirst() where rows[index].time < rows[index - 1].time {
      // Stable as it is today; were it not, drops of one nanosecond would stand in another order.
      rows.sort { $0.time < $1.time }
      return
    }
  }

  /// Adds a row at its time, or at the next one that is free.
  ///
  /// - Returns: the time at which it stands.
  private mutating func insert(_ row: CEventRow) throws(StoreError) -> Int64 {
    try insert.bind(2, row.path)
    try insert.bind(3, row.flow)
    try insert.bind(4, row.task)
    try insert.bind(5, row.has_length == 0 ? nil : row.length)
    try insert.bind(6, row.has_tcp_seq == 0 ? nil : row.tcp_seq)
    guard try !insert(at: row.time) else { return row.time }
    var time = row.time
    repeat {
      let next = try next(after: time, for: row.time)
      time = following[time] ?? next
    } while try !insert(at: time)
    following.insert(time &+ 1, for: row.time)
    return time
  }

  /// Whether the time was free and the event stands there now.
  private mutating func insert(at time: Int64) throws(StoreError) -> Bool {
    try insert.bind(1, time)
    try insert.run()
    return insert.connection.changes > 0
  }

  private func next(after time: Int64, for wanted: Int64) throws(StoreError) -> Int64 {
    let (next, overflow) = time.addingReportingOverflow(1)
    guard !overflow else {
      throw StoreError(
        code: .constraint, path: insert.connection.path,
        message: "no time is left for an event at \(wanted) ns")
    }
    return next
  }
}

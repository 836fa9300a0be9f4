internal import CEventRows

/// Writes the events of version 4 anew, as a part of the migration to version 5: without their CPU, which their task has there.
///
/// Some thousands at a time, which are then deleted from the old table: so the new one takes the pages that become free, and
/// the file hardly grows. All of it is one transaction, that of the migration.
struct EventMove: ~Copyable {
  /// The version whose migration this is a part of.
  static let version = 5
  /// How many are moved together.
  private static let step = 1 << 16
  /// So many tasks are remembered; others are found again through their index.
  private static let remembered = 1 << 15
  private static let columns = ["time", "path", "flow", "task", "length", "cpu", "tcp_seq"]

  private let buffer: ColumnBuffer
  private let source: EventRowSource
  private var select: Statement
  private var insert: Statement
  private var delete: Statement
  private var oldTask: Statement
  private var taskTable: DictionaryTable
  private let hash = KeyHash()
  private var tasks = RowCache<Int64>(limit: Self.remembered, nothing: 0)
  private var rows: [CEventRow] = []
  private var cpus: [Int64] = []

  /// Moves all events, and drops the old tables.
  ///
  /// - Throws: what is wrong with the database.
  static func run(_ connection: borrowing Connection) throws(StoreError) {
    if try connection.integer("SELECT 1 FROM event_of_4 LIMIT 1") != nil {
      var move = try EventMove(connection)
      while try move.step() {}
    }
    try connection.execute("DROP TABLE event_of_4; DROP TABLE task_of_4")
  }

  private init(_ connection: borrowing Connection) throws(StoreError) {
    let buffer = try ColumnBuffer(connection)
    let source = try EventRowSource(connection)
    let select = try connection.prepare(
      "SELECT 1 FROM event_of_4 WHERE \(BufferedColumns(Self.columns).condition())", persistent: true)
    let insert = try connection.prepare(EventRowSource.insert, persistent: true)
    let delete = try connection.prepare("DELETE FROM event_of_4 WHERE time <= ?1", persistent: true)
    let oldTask = try connection.prepare(
      "SELECT boot, pid, comm FROM task_of_4 WHERE id = ?1", persistent: true)
    let taskTable = try DictionaryTable(
      connection, "task", DictionaryTable.taskColumns, where: DictionaryTable.isTask)
    self.buffer = buffer
    self.source = source
    self.select = select
    self.insert = insert
    self.delete = delete
    self.oldTask = oldTask
    self.taskTable = taskTable
  }

  /// Moves the oldest events.
  ///
  /// - Returns: whether there were any.
  private mutating func step() throws(StoreError) -> Bool {
    try read()
    guard let last = rows.last?.time else { return false }
    for index in rows.indices { rows[index].task = try task(rows[index].task, cpus[index]) }
    try source.show(rows[...], to: &insert)
    try delete.bind(1, last)
    try delete.run()
    return true
  }

  private mutating func read() throws(StoreError) {
    var rows = rows
    var cpus = cpus
    self.rows = []
    self.cpus = []
    rows.removeAll(keepingCapacity: true)
    cpus.removeAll(keepingCapacity: true)
    try buffer.read(&select, width: Self.columns.count) { (events) in
      for event in 0..<events.count {
        rows.append(
          CEventRow(
            time: events[event, 0], path: events[event, 1], flow: events[event, 2], task: events[event, 3],
            length: events[event, 4], tcp_seq: events[event, 6], has_length: events.isNull(event, 4) ? 0 : 1,
            has_tcp_seq: events.isNull(event, 6) ? 0 : 1, has_packet: 0, packet: 0))
        cpus.append(events[event, 5])
      }
      return rows.count < Self.step
    }
    select.reset()
    self.rows = rows
    self.cpus = cpus
  }

  /// The row of a task on a CPU.
  private mutating func task(_ old: Int64, _ cpu: Int64) throws(StoreError) -> Int64 {
    let key = hash([UInt64(bitPattern: old), UInt64(bitPattern: cpu)])
    if let row = tasks[key] { return row }
    try oldTask.bind(1, old)
    defer { oldTask.reset() }
    // In a damaged database it may not be there: under its number no other task will be found.
    guard try oldTask.step() else { return old > 0 ? -old : old }
    let boot = oldTask.integer(0)
    // Until now, -1 stood for what an import was not told.
    let pid = oldTask.integer(1) == -1 ? nil : oldTask.integer(1)
    let name = oldTask.value(2)
    let row = try taskTable.row { statement throws(StoreError) in
      try statement.bind(1, boot)
      try statement.bind(2, pid)
      try statement.bind(3, name)
      try statement.bind(4, cpu == -1 ? nil : cpu)
    }
    tasks.insert(row, for: key)
    return row
  }
}

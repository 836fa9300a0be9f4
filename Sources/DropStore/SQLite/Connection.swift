internal import CSQLite

/// An open database.
struct Connection: ~Copyable {
  let handle: ConnectionHandle

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file, or a `file:` URI if `flags` say so.
  ///   - flags: `SQLITE_OPEN_…`
  ///   - name: how errors call the file.
  ///   - lock: what to release after SQLite has closed the file.
  /// - Throws: why SQLite cannot open it; most faults show only at the first read.
  init(path: String, flags: Int32, name: String, lock: WriterLock? = nil) throws(StoreError) {
    var opened: OpaquePointer?
    // One thread uses a connection; the values that hold it are not Sendable, so the compiler sees to that.
    let flags = flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    guard let pointer = unsafe opened else {
      throw StoreError(code: .tooLarge, path: name, message: "there is no memory to open the database")
    }
    let handle = unsafe ConnectionHandle(pointer: pointer, path: name, lock: lock)
    guard code == SQLITE_OK else { throw handle.error(code) }
    self.handle = handle
  }

  /// The same connection for one more user.
  init(sharing handle: ConnectionHandle) { self.handle = handle }

  /// Compiles SQL of one statement, which the caller wrote.
  func prepare(_ sql: String, persistent: Bool = false) throws(StoreError) -> Statement {
    var end = 0
    guard let statement = try compile(sql, persistent: persistent, end: &end) else {
      throw StoreError(
        code: .sql, path: handle.path, sql: sql, sqlOffset: 0, message: "there is no statement")
    }
    return statement
  }

  /// Compiles the first statement of some SQL.
  ///
  /// - Parameters:
  ///   - sql: the SQL.
  ///   - persistent: whether the statement is kept and run often.
  ///   - end: where the statement ends, in bytes.
  /// - Returns: no statement where there is only white space and comments.
  /// - Throws: the fault and its place.
  func compile(_ sql: String, persistent: Bool = false, end: inout Int) throws(StoreError) -> Statement? {
    var sql = sql
    var compiled: OpaquePointer?
    var offset: Int32 = -1
    let flags = persistent ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
    let code = sql.withUTF8 { bytes -> Int32 in
      guard let length = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
      guard let base = bytes.baseAddress else { return SQLITE_OK }
      return unsafe base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
        var tail: UnsafePointer<CChar>?
        let code = unsafe sqlite3_prepare_v3(handle.pointer, start, length, flags, &compiled, &tail)
        if let tail = unsafe tail { end = unsafe tail - start }
        // An offset into this very buffer, so it is asked for while the buffer stands.
        if code != SQLITE_OK { offset = unsafe sqlite3_error_offset(handle.pointer) }
        return code
      }
    }
    guard code == SQLITE_OK else {
      throw handle.error(code, sql: sql, offset: offset < 0 ? nil : Int(offset))
    }
    guard let pointer = unsafe compiled else { return nil }
    return unsafe Statement(pointer: pointer, connection: handle)
  }

  /// Runs a script: every statement of it, rows discarded.
  func execute(_ script: String) throws(StoreError) {
    var rest = script
    while true {
      var end = 0
      guard var statement = try compile(rest, end: &end) else { return }
      while try statement.step() {}
      rest = String(decoding: rest.utf8.dropFirst(end), as: UTF8.self)
    }
  }

  /// The first column of the first row of a query, as a number.
  func integer(_ sql: String) throws(StoreError) -> Int64? {
    var statement = try prepare(sql)
    return try statement.firstInteger()
  }

  /// Sets a flag of `sqlite3_db_config`.
  func configure(_ option: Int32, _ value: Bool) throws(StoreError) {
    let code = unsafe CSQLite_db_config_flag(handle.pointer, option, value ? 1 : 0)
    guard code == SQLITE_OK else { throw handle.error(code) }
  }
}

internal import CSQLite

/// SQLite's connection, kept open by whoever uses it: the ``Connection`` and each of its ``Statement``s.
///
/// A class because a statement must not outlive its connection, and the last of them, whichever it is, closes it.
@safe final class ConnectionHandle {
  let pointer: OpaquePointer
  /// The file, as errors name it.
  let path: String
  /// Held until SQLite has closed the file: closing any descriptor of it drops the locks SQLite has on it.
  private let lock: WriterLock?

  init(pointer: OpaquePointer, path: String, lock: WriterLock?) {
    unsafe self.pointer = pointer
    self.path = path
    self.lock = lock
  }

  deinit {
    // Every statement holds this object, so none is left and the close cannot be refused.
    // The lock, a member, is let go of after this.
    _ = unsafe sqlite3_close_v2(pointer)
  }

  /// Throws unless the file that is locked for writing still stands under its name.
  func requireInPlace() throws(StoreError) { try lock?.requireInPlace() }

  /// Keeps a file that was made when it was opened to write to; else it goes when it is closed.
  func keepFile() { lock?.keepFile() }

  /// The row that the last `INSERT` added.
  var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(pointer) }

  /// How many rows the last `INSERT`, `UPDATE` or `DELETE` changed.
  var changes: Int32 { unsafe sqlite3_changes(pointer) }

  /// How many pages have been written, to the log where there is one, since this was asked last.
  func takePagesWritten() -> Int64 {
    var count: Int32 = 0
    var unused: Int32 = 0
    _ = unsafe sqlite3_db_status(pointer, SQLITE_DBSTATUS_CACHE_WRITE, &count, &unused, 1)
    return Int64(count)
  }

  /// The whole path of the file.
  var file: String {
    guard let name = unsafe sqlite3_db_filename(pointer, "main") else { return path }
    return unsafe String(cString: UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))
  }

  /// Whether the file was opened as one that nobody writes to.
  var isImmutable: Bool {
    unsafe sqlite3_uri_boolean(sqlite3_db_filename(pointer, "main"), "immutable", 0) != 0
  }

  /// Whether the file is still the one under its name.
  var isInPlace: Bool {
    var hasMoved: Int32 = 1
    let code = unsafe sqlite3_file_control(pointer, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
    return code == SQLITE_OK && hasMoved == 0
  }

  /// Whether a statement has begun to read or write and has not come to its end.
  var isReading: Bool { unsafe sqlite3_txn_state(pointer, nil) != SQLITE_TXN_NONE }

  /// Whether a transaction is open.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(pointer) == 0 }
}

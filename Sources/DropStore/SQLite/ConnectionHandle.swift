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
  /// How many pages stood in the log after the last commit; 0 where the next one goes to its beginning.
  ///
  /// Known only after ``checkpointLog(every:)``.
  private(set) var logPages: Int32 = 0
  /// With how many pages the log is moved into the file.
  private var limit = Int32.max

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
  ///
  /// - Returns: how large the log beside it is, in bytes; 0 where the file is not locked.
  func requireInPlace() throws(StoreError) -> Int64 { try lock?.requireInPlace() ?? 0 }

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

  /// Moves the log into the file after a commit with which it has so many pages, as far as readers let it.
  ///
  /// SQLite does the same by itself (`wal_autocheckpoint`), but by the only hook that tells the number of pages.
  func checkpointLog(every pages: Int32) {
    limit = pages
    _ = unsafe sqlite3_wal_hook(
      pointer,
      { context, database, name, pages in
        guard let context = unsafe context else { return SQLITE_OK }
        let handle = unsafe Unmanaged<ConnectionHandle>.fromOpaque(context).takeUnretainedValue()
        handle.logPages = pages
        guard pages >= handle.limit else { return SQLITE_OK }
        var inLog: Int32 = 0
        var moved: Int32 = 0
        // What it could not do, the next one does.
        let code = unsafe sqlite3_wal_checkpoint_v2(
          database, name, SQLITE_CHECKPOINT_PASSIVE, &inLog, &moved)
        if code == SQLITE_OK, moved == inLog { handle.logPages = 0 }
        return SQLITE_OK
      },
      unsafe Unmanaged.passUnretained(self).toOpaque())
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

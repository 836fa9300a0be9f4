internal import CSQLite

extension Connection {
  /// Opens a database to write to, as the only one who does.
  ///
  /// Why each setting: DESIGN.md.
  static func writing(_ path: String) throws(StoreError) -> Connection {
    let lock = try WriterLock(path: path)
    let connection = try Connection(path: path, flags: SQLITE_OPEN_READWRITE, name: path, lock: lock)
    // Until it is known whose database it is, closing it again must not move its log into it.
    try connection.configure(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
    // Whoever made the file must not have code run by the one who captures, root as a rule.
    try connection.configure(SQLITE_DBCONFIG_DEFENSIVE, true)
    try connection.configure(SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)
    try connection.configure(SQLITE_DBCONFIG_ENABLE_TRIGGER, false)
    try connection.configure(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, false)
    // Only before the first table is made a file becomes one that can shrink.
    if try DatabaseFormat.version(of: connection) == 0 {
      try connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    }
    try connection.execute(
      """
      PRAGMA busy_timeout = \(patience);
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = OFF;
      PRAGMA foreign_keys = ON;
      PRAGMA journal_size_limit = 16777216;
      PRAGMA cache_size = -8000;
      """)
    connection.handle.checkpointLog(every: Int32(logPages))
    guard unsafe CSQLite_persist_wal(connection.handle.pointer) == SQLITE_OK else {
      throw StoreError(code: .io, path: path, message: "the log beside the database cannot be kept")
    }
    try connection.configure(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)
    return connection
  }
}

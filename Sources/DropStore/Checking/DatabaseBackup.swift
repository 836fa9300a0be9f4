internal import CSQLite

/// Copies a database, also while a capture writes to it.
public enum DatabaseBackup {
  /// How many pages are copied before it is asked whether to go on.
  private static let step: Int32 = 4096

  /// Copies a database into a new file, which has the state of the moment in which this began and is complete alone.
  ///
  /// The file appears when it is complete and on the disk. Meanwhile the capture goes on, but its log is not shortened.
  /// Pages are copied as they are (`sqlite3_backup`): rebuilding them (`VACUUM INTO`) takes two to three times as
  /// long, and keeps the log from being shortened for all of it.
  ///
  /// - Parameters:
  ///   - path: the database, of this version or an older one.
  ///   - destination: where there is no file yet.
  ///   - goesOn: asked now and then with the pages copied and the pages in all; the copy ends, and leaves nothing, when it
  ///     says no.
  /// - Returns: the size of the copy, in bytes.
  /// - Throws: ``StoreError`` when the database cannot be read or the copy not be written; ``StoreError/Code/interrupted``.
  @discardableResult
  public static func copy(
    _ path: String, to destination: String, while goesOn: (_ done: Int, _ all: Int) -> Bool = { _, _ in true }
  ) throws(StoreError) -> Int64 {
    try FileCheck.requireReadable(path)
    // What cannot be read is told before a file is made.
    _ = try DropReader.connect(path)
    let file = try NewFile(path: destination)
    let bytes = try copyPages(from: path, to: file.partialPath, while: goesOn)
    try file.appear()
    return bytes
  }

  /// Copies a database into a file that is there and empty.
  ///
  /// - Returns: the size of the copy, in bytes.
  @discardableResult
  static func copyPages(
    from path: String, to destination: String, while goesOn: (Int, Int) -> Bool = { _, _ in true }
  ) throws(StoreError) -> Int64 {
    let source = try DropReader.connect(path)
    // One state for all steps: else each would begin anew with what the capture has written meanwhile.
    try source.execute("BEGIN")
    let pageSize = try source.integer("PRAGMA page_size") ?? 0
    _ = try source.integer("SELECT count(*) FROM sqlite_schema")
    let pages = try copyPages(from: source, to: destination, goesOn)
    try source.execute("COMMIT")
    return Int64(pages).multipliedReportingOverflow(by: pageSize).partialValue
  }

  private static func copyPages(
    from source: borrowing Connection, to path: String, _ goesOn: (Int, Int) -> Bool
  ) throws(StoreError) -> Int {
    let target = try Connection(path: path, flags: SQLITE_OPEN_READWRITE, name: path)
    // Nobody sees the file before it is complete.
    try target.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
    guard
      let backup = unsafe sqlite3_backup_init(target.handle.pointer, "main", source.handle.pointer, "main")
    else { throw target.handle.error(unsafe sqlite3_extended_errcode(target.handle.pointer)) }
    var code = SQLITE_OK
    var pages = 0
    while code == SQLITE_OK {
      code = unsafe sqlite3_backup_step(backup, step)
      pages = Int(unsafe sqlite3_backup_pagecount(backup))
      let done = pages - Int(unsafe sqlite3_backup_remaining(backup))
      if code == SQLITE_OK, !goesOn(done, pages) { code = SQLITE_INTERRUPT }
    }
    let end = unsafe sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE, end == SQLITE_OK else {
      throw target.handle.error(code == SQLITE_DONE ? end : code)
    }
    return pages
  }
}

internal import CSQLite

/// Another connection to the database of a reader, which one more thread reads with.
final class Companion {
  private let connection: Connection
  /// For numbers out of many rows.
  let buffer: ColumnBuffer
  private var transaction: Statement?
  /// What SQLite said of the state of the database before the reader's transaction began.
  private var version: Int64?
  /// Whether a thread reads with it.
  var isReading = false

  /// Opens the file of a reader, distrusted as the reader does.
  ///
  /// - Parameters:
  ///   - reader: the reader's connection.
  ///   - hashSecret: that of the reader's hashes.
  /// - Throws: why it cannot be read.
  init(of reader: ConnectionHandle, hashSecret: (UInt64, UInt64)) throws(StoreError) {
    // The whole path, also if the process has changed its folder since.
    let connection = try DropReader.open(reader.file, flags: SQLITE_OPEN_READONLY, name: reader.path)
    try DropReader.requireThisVersion(connection)
    // What is read in turn needs no page twice. And each page more is asked of the system in another thread's heap.
    try connection.execute("PRAGMA cache_size = 64")
    try connection.allowOnlyReading()
    buffer = try ColumnBuffer(connection, secret: hashSecret)
    self.connection = connection
  }

  /// Whether the file is still the one under its name, and so that of the reader if that is as well.
  var isInPlace: Bool { connection.handle.isInPlace }

  /// Compiles SQL.
  func prepare(_ sql: String) throws(StoreError) -> Statement { try connection.prepare(sql) }

  /// Looks which state the database is in, before the reader begins its transaction.
  func look() throws(StoreError) { version = try dataVersion() }

  /// Begins to read, after the reader has begun.
  ///
  /// - Returns: whether it reads the same state.
  /// - Throws: why the database cannot be read.
  func join() throws(StoreError) -> Bool {
    var statement = try connection.prepare("SELECT 1 FROM sqlite_schema")
    _ = try statement.step()
    transaction = consume statement
    // Nothing has been committed since it looked, and the reader began in between (https://sqlite.org/pragma.html#pragma_data_version).
    return try dataVersion() == version
  }

  /// Lets go of the state that it reads.
  func leave() { transaction = nil }

  private func dataVersion() throws(StoreError) -> Int64? { try connection.integer("PRAGMA data_version") }
}

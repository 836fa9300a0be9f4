internal import CSQLite

/// Reads a database of dropdb, also while a capture writes to it, and never changes it.
public struct DropReader: ~Copyable {
  /// How long to wait for a writer that makes or recovers the database, in milliseconds.
  private static let patience: Int32 = 2_000

  let connection: Connection
  /// The file, as errors name it.
  public var path: String { connection.handle.path }
  let columnBuffer: ColumnBuffer
  /// For tables that are read while events stand in the other one.
  let tableBuffer: ColumnBuffer
  /// What helps to read much.
  let companions: Companions
  /// Ends, from any thread, what this reader does.
  public let interrupter: Interrupter

  /// The version of SQLite (`3.40.1`).
  public static var libraryVersion: String { unsafe String(cString: sqlite3_libversion()) }

  /// Opens a database.
  ///
  /// - Parameters:
  ///   - path: its file.
  ///   - isFollowed: whether what is written to it later is to be seen, too.
  /// - Throws: ``StoreError`` when there is no such file, it is no database of dropdb, it is of another version, or
  ///   it may not be read.
  public init(path: String, isFollowed: Bool = false) throws(StoreError) {
    try FileCheck.requireReadable(path)
    let connection = try Self.connect(path, isFollowed: isFollowed)
    try Self.requireThisVersion(connection)
    try connection.allowOnlyReading()
    try connection.registerFunctions()
    let secret = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    let buffers = try (
      ColumnBuffer(connection), ColumnBuffer(connection, function: ColumnBuffer.table, secret: secret)
    )
    (columnBuffer, tableBuffer) = buffers
    companions = Companions(connection.handle, hashSecret: secret)
    interrupter = Interrupter(connection.handle)
    self.connection = connection
  }

  /// Opens a database of dropdb, of this version or an older one, as one that may have been made to harm.
  ///
  /// - Parameters:
  ///   - path: its file, which has been found to be one that can be read.
  ///   - isFollowed: whether what is written to it later is to be seen, too.
  /// - Returns: a connection that only reads, whose schema is not trusted.
  /// - Throws: what keeps it from being read.
  static func connect(_ path: String, isFollowed: Bool = false) throws(StoreError) -> Connection {
    do {
      return try open(path, flags: SQLITE_OPEN_READONLY, name: path)
    } catch {
      // A file in a folder where SQLite may not make those that it keeps beside it: a read-only medium, or the folder of
      // another user. Without a log or a journal the file is complete, so it is safe to read for as long as nobody
      // writes to it.
      let file = DatabasePath.resolved(path)
      guard [.permission, .readOnly].contains(error.code), try FileIdentity(path: file + "-wal") == nil,
        try FileIdentity(path: file + "-journal") == nil
      else { throw error }
      // On a read-only medium nobody writes to it; here its owner may, and SQLite would not look.
      if isFollowed, error.code == .readOnly {
        throw StoreError(
          code: .permission, path: path,
          message:
            "the folder is another user's and no capture is writing to the database, so it can be read, but not "
            + "followed; follow it when a capture runs, or as that user")
      }
      let uri = "file:\(percentEncoded(path))?immutable=1"
      return try open(uri, flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, name: path)
    }
  }

  /// Opens a file whose schema is not trusted.
  static func open(_ file: String, flags: Int32, name: String) throws(StoreError) -> Connection {
    let connection = try Connection(path: file, flags: flags, name: name)
    try protect(connection)
    guard try DatabaseFormat.version(of: connection) != 0 else {
      throw StoreError(
        code: .foreignDatabase, path: name, message: "the database is empty; dropdb has not written to it")
    }
    return connection
  }

  /// Throws unless the database has been migrated to the version that is read here.
  static func requireThisVersion(_ connection: borrowing Connection) throws(StoreError) {
    let version = try DatabaseFormat.version(of: connection)
    guard version == DatabaseFormat.version else {
      throw StoreError(
        code: .olderVersion, path: connection.handle.path,
        message: "the database has version \(version) and this dropdb reads \(DatabaseFormat.version); "
          + "the next capture into it will bring it up to date")
    }
  }

  /// A path as it stands in a URI (RFC 3986).
  private static func percentEncoded(_ path: String) -> String {
    var encoded = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        encoded += byte < 16 ? "%0" : "%"
        encoded += String(byte, radix: 16)
      }
    }
    return encoded
  }

  /// Makes SQLite distrust the file.
  ///
  /// A schema made to harm must not run anything, and pages are checked as they are read. The file is not mapped
  /// into memory, because one that is cut short meanwhile would then kill the process.
  private static func protect(_ connection: borrowing Connection) throws(StoreError) {
    try connection.configure(SQLITE_DBCONFIG_DEFENSIVE, true)
    try connection.configure(SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)
    try connection.configure(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, false)
    try connection.execute(
      "PRAGMA busy_timeout = \(patience); PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0"
    )
  }

  /// Compiles a query.
  ///
  /// - Parameters:
  ///   - sql: one statement that only reads.
  ///   - parameters: the values of its parameters, in order.
  /// - Returns: the query, of which nothing has run yet.
  /// - Throws: ``StoreError`` with the place in the SQL when it is wrong, does more than read, is followed by a second
  ///   statement or takes another number of parameters.
  public func prepare(_ sql: String, _ parameters: [SQLValue] = []) throws(StoreError) -> DropQuery {
    var end = 0
    var statement = try compileReading(sql, end: &end)
    let next = end + SQLText.firstToken(in: sql.utf8.dropFirst(end))
    guard next == sql.utf8.count else {
      throw refusal(.sql, sql, next, "a second statement follows; ask one at a time")
    }
    let wanted = statement.parameterCount
    guard parameters.count == wanted else {
      throw refusal(.sql, sql, nil, "the SQL takes \(wanted) parameters and \(parameters.count) are given")
    }
    for (index, parameter) in parameters.enumerated() {
      try statement.bind(Int32(index + 1), parameter)
    }
    return DropQuery(statement, interrupter)
  }

  /// Compiles the first statement of some SQL, which must be one that reads.
  ///
  /// - Parameters:
  ///   - sql: the SQL.
  ///   - end: where the statement ends, in bytes.
  /// - Returns: the statement.
  /// - Throws: ``StoreError`` with the place in the SQL when it is wrong or does more than read.
  func compileReading(_ sql: String, end: inout Int) throws(StoreError) -> Statement {
    try interrupter.check()
    // SQLite stops at a NUL and would not see what follows.
    if let nul = sql.utf8.firstIndex(of: 0) {
      let offset = sql.utf8.distance(from: sql.startIndex, to: nul)
      throw refusal(.sql, sql, offset, "the SQL contains a NUL byte; leave it out")
    }
    let compiled: Statement?
    do {
      compiled = try connection.compile(sql, end: &end)
    } catch {
      // SQLite gives no place to what the authorizer refused.
      guard error.code == .permission else { throw error }
      let start = SQLText.firstToken(in: sql.utf8[...])
      throw refusal(.readOnly, sql, start, "only a statement that reads is allowed here (\(error.message))")
    }
    guard let statement = compiled else {
      throw refusal(.sql, sql, 0, "there is no statement; write a SELECT")
    }
    guard statement.isReadOnly else {
      throw refusal(
        .readOnly, sql, SQLText.firstToken(in: sql.utf8[...]), "only a statement that reads is allowed here")
    }
    return statement
  }

  private func refusal(
    _ code: StoreError.Code, _ sql: String, _ offset: Int?, _ message: String
  ) -> StoreError {
    StoreError(code: code, path: connection.handle.path, sql: sql, sqlOffset: offset, message: message)
  }
}

/// What went wrong with a database: which one, where, and what to do about it.
public struct StoreError: Error, Hashable, Sendable {
  /// The kind of fault.
  public let code: Code
  /// The database's file.
  public let path: String
  /// The SQL that failed, where SQL did.
  public let sql: String?
  /// Where in ``sql``, in bytes of UTF-8 from its beginning, where that is known.
  public let sqlOffset: Int?
  /// The fault and the remedy in words, without the file's name.
  public let message: String

  /// An error with all its fields.
  public init(code: Code, path: String, sql: String? = nil, sqlOffset: Int? = nil, message: String) {
    self.code = code
    self.path = path
    self.sql = sql
    self.sqlOffset = sqlOffset
    self.message = message
  }

  /// The same of another file, of which the one it came from is a copy.
  func about(_ path: String) -> StoreError {
    StoreError(code: code, path: path, sql: sql, sqlOffset: sqlOffset, message: message)
  }
}

extension StoreError {
  /// The kinds of fault, to which more may be added.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The kind's name.
    public let description: String

    private init(_ description: String) { self.description = description }

    /// There is no such file or folder.
    public static let notFound = Code("notFound")
    /// The file is not an SQLite database.
    public static let notADatabase = Code("notADatabase")
    /// The file is an SQLite database, but not one of dropdb.
    public static let foreignDatabase = Code("foreignDatabase")
    /// The database was written by a newer dropdb, which changed its tables.
    public static let newerVersion = Code("newerVersion")
    /// The database has the tables of an older dropdb and has not been migrated.
    public static let olderVersion = Code("olderVersion")
    /// There is a file where a new one was to be made.
    public static let exists = Code("exists")
    /// The file was deleted, or replaced by another, while it was written to.
    public static let replaced = Code("replaced")
    /// The process may not open or write the file.
    public static let permission = Code("permission")
    /// The file system has no room left.
    public static let full = Code("full")
    /// Another process is writing to the database, or kept it locked for too long.
    public static let busy = Code("busy")
    /// The file or its file system cannot be written to, or the statement would write where only reading is allowed.
    public static let readOnly = Code("readOnly")
    /// The file is damaged.
    public static let corrupt = Code("corrupt")
    /// The SQL is wrong.
    public static let sql = Code("sql")
    /// The query was interrupted.
    public static let interrupted = Code("interrupted")
    /// The value is too large for SQLite, or memory ran out.
    public static let tooLarge = Code("tooLarge")
    /// A row breaks a rule of the schema, so that what was to be stored contradicts itself.
    public static let constraint = Code("constraint")
    /// The file could not be read or written.
    public static let io = Code("io")
  }
}

extension StoreError: CustomStringConvertible {
  /// A sentence that names the file, the fault, the place in the SQL and what to do.
  public var description: String {
    guard let sql, let sqlOffset else { return "\(path): \(message)" }
    let rest = sql.utf8.dropFirst(sqlOffset)
    guard !rest.isEmpty else { return "\(path): \(message) (at the end of the SQL)" }
    let excerpt = rest.prefix(40).prefix { $0 != UInt8(ascii: "\n") }
    return
      "\(path): \(message) (at byte \(sqlOffset) of the SQL: \(String(decoding: excerpt, as: UTF8.self)))"
  }
}

internal import CSQLite

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

extension ConnectionHandle {
  /// The error behind a result code that the connection has just returned.
  func error(_ code: Int32, sql: String? = nil, offset: Int? = nil) -> StoreError {
    let detail = unsafe String(cString: sqlite3_errmsg(pointer))
    let (kind, message) = Self.explain(code, errno: unsafe sqlite3_system_errno(pointer), detail: detail)
    return StoreError(code: kind, path: path, sql: sql, sqlOffset: offset, message: message)
  }

  /// What a result code means to the user (https://sqlite.org/rescode.html).
  private static func explain(_ code: Int32, errno: Int32, detail: String) -> (StoreError.Code, String) {
    let isAboutFiles = [SQLITE_CANTOPEN, SQLITE_IOERR].contains(code & 0xff)
    if isAboutFiles, errno == ENOSPC || errno == EDQUOT {
      return explain(SQLITE_FULL, errno: 0, detail: detail)
    }
    return switch code & 0xff {
    case SQLITE_NOTADB: (.notADatabase, "this is not an SQLite database; name the file that dropdb wrote")
    case SQLITE_CORRUPT:
      (
        .corrupt,
        "the database is damaged (\(detail)); restore it, or save what is left with 'dropdb check --repair NEW'"
      )
    case SQLITE_FULL: (.full, "the file system is full; make room or move the database")
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL:
      (.busy, "another process keeps the database locked (\(detail)); try again when it has finished")
    case SQLITE_READONLY: (.readOnly, "the database cannot be written to (\(detail))")
    case SQLITE_PERM, SQLITE_AUTH: (.permission, "not permitted (\(detail))")
    case SQLITE_CANTOPEN:
      (
        .permission,
        "the database, or a file beside it (-wal, -shm), cannot be opened (\(detail)); "
          + "copy all three to a folder of your own, or read them as the user who captures"
      )
    case SQLITE_INTERRUPT: (.interrupted, "the query was interrupted")
    case SQLITE_NOMEM, SQLITE_TOOBIG:
      (.tooLarge, "this takes more memory than there is or SQLite allows (\(detail))")
    case SQLITE_CONSTRAINT, SQLITE_MISMATCH: (.constraint, "a row breaks a rule of the schema (\(detail))")
    case SQLITE_IOERR, SQLITE_NOLFS: (.io, "the file could not be read or written (\(detail))")
    case SQLITE_SCHEMA: (.busy, "the tables changed meanwhile; try again")
    default: (.sql, detail)
    }
  }
}

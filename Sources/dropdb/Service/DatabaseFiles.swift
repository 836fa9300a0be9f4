import DropReport
import DropStore

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What can be seen of a database from outside while a capture writes into it.
enum DatabaseFiles {
  /// The size of a file; `nil` where there is none.
  static func bytes(_ path: String) -> UInt64? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? UInt64(clamping: status.st_size) : nil
  }

  /// The size of the log beside a database; `nil` where there is none.
  static func logBytes(_ database: String) -> UInt64? { bytes(DatabasePath.resolved(database) + "-wal") }

  /// When the oldest recorded drop happened, in nanoseconds since the epoch; `nil` where there is none, or nobody can tell now.
  static func oldestDrop(_ path: String) -> Int64? {
    do {
      let reader = try DropReader(path: path)
      var query = try reader.prepare("SELECT min(ts) FROM drops")
      guard let row = try query.next(), case .integer(let time)? = row.first else { return nil }
      return time
    } catch {
      return nil
    }
  }
}

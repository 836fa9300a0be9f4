/// Whether there is room on the disk to bring a database up to date.
enum MigrationRoom {
  /// Throws unless the log can take what the migration writes.
  ///
  /// All of it is one transaction, so all events stand in the log beside the file before any of them stands in the file.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - version: the version that it has.
  /// - Throws: ``StoreError/Code/full`` with what is needed; what is wrong with the database.
  static func require(_ connection: borrowing Connection, from version: Int64) throws(StoreError) {
    guard version > 0, version < EventMove.version, try isLogged(connection) else { return }
    let pageSize = try connection.integer("PRAGMA page_size") ?? 0
    let pages = try pagesOfEvents(connection)
    // A page in the log has a head of 24 bytes and a place in its index; the file grows by the events that are moved together.
    let needed = pages.multipliedReportingOverflow(by: pageSize + 32).partialValue / 16 * 17 + (4 << 20)
    // Where it is not known, the migration will tell.
    guard let free = DiskRoom.free(at: connection.handle.path), free < needed else { return }
    throw StoreError(
      code: .full, path: connection.handle.path,
      message:
        "the database has version \(version) and is to be brought up to date, for which its file system must have "
        + "\(mebibytes(needed)) MiB free for a while, and it has \(free >> 20); make room, or capture into another file"
    )
  }

  private static func isLogged(_ connection: borrowing Connection) throws(StoreError) -> Bool {
    var mode = try connection.prepare("PRAGMA journal_mode")
    return try mode.step() && mode.text(0) == "wal"
  }

  /// The pages of the table of events; those of the whole file where SQLite was built without `dbstat`, which tells.
  private static func pagesOfEvents(_ connection: borrowing Connection) throws(StoreError) -> Int64 {
    do {
      return try connection.integer(
        "SELECT sum(pageno) FROM dbstat WHERE name = 'event' AND aggregate = TRUE") ?? 0
    } catch {
      guard error.code == .sql else { throw error }
      let all = try connection.integer("PRAGMA page_count") ?? 0
      return all - (try connection.integer("PRAGMA freelist_count") ?? 0)
    }
  }

  private static func mebibytes(_ bytes: Int64) -> Int64 { (bytes + (1 << 20) - 1) >> 20 }
}

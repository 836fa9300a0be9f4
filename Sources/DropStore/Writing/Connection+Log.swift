internal import CSQLite

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

extension Connection {
  /// How long to wait for whoever else has locked the file, in milliseconds.
  static var patience: Int32 { 2_000 }

  /// Does something that may meet another process's lock.
  ///
  /// - Parameters:
  ///   - waits: whether to wait for it, as long as ``patience`` says.
  ///   - body: what to do.
  /// - Returns: what that returns.
  /// - Throws: what that throws; ``StoreError/Code/busy`` where it was not waited for long enough.
  func waiting<Result>(
    _ waits: Bool, _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    guard !waits else { return try body() }
    _ = unsafe sqlite3_busy_timeout(handle.pointer, 0)
    defer { _ = unsafe sqlite3_busy_timeout(handle.pointer, Self.patience) }
    return try body()
  }

  /// Begins to write without waiting.
  ///
  /// - Returns: whether that could be done.
  func beginAtOnce() -> Bool {
    (try? waiting(false) { () throws(StoreError) in try execute("BEGIN IMMEDIATE") }) != nil
  }

  /// Rolls back, unless SQLite has done so by itself.
  func rollBack() {
    if handle.isInTransaction { try? execute("ROLLBACK") }
  }

  /// With how many pages the log is moved into the file.
  static var logPages: Int64 { 1_000 }

  /// How large the log is when it comes to that, in bytes: a small commit goes beyond it by a few pages.
  func fullLogSize() throws(StoreError) -> Int64 {
    (Self.logPages + 24) * (24 + (try integer("PRAGMA page_size") ?? 4096))
  }

  /// Makes the log as large as it will be when it is full for the first time, unless the disk has less than four times the room.
  ///
  /// A commit that makes a file longer takes more than one that does not, for the file system stores the new length too.
  /// The zeros are no page to SQLite: none has the number 0 (https://sqlite.org/fileformat2.html, 4.1).
  func lengthenLog(to size: Int64) {
    // While it has the lock to write nobody adds a page or cuts the log.
    guard beginAtOnce() else { return }
    defer { rollBack() }
    // SQLite has no locks on this file, which closing it would drop.
    let descriptor = unsafe open(handle.file + "-wal", O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // A second name would be somebody's who wants another file to be written to.
    guard let log = FileState(descriptor: descriptor), log.names == 1 else { return }
    let before = log.size
    guard before < size, let free = DiskRoom.free(at: handle.file), free >= 4 * (size - before)
    else { return }
    let zeros = [UInt8](repeating: 0, count: 1 << 18)
    var end = before
    while end < size {
      let count = unsafe pwrite(descriptor, zeros, min(zeros.count, Int(size - end)), off_t(end))
      guard count > 0 else {
        // There may be a quota.
        _ = ftruncate(descriptor, off_t(before))
        return
      }
      end += Int64(count)
    }
    fdatasync(descriptor)
  }

  /// Empties the log beside the database if it has become too large, which readers may not let it.
  ///
  /// What a reader sees must stay, and what comes behind it with it: so a reader that stays makes the log grow without
  /// end, unless nothing is written.
  ///
  /// - Parameters:
  ///   - limit: how large the log may be, in bytes.
  ///   - size: how large it is.
  /// - Throws: ``StoreError/Code/busy`` when it is larger and a reader is in the way; it did not wait.
  func requireRoomInLog(_ limit: Int64, of size: Int64) throws(StoreError) {
    guard size > limit, try !emptyLog() else { return }
    throw StoreError(
      code: .busy, path: handle.path,
      message: "a reader keeps the log beside the database from being emptied, which has "
        + "\(size >> 20) MiB; let its query or transaction end")
  }

  /// Empties the log beside the database.
  ///
  /// - Returns: whether no reader is in the way; it did not wait.
  /// - Throws: what is wrong with the database.
  func emptyLog() throws(StoreError) -> Bool {
    // Without patience: the kernel's ring fills meanwhile.
    try waiting(false) { () throws(StoreError) in try integer("PRAGMA wal_checkpoint(TRUNCATE)") } == 0
  }

  /// How large the log beside the database is, in bytes.
  ///
  /// Of an open transaction it has what had no place in SQLite's cache; the rest comes with the commit.
  var logSize: Int64 {
    var status = stat()
    return unsafe stat(handle.file + "-wal", &status) == 0 ? Int64(status.st_size) : 0
  }
}

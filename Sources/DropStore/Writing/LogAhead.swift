#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Has the kernel read that part of the log beside the database which will be written over next.
///
/// SQLite goes through its log again and again, and a frame of the log does not end where a page of the kernel's does: so
/// the page is read before a part of it is written. In calm a round takes minutes, after which the kernel may have
/// forgotten the page; then each commit would sleep until the disk has read one.
struct LogAhead: ~Copyable {
  /// So much is read at once, in bytes: what some ten small commits write.
  private static let stride: Int64 = 128 << 10
  /// With less than that in memory more is read, in bytes.
  private static let least: Int64 = 32 << 10
  /// What stands before the first frame and before the page of each (https://sqlite.org/fileformat2.html, 4.1), in bytes.
  private static let header: Int64 = 32
  private static let frameHeader: Int64 = 24

  /// The log, or -1 where it could not be opened: then nothing is read ahead.
  private let descriptor: Int32
  private let frame: Int64
  /// Where the next commit goes, in bytes.
  private var position: Int64 = 0
  /// Up to where it has been read, in bytes.
  private var end: Int64 = 0

  /// Opens the log of a database that has one.
  init(_ connection: borrowing Connection) throws(StoreError) {
    frame = Self.frameHeader + (try connection.integer("PRAGMA page_size") ?? 4096)
    // SQLite has no locks on this file, which closing it would drop.
    descriptor = unsafe open(connection.handle.file + "-wal", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Notes that something has been committed.
  mutating func noteCommit(_ connection: borrowing Connection) {
    let before = position
    position = Self.header + Int64(connection.handle.logPages) * frame
    if position < before { end = 0 }
    // In a storm a round takes no time.
    guard descriptor >= 0, abs(position - before) < Self.stride || end == 0 else { return }
    guard position + Self.least > end else { return }
    let start = max(end, position)
    _ = posix_fadvise(descriptor, off_t(start), off_t(Self.stride), POSIX_FADV_WILLNEED)
    end = start + Self.stride
  }
}

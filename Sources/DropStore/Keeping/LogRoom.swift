#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// How large the log beside the database may be, by its limit, by that of the file, and by what the next batch may add.
struct LogRoom {
  /// What is kept free of a size for the log, at most: what SQLite lets it become before it moves it into the file
  /// (after 1,000 pages, 4 MiB), and a commit of 10,000 events with a new flow each, which may touch as many pages.
  private static let largest: Int64 = 64 << 20
  /// What SQLite may have in memory of an open transaction (`cache_size`), in bytes; the rest is in the log.
  private static let unwritten: Int64 = 8 << 20
  /// What may be added between two looks at the log's size, in bytes.
  private static let unseen: Int64 = 2 << 20
  /// What the log says of each page, in bytes.
  private static let frameHeader: Int64 = 24
  /// For so many events a page is changed at most, by storing them and by deleting as many.
  private static let eventsPerPage: Int64 = 16

  /// How large the log may become, in bytes.
  private let most: Int64
  /// How large the file and the log may become together, in bytes.
  private let size: Int64?
  private let path: String
  private let pageSize: Int64
  /// What the latest batches added to the log, without orphans, in bytes.
  private var growth: Int64 = 0
  /// How many pages the batch that did might have touched, by what was known of it before.
  private var growthPages: Int64 = 0
  /// The same of the batch that is to be stored.
  private var pages: Int64 = 0
  /// What the batch that is to be stored may add to the log, without orphans, in bytes.
  private(set) var needed: Int64 = 0
  /// Whether orphans have gone in the transaction of the batch.
  private var hasSwept = false

  /// The room of a log.
  ///
  /// - Parameters:
  ///   - path: the database.
  ///   - pageSize: bytes of a page.
  ///   - limit: how large the log may become, in bytes.
  ///   - size: how large the file and the log may become together, in bytes.
  init(path: String, pageSize: Int64, limit: Int64, size: Int64?) {
    most = limit
    self.size = size
    self.path = path
    self.pageSize = pageSize
  }

  /// What is kept free of a size for the log, in bytes.
  static func part(of size: Int64) -> Int64 { min(largest, size / 4) }

  /// Whether a log may always be as large as that, and what it is there for has room all the same.
  static func allows(_ logSize: Int64, limit: Int64, size: Int64?) -> Bool {
    limit / 4 >= logSize && size.map { part(of: $0) / 2 >= logSize } ?? true
  }

  /// How large the log may be before a batch is stored, so that it and the file stay within their limits; in bytes.
  func limit() -> Int64 {
    let limit = min(most / 5 * 4, most - needed)
    guard let size else { return max(0, limit) }
    // A file that is too large becomes smaller only by what goes through the log.
    let least = excess(size) > 0 ? Self.part(of: size) / 4 : 0
    return max(0, min(limit, max(least, Self.part(of: size) - excess(size) - needed)))
  }

  /// How large the log may be for orphans to be deleted, where some of it is spared; in bytes.
  func sweepLimit(sparing spared: Int64) -> Int64 {
    var limit = most
    if let size { limit = min(limit, Self.part(of: size) - excess(size)) }
    // From an empty log some may go whatever the limit is.
    return max(0, limit - Self.unwritten - Self.unseen - spared)
  }

  /// Notes what batch will be stored next.
  ///
  /// What batches like it added is known from the latest ones, as far as they were like it.
  ///
  /// - Parameters:
  ///   - events: how many events it has.
  ///   - newPages: how many pages may be changed by the rows it adds to large dictionaries: a row that is new may have a page
  ///     of an index for itself, and that page be changed for no other.
  mutating func expect(events: Int64, newPages: Int64) {
    pages = newPages + events / Self.eventsPerPage
    needed = growth + max(0, pages - growthPages) * (pageSize + Self.frameHeader)
  }

  /// Notes that the batch that was expected will be stored at once.
  mutating func begin(_ connection: borrowing Connection) {
    _ = connection.handle.takePagesWritten()
    hasSwept = false
  }

  /// Notes that orphans have gone in the transaction of the batch, which has stored nothing else yet.
  mutating func noteSweep(_ connection: borrowing Connection) {
    _ = connection.handle.takePagesWritten()
    hasSwept = true
  }

  /// Notes that a batch stands: what it took of the log.
  mutating func noteCommit(_ connection: borrowing Connection) {
    let written = connection.handle.takePagesWritten() * pageSize
    let growth = written + written / 8
    // Batches differ: the next may add more, and this is slowly forgotten. Orphans may have a part in it.
    if !hasSwept {
      self.growth -= self.growth / 16
      growthPages -= growthPages / 16
    }
    let own = hasSwept ? growth - Self.unwritten : growth
    guard own > self.growth else { return }
    self.growth = own
    growthPages = pages
  }

  /// How many bytes of what is kept free for the log the file has taken.
  private func excess(_ size: Int64) -> Int64 {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return 0 }
    return max(0, Int64(status.st_size) - (size - Self.part(of: size)))
  }
}

internal import CSQLite

/// Takes out of a database what is too old or too much, where no capture does.
public enum DropPruner {
  /// What is to go.
  public struct Request: Hashable, Sendable {
    /// Events before this time go, and tallies of the time before become hours; nanoseconds since the epoch.
    public var before: Int64?
    /// Tallies, losses and rises of counters before this time go; nanoseconds since the epoch.
    public var talliesBefore: Int64?
    /// What the file may take, in bytes: what goes is told at ``RetentionPolicy/size``.
    public var size: Int64?

    /// A request; what is not given does not matter.
    public init(before: Int64? = nil, talliesBefore: Int64? = nil, size: Int64? = nil) {
      self.before = before
      self.talliesBefore = talliesBefore
      self.size = size
    }
  }

  /// What has gone, or would go.
  public struct Result: Hashable, Sendable {
    /// Rows of events.
    public var events: Int64 = 0
    /// The times of the first and the last of these, in nanoseconds since the epoch.
    public var range: ClosedRange<Int64>?
    /// Tallies, losses and rises of counters that have become part of a wider one.
    public var widened: Int64 = 0
    /// Tallies, losses and rises of counters that have gone.
    public var tallies: Int64 = 0
    /// Rows of dictionaries that nothing refers to any more.
    public var orphans: Int64 = 0
    /// Bytes of the pages that hold nothing any more.
    public var bytes: Int64 = 0
    /// The file's size before, in bytes.
    public var sizeBefore: Int64 = 0
    /// The file's size after it; that of a file that cannot shrink stays.
    public var sizeAfter: Int64 = 0
    /// Bytes of free pages in the file after it, which are used before it grows.
    public var free: Int64 = 0
  }

  /// Prunes a database.
  ///
  /// - Parameters:
  ///   - path: its file, which nobody may be capturing into.
  ///   - request: what is to go.
  ///   - isDryRun: whether only to find out: all is done in one transaction, which is rolled back.
  /// - Returns: what has gone.
  /// - Throws: ``StoreError``; what has gone by then has gone, and the database is whole.
  public static func prune(
    path: String, _ request: Request, isDryRun: Bool = false
  ) throws(StoreError) -> Result {
    try FileCheck.requireReadable(path)
    // To open a file to write to it changes it: that it is one of dropdb's must be known before.
    _ = try DropReader.connect(path)
    let connection = try Connection.writing(path)
    let version = try DatabaseFormat.version(of: connection)
    if isDryRun {
      guard version == DatabaseFormat.version else {
        throw StoreError(
          code: .olderVersion, path: path,
          message: "the database has version \(version) and would have to be brought up to date first; "
            + "a capture or a prune that is no dry run does that")
      }
    } else {
      try connection.migrate()
    }
    // What must go with a row goes with it here: DESIGN.md.
    try connection.execute("PRAGMA foreign_keys = OFF")
    var pruning = try Pruning(connection, isDryRun: isDryRun)
    if isDryRun { try connection.execute("BEGIN IMMEDIATE") }
    do {
      try pruning.prune(connection, request)
      if isDryRun { try connection.execute("ROLLBACK") }
    } catch {
      if connection.handle.isInTransaction { try? connection.execute("ROLLBACK") }
      throw error
    }
    if !isDryRun { try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)") }
    return pruning.result
  }
}

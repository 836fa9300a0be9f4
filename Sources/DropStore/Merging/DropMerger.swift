internal import CSQLite

/// Brings databases of other hosts or times into one, by meaning.
///
/// A capture is recognised by its boot, its start and its process. What the database has of it already is not added again,
/// so merging twice changes nothing, and merging a later copy adds what has come since.
public enum DropMerger {
  /// What came of one database.
  public struct Result: Hashable, Sendable {
    /// Captures that were not known.
    public var added = 0
    /// Captures that were known and have gone on since.
    public var continued = 0
    /// Captures of which everything was known.
    public var known = 0
    /// Events added.
    public var events: Int64 = 0
    /// Packets added to tallies.
    public var packets: Int64 = 0
  }

  /// Merges one database into another, all of it or nothing.
  ///
  /// - Parameters:
  ///   - source: the file to read. A capture may be writing to it; what is there now is taken. One of an older version is
  ///     copied beside the target and brought up to date there, which takes as much room for as long as this runs.
  ///   - target: the file to write to, which nobody may be capturing into. It is made if there is none.
  /// - Returns: what was added.
  /// - Throws: ``StoreError``; nothing of the source has been added then.
  public static func merge(_ source: String, into target: String) throws(StoreError) -> Result {
    // Before it is opened: closing it again would drop the locks that SQLite has on it in this process.
    if let identity = try FileIdentity(path: source), try FileIdentity(path: target) == identity {
      throw StoreError(
        code: .busy, path: source, message: "a database cannot be merged into itself; name another")
    }
    try FileCheck.requireReadable(source)
    guard try DatabaseFormat.version(of: DropReader.connect(source)) < DatabaseFormat.version else {
      return try mergeCurrent(source, into: target)
    }
    let copy = try NewFile(path: target + "-merging")
    do {
      try bringUpToDate(source, in: copy.partialPath)
      let result = try mergeCurrent(copy.partialPath, into: target)
      copy.discard()
      return result
    } catch {
      throw error.path.hasPrefix(target + "-merging") ? error.about(source) : error
    }
  }

  /// Copies a database of an older version and migrates the copy.
  private static func bringUpToDate(_ source: String, in copy: String) throws(StoreError) {
    try DatabaseBackup.copyPages(from: source, to: copy)
    let connection = try Connection(path: copy, flags: SQLITE_OPEN_READWRITE, name: copy)
    // Nobody needs the copy after a fault, and a journal of all events would take their room once more. First, for it is
    // among what a defended connection may not.
    try connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
    // Whoever made the file must not have code run.
    try connection.configure(SQLITE_DBCONFIG_DEFENSIVE, true)
    try connection.configure(SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)
    try connection.configure(SQLITE_DBCONFIG_ENABLE_TRIGGER, false)
    try connection.configure(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, false)
    try connection.migrate()
  }

  /// Merges a database of this version.
  private static func mergeCurrent(_ source: String, into target: String) throws(StoreError) -> Result {
    let reader = try DropReader(path: source)
    // A statement that has begun keeps the state of this moment for all others.
    var snapshot = try reader.connection.prepare("SELECT name FROM sqlite_schema")
    _ = try snapshot.step()
    let connection = try Connection.writing(target)
    try connection.migrate()
    try connection.execute("PRAGMA foreign_keys = OFF")
    try connection.execute("BEGIN IMMEDIATE")
    let result: Result
    do {
      var merge = try Merge(reader.connection, connection)
      result = try merge.run(reader.connection, connection)
      try connection.execute("COMMIT")
      connection.handle.keepFile()
    } catch {
      if connection.handle.isInTransaction { try? connection.execute("ROLLBACK") }
      throw error
    }
    try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return result
  }
}

internal import CSQLite

/// Saves what can still be read of a damaged database into a new one.
///
/// Rows are read table by table in the order of their keys, from both ends towards what cannot be read, and then
/// between: see ``TableSalvage``. What hangs below a page that cannot be read is lost with it. Then the new database is
/// made at one with itself:
///
/// - An event whose path is lost is left out: neither place nor reason of it are known. Its count stays.
/// - A rise of a counter that is lost is left out.
/// - What a row of a dictionary was, and cannot be read any more, is called `unreadable 17` by its number. A flow is all
///   unknown then; a process has the number -1.
/// - `recorded` in the tallies is set to the events that are there, where these should be. An event without a tally gets
///   one, so that nothing recorded is less than counted.
public struct DatabaseSalvage: Sendable {
  /// What became of one table.
  public struct Table: Hashable, Sendable {
    /// The table.
    public let name: String
    /// Rows that were read and kept.
    public internal(set) var kept: Int64
    /// Rows that were read and contradict the schema, or another row.
    public internal(set) var refused: Int64
    /// Whether some of it could not be read.
    public internal(set) var isDamaged: Bool
  }

  /// The tables, in the order of their names.
  public internal(set) var tables: [Table] = []
  /// Rows of dictionaries that had to be made up, because others refer to them.
  public internal(set) var placeholders: Int64 = 0
  /// Rows that were read and left out, because what they belong to is lost.
  public internal(set) var orphans: Int64 = 0
  /// Tallies whose count of recorded drops was set to the events that are there.
  public internal(set) var changedTallies: Int64 = 0

  /// Reads a database and writes a new one.
  ///
  /// - Parameters:
  ///   - path: the damaged file, of this version or an older one; it is left as it is.
  ///   - destination: where there is no file yet. It appears when it is complete.
  /// - Throws: ``StoreError`` when not even the schema can be read, or the new file cannot be written.
  public init(_ path: String, into destination: String) throws(StoreError) {
    try FileCheck.requireReadable(path)
    let source = try DropReader.connect(path)
    // Else one damaged cell would make all of its page unreadable.
    try source.execute("PRAGMA cell_size_check = OFF")
    try source.allowOnlyReading()
    let file = try NewFile(path: destination)
    do {
      let target = try Connection(
        path: file.partialPath, flags: SQLITE_OPEN_READWRITE, name: destination)
      // Nobody sees the file before it is complete.
      try target.execute(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -64000"
      )
      try target.migrate()
      try target.execute("BEGIN")
      for object in try target.schemaObjects() where object.kind == "table" {
        try copy(object.name, from: source, to: target)
      }
      try mend(target)
      try target.execute("COMMIT")
    }
    try file.appear()
  }

  private mutating func copy(
    _ table: String, from source: borrowing Connection, to target: borrowing Connection
  ) throws(StoreError) {
    let wanted = try target.columns(of: table)
    let there = try source.columns(of: table).map(\.name)
    // A database of an older version lacks some.
    let columns = wanted.map(\.name).filter(there.contains)
    guard let key = wanted.first(where: { $0.key == 1 })?.name, columns.contains(key) else {
      tables.append(Table(name: table, kept: 0, refused: 0, isDamaged: !there.isEmpty))
      return
    }
    var salvage = try TableSalvage(
      table, key: key, hasWiderKey: wanted.count { $0.key > 0 } > 1, columns: columns, from: source,
      to: target)
    try salvage.run()
    tables.append(salvage.result)
  }
}

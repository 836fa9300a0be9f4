internal import Schemas

/// Tells dropdb's databases from others, and one version from the next.
enum DatabaseFormat {
  /// `PRAGMA application_id`: ASCII `drop`.
  static let applicationID: Int64 = 0x6472_6f70

  /// `PRAGMA user_version` of a database with all migrations.
  static var version: Int64 { Int64(Schema.migrations.count) }

  /// The version of an open database.
  ///
  /// - Returns: 0 for a database without any table, which anyone may make theirs.
  /// - Throws: ``StoreError/Code/foreignDatabase``, ``StoreError/Code/newerVersion``.
  static func version(of connection: borrowing Connection) throws(StoreError) -> Int64 {
    let path = connection.handle.path
    // One look at all three: a writer may be making the database. The first read of the file, too, so what is no
    // database shows here.
    try connection.execute("BEGIN")
    let tables = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
    let application = try connection.integer("PRAGMA application_id") ?? 0
    let version = try connection.integer("PRAGMA user_version") ?? 0
    try connection.execute("COMMIT")
    if tables == 0 && application == 0 && version == 0 { return 0 }
    guard application == applicationID, version > 0 else {
      throw StoreError(
        code: .foreignDatabase, path: path,
        message: "this SQLite database belongs to another program; name the file that dropdb wrote")
    }
    guard version <= Self.version else {
      throw StoreError(
        code: .newerVersion, path: path,
        message: "the database has version \(version) and this dropdb knows up to \(Self.version); "
          + "use the dropdb that wrote it or a newer one")
    }
    return version
  }
}

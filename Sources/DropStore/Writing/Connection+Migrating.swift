internal import Schemas

extension Connection {
  /// Runs the migrations that the database has not had yet, all or none of them.
  ///
  /// - Parameter last: the version to bring it to; that of today where this is not given.
  /// - Throws: ``StoreError/Code/full`` where the disk has no room for it; what is wrong with the database.
  func migrate(to last: Int64 = DatabaseFormat.version) throws(StoreError) {
    let version = try DatabaseFormat.version(of: self)
    guard version < last else { return }
    try MigrationRoom.require(self, from: version)
    // A table that is made anew must not take with it what refers to the old one.
    let enforced = try integer("PRAGMA foreign_keys") ?? 0
    try execute("PRAGMA foreign_keys = OFF")
    defer { try? execute("PRAGMA foreign_keys = \(enforced)") }
    try transaction { () throws(StoreError) in
      for (index, script) in Schema.migrations.enumerated().prefix(Int(last)).dropFirst(Int(version)) {
        try execute(script)
        if index + 1 == EventMove.version { try EventMove.run(self) }
        try execute("PRAGMA user_version = \(index + 1)")
      }
      // A new file begins without what migrations needed for a moment.
      if version == 0 { try execute("PRAGMA incremental_vacuum") }
    }
    // The log has all events then. A reader of today's state may keep it for now.
    if version > 0 {
      _ = try waiting(false) { () throws(StoreError) in try integer("PRAGMA wal_checkpoint(TRUNCATE)") }
    }
  }

  /// Runs some changes as one: all of them stand when this returns, none when it throws.
  func transaction<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // SQLite may have rolled back by itself.
      if handle.isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }
}

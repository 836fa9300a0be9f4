internal import Schemas

extension Connection {
  /// Runs the migrations that the database has not had yet, all or none of them.
  func migrate() throws(StoreError) {
    let version = try DatabaseFormat.version(of: self)
    guard version < DatabaseFormat.version else { return }
    try transaction { () throws(StoreError) in
      for (index, script) in Schema.migrations.enumerated().dropFirst(Int(version)) {
        try execute(script)
        try execute("PRAGMA user_version = \(index + 1)")
      }
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

/// As long as it lives, all statements of its connection read one state of the database.
struct ReadTransaction: ~Copyable {
  // SQLite's transaction lasts as long as a statement has not come to its end.
  private let unfinished: Statement

  init(_ connection: borrowing Connection) throws(StoreError) {
    var statement = try connection.prepare("SELECT 1 FROM sqlite_schema")
    _ = try statement.step()
    unfinished = statement
  }

  /// Ends it, here and not before.
  consuming func end() {}
}

/// As long as it lives, all statements of its connection read one state of the database.
struct ReadTransaction: ~Copyable {
  // SQLite's transaction lasts as long as a statement has not come to its end.
  private let unfinished: Statement
  private let companions: Companions?

  init(_ connection: borrowing Connection) throws(StoreError) {
    unfinished = try Self.begin(connection)
    companions = nil
  }

  /// The same, and those join it that help to read a range if there is much in it.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - companions: what may help.
  ///   - wanted: how many of them.
  ///   - tables: what is read.
  ///   - range: the range of keys.
  /// - Throws: when the database is damaged or cannot be read.
  init(
    _ connection: borrowing Connection, _ companions: Companions, wanted: Int = 1,
    _ tables: [OrderedTable], in range: Range<Int64>
  ) throws(StoreError) {
    var isWorth = false
    for table in tables where !isWorth { isWorth = try companions.areWorth(connection, table, range) }
    unfinished = try companions.begin(wanted: isWorth ? wanted : 0) { () throws(StoreError) in
      try Self.begin(connection)
    }
    self.companions = companions
  }

  deinit { companions?.end() }

  /// Ends it, here and not before.
  consuming func end() {}

  private static func begin(_ connection: borrowing Connection) throws(StoreError) -> Statement {
    var statement = try connection.prepare("SELECT 1 FROM sqlite_schema")
    _ = try statement.step()
    return statement
  }
}

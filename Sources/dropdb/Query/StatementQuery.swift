import DropReport
import DropStore

/// Answers statements in SQL, one after the other.
struct StatementQuery {
  /// The SQL.
  let script: String
  /// Whether it may be several statements.
  var isFile = false
  let parameters: StatementParameters

  /// Answers.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - answer: Where rows go.
  /// - Throws: ``CommandFailure`` that shows the place in the SQL, before anything has been written if a statement is
  ///   wrong.
  func run(_ reader: borrowing DropReader, _ answer: inout QueryAnswer) throws {
    var running: SQLStatement?
    do {
      let statements = try reader.statements(of: script)
      try require(statements, path: reader.path)
      try parameters.requireAll(for: statements)
      for statement in statements {
        running = statement
        var query = try reader.prepare(statement.sql, parameters.values(for: statement))
        try answer.write(query.columns) { try query.next()?.map { Cell($0) } }
      }
    } catch let error as StoreError where error.code != .interrupted {
      // What fails while it runs has no place but its statement.
      let place = running.map { $0.offset + (error.sqlOffset ?? 0) } ?? error.sqlOffset
      let placed = StoreError(
        code: error.code, path: error.path, sql: script,
        sqlOffset: isFile || running == nil ? place : error.sqlOffset,
        message: error.message)
      throw CommandFailure(SQLFailure.message(placed, in: script))
    }
  }

  private func require(_ statements: [SQLStatement], path: String) throws(StoreError) {
    if statements.isEmpty {
      throw StoreError(code: .sql, path: path, sql: script, message: "there is no statement; write a SELECT")
    }
    guard !isFile, statements.count > 1 else { return }
    throw StoreError(
      code: .sql, path: path, sql: script, sqlOffset: statements[1].offset,
      message: "a second statement follows; ask one at a time, or put them into a file and name it with -f")
  }
}

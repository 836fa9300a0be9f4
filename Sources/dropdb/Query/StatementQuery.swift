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
      let placed = StoreError(
        code: error.code, path: error.path, sql: script, sqlOffset: place(of: error, in: running),
        message: error.message)
      throw CommandFailure(SQLFailure.message(placed, in: script))
    }
  }

  /// Where in the script the fault is: what fails while it runs has no place but its statement and the function that failed.
  private func place(of error: StoreError, in statement: SQLStatement?) -> Int? {
    guard let statement else { return error.sqlOffset }
    if let offset = error.sqlOffset { return statement.offset + offset }
    if let call = SQLFailure.place(ofCallBehind: error.message, in: statement.sql) {
      return statement.offset + call
    }
    return isFile ? statement.offset : nil
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

internal import CSQLite

extension DropReader {
  /// Compiles all statements of a script, to know before the first runs that the last can.
  ///
  /// - Parameter script: any number of statements that only read, with semicolons between them.
  /// - Returns: the statements, none where there are only white space and comments.
  /// - Throws: ``StoreError`` with the place in the script when one is wrong or does more than read.
  public func statements(of script: String) throws(StoreError) -> [SQLStatement] {
    var statements: [SQLStatement] = []
    var start = SQLText.firstToken(in: script.utf8[...])
    while start < script.utf8.count {
      let rest = String(decoding: script.utf8.dropFirst(start), as: UTF8.self)
      var end = 0
      let parameters: [String?]
      do {
        let statement = try compileReading(rest, end: &end)
        parameters = statement.parameterNames
      } catch {
        throw StoreError(
          code: error.code, path: error.path, sql: script, sqlOffset: error.sqlOffset.map { $0 + start },
          message: error.message)
      }
      let sql = String(decoding: rest.utf8.prefix(end), as: UTF8.self)
      statements.append(SQLStatement(sql: sql, offset: start, parameters: parameters))
      start += end
      start += SQLText.firstToken(in: script.utf8.dropFirst(start))
    }
    return statements
  }

  /// Makes a function known to the SQL of this reader.
  ///
  /// Only SQL that a user writes may call it, not a view of the file.
  ///
  /// - Parameters:
  ///   - name: its name; another function of this name and count of arguments is replaced.
  ///   - argumentCount: how many arguments it takes, 0 to 127.
  ///   - body: its result; it must be the same for the same arguments within a statement. It is not called when an
  ///     argument is NULL, for then the result is.
  /// - Throws: ``StoreError`` when SQLite does not take it.
  public func register(
    name: String, argumentCount: Int, _ body: @escaping ([SQLValue]) throws(SQLFunctionError) -> SQLValue
  ) throws(StoreError) {
    try connection.register(name, argumentCount: argumentCount, body)
  }

  /// Whether a text ends where a statement does: behind a semicolon that is in no text, name or comment.
  ///
  /// - Parameter text: SQL, as far as it has been written.
  /// - Returns: whether SQLite sees no need for more (`sqlite3_complete`).
  public static func isComplete(_ text: String) -> Bool { unsafe sqlite3_complete(text) == 1 }
}

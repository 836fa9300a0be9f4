import DropReport
import DropStore

/// Tells what is wrong with SQL that somebody wrote: the fault, what may have been meant, and the place.
enum SQLFailure {
  /// What to say about an error, with the lines that show the place in the SQL.
  ///
  /// - Parameters:
  ///   - error: The error.
  ///   - sql: The SQL as it was written.
  ///   - view: The view whose columns it has, where it is an expression.
  /// - Returns: Words, then lines.
  static func message(_ error: StoreError, in sql: String, of view: String? = nil) -> String {
    let isOfSQL = error.code == .sql || error.code == .readOnly
    var message = (isOfSQL ? "" : "\(error.path): ") + error.message
    guard isOfSQL else { return message }
    message += hint(error.message, view ?? sql)
    guard let offset = error.sqlOffset ?? place(of: error.message, in: sql) else { return message }
    let line = MarkedLine(sql, at: offset)
    if line.isOneOfSeveral { message += " (line \(line.number))" }
    return ([message] + line.lines.map { "  " + $0 }).joined(separator: "\n")
  }

  /// Where the call stands that failed while a statement ran: SQLite does not say, but our functions say their names.
  ///
  /// - Parameters:
  ///   - message: What the function said.
  ///   - sql: The statement.
  /// - Returns: The call's place in bytes of UTF-8; `nil` where it may be one of several, or is in a view.
  static func place(ofCallBehind message: String, in sql: String) -> Int? {
    guard let name = message.split(separator: ":", maxSplits: 1).first,
      DatabasePage.standard.functions.contains(where: { $0.name == name })
    else { return nil }
    // A column that is called so is no call, but the operator REGEXP is one.
    let bytes = Array(sql.utf8)
    let calls = SQLWord.all(in: sql).filter { word in
      guard word.text.lowercased() == name else { return false }
      let next = bytes[(word.offset + word.text.utf8.count)...].first { !" \t\r\n".utf8.contains($0) }
      return next == UInt8(ascii: "(") || name == "regexp"
    }
    return calls.count == 1 ? calls[0].offset : nil
  }

  /// The name behind some words of SQLite.
  private static func name(_ words: String, in message: String) -> String? {
    guard message.hasPrefix(words) else { return nil }
    return String(message.dropFirst(words.utf8.count))
  }

  private static func hint(_ message: String, _ sql: String) -> String {
    let page = DatabasePage.standard
    if let name = name("no such table: ", in: message) {
      return meant(name, page.views.map(\.name), else: "; 'dropdb schema' lists the views")
    }
    if let name = name("no such column: ", in: message) {
      let words = Set(SQLWord.all(in: sql).map { $0.text.lowercased() })
      let asked = page.views.filter { words.contains($0.name) }
      let columns = (asked.isEmpty ? page.views : asked).flatMap(\.columns).map(\.name)
      let last = name.split(separator: ".").last.map(String.init) ?? name
      let view = asked.count == 1 ? " \(asked[0].name)" : ""
      return meant(last, unique(columns), else: "; 'dropdb schema\(view)' lists the columns")
    }
    if let name = name("no such function: ", in: message) {
      let functions = page.functions.map(\.name) + SQLWord.functions
      return meant(name, unique(functions), else: "; 'dropdb schema' lists those of dropdb")
    }
    if let name = name("wrong number of arguments to function ", in: message),
      let function = page.functions.first(where: { name == $0.name + "()" })
    {
      return "; it is \(function.call)"
    }
    return ""
  }

  private static func meant(_ name: String, _ names: [String], else other: String) -> String {
    let near = NearNames.of(name, among: names)
    return near.isEmpty ? other : "; did you mean \(near.joined(separator: ", "))?"
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// Where the fault is that SQLite gives no place to: the end, or a table's name.
  private static func place(of message: String, in sql: String) -> Int? {
    if message == "incomplete input" { return sql.utf8.count }
    guard let name = name("no such table: ", in: message)?.lowercased() else { return nil }
    return SQLWord.all(in: sql).first { $0.text.lowercased() == name }?.offset
  }
}

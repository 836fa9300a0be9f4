import DropReport
import DropStore

/// Tells what is wrong with SQL that somebody wrote: the fault, what may have been meant, and the place.
enum SQLFailure {
  /// What to say about an error, with the lines that show the place in the SQL.
  ///
  /// - Parameters:
  ///   - error: The error.
  ///   - sql: The SQL as it was written.
  /// - Returns: Words, then lines.
  static func message(_ error: StoreError, in sql: String) -> String {
    let isOfSQL = error.code == .sql || error.code == .readOnly
    var message = (isOfSQL ? "" : "\(error.path): ") + error.message
    guard isOfSQL else { return message }
    message += hint(error.message, sql)
    guard let offset = error.sqlOffset ?? place(of: error.message, in: sql) else { return message }
    let line = MarkedLine(sql, at: offset)
    if line.isOneOfSeveral { message += " (line \(line.number))" }
    return ([message] + line.lines.map { "  " + $0 }).joined(separator: "\n")
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

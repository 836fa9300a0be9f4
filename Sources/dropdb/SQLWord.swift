/// A word in SQL that is no part of a text or comment.
struct SQLWord: Equatable {
  let text: String
  /// Where it stands, in bytes of UTF-8.
  let offset: Int

  /// All names and keywords, in order; quotes around a name are no part of it.
  static func all(in sql: String) -> [SQLWord] {
    let bytes = Array(sql.utf8)
    var words: [SQLWord] = []
    var index = 0
    while index < bytes.count {
      let start = index
      switch bytes[index] {
      case UInt8(ascii: "'"):
        index = end(bytes, of: bytes[index], from: index + 1)
      case UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "["):
        let quote = bytes[index] == UInt8(ascii: "[") ? UInt8(ascii: "]") : bytes[index]
        index = end(bytes, of: quote, from: index + 1)
        let inside = bytes[(start + 1)..<max(start + 1, index - 1)]
        words.append(SQLWord(text: String(decoding: inside, as: UTF8.self), offset: start))
      case UInt8(ascii: "-") where bytes[index...].starts(with: "--".utf8):
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      case UInt8(ascii: "/") where bytes[index...].starts(with: "/*".utf8):
        index += 2
        while index < bytes.count, !bytes[index...].starts(with: "*/".utf8) { index += 1 }
        index = min(index + 2, bytes.count)
      case let byte where isPart(byte):
        while index < bytes.count, isPart(bytes[index]) { index += 1 }
        words.append(SQLWord(text: String(decoding: bytes[start..<index], as: UTF8.self), offset: start))
      default:
        index += 1
      }
    }
    return words
  }

  /// Where a quoted text ends: behind its closing quote, or at the end of all.
  private static func end(_ bytes: [UInt8], of quote: UInt8, from start: Int) -> Int {
    (bytes[start...].firstIndex(of: quote) ?? bytes.count - 1) + 1
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  /// SQLite's functions that are of use here (https://sqlite.org/lang_corefunc.html and the pages beside it).
  static let functions = [
    "abs", "avg", "coalesce", "count", "date", "datetime", "format", "glob", "group_concat", "hex", "ifnull",
    "iif",
    "instr", "json_array", "json_extract", "json_group_array", "json_object", "lag", "lead", "length", "like",
    "lower", "ltrim", "max", "min", "nullif", "printf", "quote", "rank", "replace", "round", "row_number",
    "rtrim",
    "sign", "strftime", "substr", "sum", "time", "total", "trim", "typeof", "unixepoch", "upper",
  ]

  /// SQLite's keywords that a statement which reads may need.
  static let keywords = [
    "ALL", "AND", "AS", "ASC", "BETWEEN", "BY", "CASE", "CAST", "COLLATE", "CROSS", "DESC", "DISTINCT",
    "ELSE",
    "END", "ESCAPE", "EXCEPT", "EXISTS", "EXPLAIN", "FILTER", "FROM", "GLOB", "GROUP", "HAVING", "IN",
    "INNER",
    "INTERSECT", "IS", "ISNULL", "JOIN", "LEFT", "LIKE", "LIMIT", "NOCASE", "NOT", "NOTNULL", "NULL", "NULLS",
    "OFFSET", "ON", "OR", "ORDER", "OUTER", "OVER", "PARTITION", "PLAN", "PRAGMA", "QUERY", "RECURSIVE",
    "REGEXP",
    "ROWS", "SELECT", "THEN", "UNION", "USING", "VALUES", "WHEN", "WHERE", "WINDOW", "WITH",
  ]
}

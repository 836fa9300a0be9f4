internal import CSQLite

/// Reads fields out of JSON, by SQLite's own reader of it.
package struct JSONLine: ~Copyable {
  private let connection: Connection
  private var select: Statement
  private let count: Int32

  /// A reader of certain fields.
  ///
  /// - Parameter paths: where they are: `$.common.timestamp`; `$.stack[*]` for all of an array's elements as lines of one
  ///   text. Not from outside.
  /// - Throws: only where memory runs out.
  package init(_ paths: [String]) throws(StoreError) {
    let connection = try Connection(
      path: ":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, name: "memory")
    let fields = paths.map { path in
      guard path.hasSuffix("[*]") else { return "json_extract(value, '\(path)')" }
      return
        "(SELECT group_concat(line.value, char(10)) FROM json_each(object.value, '\(path.dropLast(3))') AS line)"
    }.joined(separator: ", ")
    select = try connection.prepare(
      """
      SELECT json_type(value) = 'object', \(fields)
      FROM (SELECT value FROM json_each(iif(json_type(?1) = 'array', ?1, json_array(json(?1))))) AS object
      """, persistent: true)
    count = Int32(paths.count)
    self.connection = connection
  }

  /// The fields of an object, or of each object in an array.
  ///
  /// - Parameter text: the JSON.
  /// - Returns: a value for each path, for each object; `nil` where the text is neither.
  /// - Throws: where memory runs out.
  package mutating func read(_ text: String) throws(StoreError) -> [[SQLValue]]? {
    try select.bind(1, text)
    defer { select.reset() }
    var rows: [[SQLValue]] = []
    do {
      while try select.step() {
        guard select.integer(0) == 1 else { return nil }
        rows.append((1...count).map { select.value($0) })
      }
    } catch {
      guard error.code == .tooLarge else { return nil }
      throw error
    }
    return rows
  }
}

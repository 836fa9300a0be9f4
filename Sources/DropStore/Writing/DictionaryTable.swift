/// A table in which whatever repeats stands once: finds a row, or adds it.
struct DictionaryTable: ~Copyable {
  /// The columns of `task`, which are the same wherever one is looked for.
  static let taskColumns = ["boot", "pid", "comm", "cpu"]
  /// How one is found by them.
  static let isTask = """
    boot = ?1 AND ifnull(pid, -1) = ifnull(?2, -1) AND ifnull(comm, '') = ifnull(?3, '')
    AND ifnull(cpu, -1) = ifnull(?4, -1)
    """

  private var select: Statement
  private var insert: Statement

  /// A table.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - name: the table.
  ///   - columns: its columns, `id` left out; parameter *n* is the value of column *n*.
  ///   - condition: by which an index finds the row with these parameters.
  /// - Throws: what is wrong with the database.
  init(_ connection: borrowing Connection, _ name: String, _ columns: [String], where condition: String)
    throws(StoreError)
  {
    let parameters = (1...columns.count).map { "?\($0)" }.joined(separator: ", ")
    let select = try connection.prepare("SELECT id FROM \(name) WHERE \(condition)", persistent: true)
    let insert = try connection.prepare(
      "INSERT INTO \(name) (\(columns.joined(separator: ", "))) VALUES (\(parameters))", persistent: true)
    self.select = select
    self.insert = insert
  }

  /// A table too large for a unique index over all its columns: found by a `fingerprint` that need not be unique.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - name: the table.
  ///   - columns: its columns, `id` and `fingerprint` left out; parameter 1 is the fingerprint, parameter *n* + 1 the
  ///     value of column *n*.
  /// - Throws: what is wrong with the database.
  init(_ connection: borrowing Connection, _ name: String, foundByFingerprint columns: [String])
    throws(StoreError)
  {
    let equal = columns.enumerated().map { " AND \($1) IS ?\($0 + 2)" }.joined()
    try self.init(connection, name, ["fingerprint"] + columns, where: "fingerprint = ?1\(equal)")
  }

  /// The row of some values, which is added if there is none.
  ///
  /// - Parameter bind: gives a statement its parameters.
  /// - Returns: the row's number.
  /// - Throws: what is wrong with the database, or what `bind` throws.
  mutating func row(_ bind: (inout Statement) throws(StoreError) -> Void) throws(StoreError) -> Int64 {
    try bind(&select)
    if let row = try select.firstInteger() { return row }
    try bind(&insert)
    try insert.run()
    return insert.connection.lastInsertedRow
  }
}

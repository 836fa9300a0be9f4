/// A dictionary of two databases: finds the row that means the same in the one as a row of the other, or adds it.
struct MergedTable: ~Copyable {
  private let name: String
  private let count: Int32
  private var select: Statement
  private var table: DictionaryTable
  private var rows = BoundedCache<Int64, Int64>(limit: 1 << 15)

  /// A dictionary.
  ///
  /// - Parameters:
  ///   - source: the database to read.
  ///   - target: the database to find or add rows in.
  ///   - name: the table.
  ///   - columns: its columns, `id` left out.
  ///   - condition: by which an index finds a row; parameter *n* is the value of column *n*.
  /// - Throws: what is wrong with the databases.
  init(
    _ source: borrowing Connection, _ target: borrowing Connection, _ name: String, _ columns: [String],
    where condition: String
  ) throws(StoreError) {
    let select = try source.prepare(
      "SELECT \(columns.joined(separator: ", ")) FROM \(name) WHERE id = ?1", persistent: true)
    let table = try DictionaryTable(target, name, columns, where: condition)
    self.name = name
    count = Int32(columns.count)
    self.select = select
    self.table = table
  }

  /// The row in the target, if it has been asked for lately.
  mutating func known(_ id: Int64) -> Int64? { rows[id] }

  /// The columns of a row of the source.
  ///
  /// - Throws: ``StoreError/Code/corrupt`` where there is no such row, although something refers to it.
  mutating func values(_ id: Int64) throws(StoreError) -> [SQLValue] {
    try select.bind(1, id)
    defer { select.reset() }
    guard try select.step() else {
      throw StoreError(
        code: .corrupt, path: select.connection.path,
        message: "the database is damaged: something refers to row \(id) of \(name), which is not there")
    }
    var values: [SQLValue] = []
    for column in 0..<count { values.append(select.value(column)) }
    return values
  }

  /// The row of the target that has these values.
  mutating func row(_ values: [SQLValue], for id: Int64) throws(StoreError) -> Int64 {
    let row = try table.row { statement throws(StoreError) in
      for (index, value) in values.enumerated() { try statement.bind(Int32(index + 1), value) }
    }
    rows.insert(row, for: id)
    return row
  }
}

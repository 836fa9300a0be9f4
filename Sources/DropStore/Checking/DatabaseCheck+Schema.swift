internal import CSQLite

extension DatabaseCheck {
  /// Compares tables, indexes and views with those of a database made now.
  ///
  /// What somebody has added is none of our business, but for triggers: these change what a capture writes.
  mutating func checkSchema(_ connection: borrowing Connection) throws(StoreError) {
    let model = try Connection(
      path: ":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, name: "memory")
    try model.migrate()
    let wanted = try model.schemaObjects()
    let found = try connection.schemaObjects()
    for object in wanted {
      guard let other = found.first(where: { $0.kind == object.kind && $0.name == object.name }) else {
        find(.schema, "the \(object.kind) \(object.name) is missing")
        continue
      }
      switch object.kind {
      case "view": try compareView(object.name, connection, model, isSame: other.sql == object.sql)
      case "table": try compareColumns(of: object.name, connection, model, "table")
      default:
        if other.sql != object.sql { find(.schema, "the \(object.kind) \(object.name) is not dropdb's") }
      }
    }
    for object in found where !wanted.contains(where: { $0.kind == object.kind && $0.name == object.name }) {
      if object.kind == "trigger" {
        find(.schema, "the trigger \(object.name) is not dropdb's; drop it: it changes what a capture writes")
      } else {
        notes.append("the \(object.kind) \(object.name) is not dropdb's")
      }
    }
  }

  /// The tables' rules for their rows, which SQLite's own check passes over where a database is open for reading only
  /// (`sqlite3AddCheckConstraint` does not take them in then).
  mutating func checkRules(_ connection: borrowing Connection) throws(StoreError) {
    let model = try Connection(
      path: ":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, name: "memory")
    try model.migrate()
    for table in try model.schemaObjects() where table.kind == "table" {
      for rule in Self.rules(in: table.sql) {
        let rows = try connection.integer("SELECT count(*) FROM \"\(table.name)\" WHERE NOT (\(rule))") ?? 0
        if rows > 0 { find(.integrity, "\(rows) rows of \(table.name) break the rule \(rule)") }
      }
    }
  }

  /// What stands in parentheses after each `CHECK` of a statement of ours.
  static func rules(in sql: String) -> [String] {
    sql.split(separator: "CHECK (").dropFirst().map { rest in
      var depth = 1
      return String(
        rest.prefix { character in
          if character == "(" { depth += 1 }
          if character == ")" { depth -= 1 }
          return depth > 0
        })
    }
  }

  private mutating func compareView(
    _ view: String, _ connection: borrowing Connection, _ model: borrowing Connection, isSame: Bool
  ) throws(StoreError) {
    do {
      guard try compareColumns(of: view, connection, model, "view") else { return }
      guard isSame else { return find(.schema, "the view \(view) shows something else than dropdb's") }
      var first = try connection.prepare("SELECT * FROM \"\(view)\" LIMIT 1")
      _ = try first.step()
    } catch {
      guard error.code != .corrupt else { throw error }
      find(.schema, "the view \(view) cannot be read: \(error.message)")
    }
  }

  /// Whether the columns of a table or view are those they should be, in their order.
  @discardableResult
  private mutating func compareColumns(
    of name: String, _ connection: borrowing Connection, _ model: borrowing Connection, _ kind: String
  ) throws(StoreError) -> Bool {
    var wanted = try model.columns(of: name)
    var found = try connection.columns(of: name)
    // The columns of a view have no types of their own.
    if kind == "view" {
      wanted = wanted.map { .init(name: $0.name, type: "", key: 0) }
      found = found.map { .init(name: $0.name, type: "", key: 0) }
    }
    guard wanted != found else { return true }
    let missing = wanted.filter { !found.contains($0) }.map(\.name)
    let strange = found.filter { !wanted.contains($0) }.map(\.name)
    var faults: [String] = []
    if !missing.isEmpty { faults.append("lacks \(missing.joined(separator: ", "))") }
    if !strange.isEmpty { faults.append("has \(strange.joined(separator: ", "))") }
    if faults.isEmpty { faults.append("has them in another order") }
    find(.schema, "the columns of the \(kind) \(name): it \(faults.joined(separator: " and "))")
    return false
  }
}

extension Connection {
  /// An entry of `sqlite_schema`.
  struct SchemaObject: Hashable {
    var kind: String
    var name: String
    var sql: String
  }

  /// A column of a table or view.
  struct Column: Hashable {
    var name: String
    var type: String
    /// Its place in the primary key, from 1; 0 outside of it.
    var key: Int64
  }

  /// What stands in the schema, but for what SQLite makes by itself.
  func schemaObjects() throws(StoreError) -> [SchemaObject] {
    var objects: [SchemaObject] = []
    var select = try prepare(
      "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"
    )
    while try select.step() {
      objects.append(SchemaObject(kind: select.text(0), name: select.text(1), sql: select.text(2)))
    }
    return objects
  }

  /// The columns of a table or view, in order.
  func columns(of name: String) throws(StoreError) -> [Column] {
    var columns: [Column] = []
    var select = try prepare("SELECT name, type, pk FROM pragma_table_info(?1)")
    try select.bind(1, name)
    while try select.step() {
      columns.append(Column(name: select.text(0), type: select.text(1), key: select.integer(2)))
    }
    return columns
  }
}

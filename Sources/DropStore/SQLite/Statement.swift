internal import CSQLite

/// A compiled statement, which keeps its connection open.
@safe struct Statement: ~Copyable {
  private let pointer: OpaquePointer
  let connection: ConnectionHandle

  init(pointer: OpaquePointer, connection: ConnectionHandle) {
    unsafe self.pointer = pointer
    self.connection = connection
  }

  deinit {
    // Repeats the error of the last step, which has been reported.
    _ = unsafe sqlite3_finalize(pointer)
  }

  /// Whether the statement leaves the database as it is, in SQLite's own judgement.
  var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(pointer) != 0 }

  /// How many parameters it has.
  var parameterCount: Int { unsafe Int(sqlite3_bind_parameter_count(pointer)) }

  /// The names of its parameters, with the character before them; `nil` for one that has none.
  var parameterNames: [String?] {
    unsafe (0..<sqlite3_bind_parameter_count(pointer)).map { index in
      unsafe sqlite3_bind_parameter_name(pointer, index + 1).map { unsafe String(cString: $0) }
    }
  }

  /// The SQL it was compiled from.
  var sql: String {
    guard let text = unsafe sqlite3_sql(pointer) else { return "" }
    return unsafe String(cString: text)
  }

  // MARK: Parameters, numbered from 1

  mutating func bind(_ index: Int32, _ value: Int64) throws(StoreError) {
    try check(unsafe sqlite3_bind_int64(pointer, index, value))
  }

  mutating func bind(_ index: Int32, _ value: Int64?) throws(StoreError) {
    guard let value else { return try bindNull(index) }
    try bind(index, value)
  }

  mutating func bindNull(_ index: Int32) throws(StoreError) {
    try check(unsafe sqlite3_bind_null(pointer, index))
  }

  mutating func bind(_ index: Int32, _ value: Double) throws(StoreError) {
    try check(unsafe sqlite3_bind_double(pointer, index, value))
  }

  mutating func bind(_ index: Int32, _ value: String) throws(StoreError) {
    var value = value
    let code = value.withUTF8 { bytes -> Int32 in
      // An empty string may have no address, and SQLite takes a null pointer for NULL.
      guard let base = bytes.baseAddress else {
        return unsafe CSQLite_bind_text_copying(pointer, index, "", 0)
      }
      return unsafe base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
        unsafe CSQLite_bind_text_copying(pointer, index, start, UInt64(bytes.count))
      }
    }
    try check(code)
  }

  mutating func bind(_ index: Int32, _ value: String?) throws(StoreError) {
    guard let value else { return try bindNull(index) }
    try bind(index, value)
  }

  mutating func bind(_ index: Int32, _ value: [UInt8]) throws(StoreError) {
    try bind(index, value[...])
  }

  mutating func bind(_ index: Int32, _ value: ArraySlice<UInt8>) throws(StoreError) {
    let code = unsafe value.withUnsafeBytes { bytes -> Int32 in
      // A null pointer would be NULL rather than a blob of no bytes.
      guard let base = bytes.baseAddress else { return unsafe sqlite3_bind_zeroblob(pointer, index, 0) }
      return unsafe CSQLite_bind_blob_copying(pointer, index, base, UInt64(bytes.count))
    }
    try check(code)
  }

  mutating func bind(_ index: Int32, _ value: SQLValue) throws(StoreError) {
    switch value {
    case .null: try bindNull(index)
    case .integer(let value): try bind(index, value)
    case .real(let value): try bind(index, value)
    case .text(let value): try bind(index, value)
    case .blob(let value): try bind(index, value)
    }
  }

  // MARK: Running

  /// Goes on to the next row.
  ///
  /// - Returns: whether there is one.
  mutating func step() throws(StoreError) -> Bool {
    let code = unsafe sqlite3_step(pointer)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw connection.error(code, sql: sql)
    }
  }

  /// Runs the statement to its end and makes it ready for the next run.
  ///
  /// Parameters stay.
  mutating func run() throws(StoreError) {
    do {
      while try step() {}
    } catch {
      reset()
      throw error
    }
    reset()
  }

  /// The first column of the first row, as a number; the statement is ready for the next run then.
  mutating func firstInteger() throws(StoreError) -> Int64? {
    defer { reset() }
    return try step() ? integer(0) : nil
  }

  /// The same where NULL means that there is none, as of `max()` over no rows.
  mutating func firstID() throws(StoreError) -> Int64? {
    defer { reset() }
    return try step() && !isNull(0) ? integer(0) : nil
  }

  /// Makes the statement ready for the next run.
  ///
  /// Parameters stay.
  mutating func reset() {
    // Repeats the error of the last step, which has been reported.
    _ = unsafe sqlite3_reset(pointer)
  }

  // MARK: Columns of the row, numbered from 0

  /// How many columns a row has.
  var columnCount: Int { unsafe Int(sqlite3_column_count(pointer)) }

  /// The names of the columns.
  var columnNames: [String] {
    unsafe (0..<sqlite3_column_count(pointer)).map { index in
      // NULL only when memory runs out.
      guard let name = unsafe sqlite3_column_name(pointer, index) else { return "" }
      return unsafe String(cString: name)
    }
  }

  func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(pointer, column) }

  func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(pointer, column) == SQLITE_NULL }

  /// How the value is stored, as `SQLITE_INTEGER` and so on.
  func type(_ column: Int32) -> Int32 { unsafe sqlite3_column_type(pointer, column) }

  /// Hands over the bytes of a text, which stay where they are until the statement goes on.
  func withText<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    guard let start = unsafe sqlite3_column_text(pointer, column) else {
      return unsafe body(UnsafeRawBufferPointer(start: nil, count: 0))
    }
    let count = unsafe Int(sqlite3_column_bytes(pointer, column))
    return unsafe body(UnsafeRawBufferPointer(start: start, count: count))
  }

  func text(_ column: Int32) -> String {
    // Text first, then its length: the order in which SQLite converts only once.
    guard let start = unsafe sqlite3_column_text(pointer, column) else { return "" }
    let count = unsafe Int(sqlite3_column_bytes(pointer, column))
    return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  func value(_ column: Int32) -> SQLValue {
    switch unsafe sqlite3_column_type(pointer, column) {
    case SQLITE_INTEGER: return .integer(integer(column))
    case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(pointer, column))
    case SQLITE_TEXT: return .text(text(column))
    case SQLITE_BLOB:
      guard let start = unsafe sqlite3_column_blob(pointer, column) else { return .blob([]) }
      let count = unsafe Int(sqlite3_column_bytes(pointer, column))
      return unsafe .blob([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
    default: return .null
    }
  }

  private func check(_ code: Int32) throws(StoreError) {
    guard code == SQLITE_OK else { throw connection.error(code, sql: sql) }
  }
}

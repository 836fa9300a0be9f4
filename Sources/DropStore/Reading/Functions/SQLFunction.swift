internal import CSQLite

/// What SQLite calls for a function of ours.
final class SQLFunction {
  /// What the function does with arguments of which none is NULL.
  typealias Body = ([SQLValue]) throws(SQLFunctionError) -> SQLValue

  private let body: Body

  init(_ body: @escaping Body) { self.body = body }

  /// Calls the function for SQLite, which waits for a result or an error in the context.
  func call(_ context: OpaquePointer, _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?) {
    var arguments: [SQLValue] = []
    arguments.reserveCapacity(Int(count))
    for index in 0..<Int(count) {
      // SQLite hands over as many values as it says.
      guard let value = unsafe values?[index] else { return unsafe sqlite3_result_null(context) }
      let argument = unsafe SQLValue(argument: value)
      if argument == .null { return unsafe sqlite3_result_null(context) }
      arguments.append(argument)
    }
    do {
      unsafe Self.give(try body(arguments), to: context)
    } catch {
      var message = error.message
      message.withUTF8 { bytes in
        // Messages quote what the user wrote, which is shorter than SQLite's own limit.
        guard let length = Int32(exactly: bytes.count), let base = bytes.baseAddress else {
          return unsafe sqlite3_result_error_toobig(context)
        }
        unsafe base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
          unsafe sqlite3_result_error(context, start, length)
        }
      }
    }
  }

  private static func give(_ result: SQLValue, to context: OpaquePointer) {
    switch result {
    case .null: unsafe sqlite3_result_null(context)
    case .integer(let value): unsafe sqlite3_result_int64(context, value)
    case .real(let value): unsafe sqlite3_result_double(context, value)
    case .text(var value):
      value.withUTF8 { bytes in
        guard let base = bytes.baseAddress else {
          return unsafe CSQLite_result_text_copying(context, "", 0)
        }
        unsafe base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
          unsafe CSQLite_result_text_copying(context, start, UInt64(bytes.count))
        }
      }
    case .blob(let value):
      unsafe value.withUnsafeBytes { bytes in
        // A null pointer would be NULL rather than a blob of no bytes.
        guard let base = bytes.baseAddress else { return unsafe sqlite3_result_zeroblob(context, 0) }
        unsafe CSQLite_result_blob_copying(context, base, UInt64(bytes.count))
      }
    }
  }
}

extension SQLValue {
  /// An argument of a function.
  init(argument value: OpaquePointer) {
    switch unsafe sqlite3_value_type(value) {
    case SQLITE_INTEGER: self = .integer(unsafe sqlite3_value_int64(value))
    case SQLITE_FLOAT: self = .real(unsafe sqlite3_value_double(value))
    case SQLITE_TEXT:
      // Text first, then its length: the order in which SQLite converts only once.
      guard let start = unsafe sqlite3_value_text(value) else {
        self = .text("")
        return
      }
      let count = unsafe Int(sqlite3_value_bytes(value))
      self = unsafe .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
    case SQLITE_BLOB:
      guard let start = unsafe sqlite3_value_blob(value) else {
        self = .blob([])
        return
      }
      let count = unsafe Int(sqlite3_value_bytes(value))
      self = unsafe .blob([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
    default: self = .null
    }
  }
}

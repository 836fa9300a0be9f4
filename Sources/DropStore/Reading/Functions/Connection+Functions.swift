internal import CSQLite

extension Connection {
  /// Makes a function known to SQL.
  ///
  /// Only SQL that a user writes may call it, not a view or trigger of the file, which somebody may have made to harm. It is
  /// called again for the same arguments only as SQLite sees fit.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - argumentCount: how many arguments it takes.
  ///   - body: its result; it is not called when an argument is NULL, for then the result is.
  /// - Throws: ``StoreError`` when SQLite does not take it.
  func register(
    _ name: String, argumentCount: Int, _ body: @escaping SQLFunction.Body
  ) throws(StoreError) {
    let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY
    let function = unsafe Unmanaged.passRetained(SQLFunction(body)).toOpaque()
    // SQLite lets go of the function when it closes, and when it does not take it.
    let code = unsafe sqlite3_create_function_v2(
      handle.pointer, name, Int32(clamping: argumentCount), flags, function,
      { context, count, values in
        guard let context = unsafe context, let function = unsafe sqlite3_user_data(context) else { return }
        unsafe Unmanaged<SQLFunction>.fromOpaque(function).takeUnretainedValue().call(context, count, values)
      }, nil, nil,
      { function in
        guard let function = unsafe function else { return }
        unsafe Unmanaged<SQLFunction>.fromOpaque(function).release()
      })
    guard code == SQLITE_OK else { throw handle.error(code) }
  }

  /// Makes the functions known that the store itself has.
  func registerFunctions() throws(StoreError) {
    let match = AddressMatch()
    try register("cidr_match", argumentCount: 2) { (arguments) throws(SQLFunctionError) in
      try match.result(address: arguments[0], block: arguments[1])
    }
    let patterns = PatternMatch()
    // X REGEXP Y is regexp(Y, X) (https://sqlite.org/lang_expr.html).
    try register("regexp", argumentCount: 2) { (arguments) throws(SQLFunctionError) in
      try patterns.result(pattern: arguments[0], text: arguments[1])
    }
    let stacks = StackText(handle)
    try register("stack_text", argumentCount: 1) { (arguments) throws(SQLFunctionError) in
      try stacks.result(id: arguments[0])
    }
  }
}

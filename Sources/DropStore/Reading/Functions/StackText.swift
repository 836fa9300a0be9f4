/// `stack_text(id)`: the calls of a stack, one a line, the innermost first.
final class StackText {
  // The connection owns the function, and runs it only while it is open itself.
  private unowned let connection: ConnectionHandle
  private var known = BoundedCache<Int64, SQLValue>(limit: 1024)

  init(_ connection: ConnectionHandle) { self.connection = connection }

  func result(id: SQLValue) throws(SQLFunctionError) -> SQLValue {
    guard case .integer(let id) = id else {
      throw SQLFunctionError("stack_text: the argument must be the number of a stack, such as drops.stack")
    }
    if let text = known[id] { return text }
    do {
      var statement = try Connection(sharing: connection).prepare("SELECT frames FROM stacks WHERE id = ?")
      try statement.bind(1, id)
      let text = try statement.step() ? statement.value(0) : .null
      known.insert(text, for: id)
      return text
    } catch {
      throw SQLFunctionError("stack_text: \(error.message)")
    }
  }
}

internal import DropStore

/// What the functions of SQL on times do with their arguments.
enum TimeFunctions {
  /// `parse_time(text)`: nanoseconds since the epoch.
  static func parse(_ value: SQLValue, _ parser: TimeParser) throws(SQLFunctionError) -> SQLValue {
    guard case .text(let text) = value else {
      throw SQLFunctionError(
        "parse_time: the argument must be text, such as '2 hours ago', and \(value.shown) is none")
    }
    do {
      return .integer(try parser.parse(text))
    } catch {
      throw SQLFunctionError("parse_time: \(error.description)")
    }
  }

  /// A time in nanoseconds since the epoch.
  ///
  /// - Parameters:
  ///   - value: An argument.
  ///   - place: What the error calls it.
  /// - Returns: The number.
  /// - Throws: ``SQLFunctionError`` for what is no whole number.
  static func nanoseconds(_ value: SQLValue, in place: String) throws(SQLFunctionError) -> Int64 {
    switch value {
    case .integer(let number): return number
    // 1.8e18, and what dividing and multiplying has made.
    case .real(let number):
      if let whole = Int64(exactly: number.rounded(.down)) { return whole }
    default: break
    }
    throw SQLFunctionError(
      "\(place) must be nanoseconds since the epoch, such as ts, and \(value.shown) is none")
  }
}

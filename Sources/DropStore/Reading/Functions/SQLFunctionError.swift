/// What a function of SQL cannot do with its arguments.
public struct SQLFunctionError: Error, Hashable, Sendable {
  /// The fault and the remedy in words, which become SQLite's error; they begin with the function's name.
  public let message: String

  /// An error with its words.
  public init(_ message: String) { self.message = message }
}

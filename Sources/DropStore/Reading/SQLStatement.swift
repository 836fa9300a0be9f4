/// One statement of a script, compiled once to see that it is one that reads.
public struct SQLStatement: Hashable, Sendable {
  /// The statement, without what stands around it.
  public let sql: String
  /// Where it begins in the script, in bytes of UTF-8.
  public let offset: Int
  /// The names of its parameters in the order of their numbers, with the character before them: `:reason`, `?1`;
  /// `nil` for one that is written `?`.
  public let parameters: [String?]
}

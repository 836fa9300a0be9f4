/// A configuration: keys with values, in a part of TOML (https://toml.io/en/v1.0.0).
///
/// What is here means the same to every reader of TOML: comments; keys, bare or in quotes; strings in one line, basic or literal;
/// integers in decimal; `true` and `false`; arrays of these, over several lines too. Tables, dotted keys, floats,
/// times and strings over several lines have no use in a list of options, and are refused by name.
public struct ConfigurationFile: Equatable, Sendable {
  /// A value.
  public enum Value: Equatable, Sendable {
    /// A string, its escapes replaced.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// `true` or `false`.
    case boolean(Bool)
    /// Values in brackets.
    case array([Value])
  }

  /// A key with its value.
  public struct Entry: Equatable, Sendable {
    /// The key, without quotes.
    public let key: String
    /// The value.
    public let value: Value
    /// The line in which the key stands, from 1.
    public let line: Int
  }

  /// What stands in the file, in its order.
  public let entries: [Entry]

  /// Reads a configuration.
  ///
  /// - Parameter text: The file's bytes.
  /// - Throws: ``ConfigurationError`` for what is no TOML, or a part of it that has no meaning here; no input traps.
  public init(parsing text: [UInt8]) throws(ConfigurationError) {
    var parser = ConfigurationParser(text)
    entries = try parser.entries()
  }

  /// Reads a configuration.
  ///
  /// - Parameter text: The file's text.
  /// - Throws: ``ConfigurationError``, as for bytes.
  public init(parsing text: String) throws(ConfigurationError) {
    try self.init(parsing: Array(text.utf8))
  }
}

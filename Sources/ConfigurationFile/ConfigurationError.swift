/// What is wrong in a configuration.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// The line, from 1.
  public let line: Int
  /// What is wrong there, and what to write instead.
  public let message: String

  /// Line and message.
  public var description: String { "line \(line): \(message)" }
}

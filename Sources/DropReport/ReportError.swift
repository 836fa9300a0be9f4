/// Why a question could not be asked or answered.
public struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong.
  public struct Code: Hashable, Sendable {
    private enum Kind: Hashable, Sendable {
      case malformedTime
      case emptyRange
      case unreadable
      case unexpectedValue
      case malformedText
      case notCaptured
    }

    private let kind: Kind

    /// A point in time that is written in none of the accepted forms.
    public static let malformedTime = Code(kind: .malformedTime)
    /// A range that ends before it begins.
    public static let emptyRange = Code(kind: .emptyRange)
    /// A database that could not be read.
    public static let unreadable = Code(kind: .unreadable)
    /// A database whose views hold something else than they promise.
    public static let unexpectedValue = Code(kind: .unexpectedValue)
    /// A range in which no capture ran.
    public static let notCaptured = Code(kind: .notCaptured)
    /// An explanation in the program that is not written as it should be.
    public static let malformedText = Code(kind: .malformedText)
  }

  /// What went wrong.
  public let code: Code
  /// A sentence that says what and where, and what to do instead.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}

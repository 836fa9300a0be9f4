public import BTFReasons

extension BTFError.Code {
  /// A compressed stream that is corrupted or ends too early.
  public static let malformedStream = BTFError.Code(rawValue: "malformedStream")
  /// A compressed stream that becomes longer than any kernel is.
  public static let tooLong = BTFError.Code(rawValue: "tooLong")
}

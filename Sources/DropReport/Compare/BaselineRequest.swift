/// What a range of time is to be compared with.
public enum BaselineRequest: Hashable, Sendable {
  /// Nothing.
  case none
  /// The same length of time before the range and, where captures ran then, the same hours of up to seven days before.
  case automatic
  /// A range of time.
  case range(TimeRange)
  /// The range itself, earlier by so many nanoseconds.
  case earlier(Int64)

  /// How it may be written, for messages and help.
  public static let forms =
    "auto, none, a range such as 02:00..03:00 or yesterday, or how much earlier, such as -1d"

  /// What a user means.
  ///
  /// - Parameters:
  ///   - text: `auto`, `none`, a range in a form of ``TimeRange/init(_:parser:)``, or a length of time: `-1d`, `1d`.
  ///   - parser: Knows what "now" is.
  /// - Throws: ``ReportError/Code/malformedTime``, and ``ReportError/Code/emptyRange`` if it ends before it begins.
  public init(_ text: String, parser: TimeParser) throws(ReportError) {
    switch text {
    case "auto": self = .automatic
    case "none": self = .none
    default:
      let length = text.hasPrefix("-") ? String(text.dropFirst()) : text
      // A number alone would be seconds, which nobody means.
      if !length.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let span = DurationParser.nanoseconds(length)
      {
        self = .earlier(span)
        return
      }
      guard let range = try TimeRange(optional: text, parser: parser) else {
        throw ReportError(
          .malformedTime,
          "'\(SafeText.visible(text))' is no baseline that can be understood; write \(Self.forms)")
      }
      self = .range(range)
    }
  }
}

/// A half-open range of time: from ``since`` on, up to but not including ``until``.
public struct TimeRange: Hashable, Sendable {
  /// Where it begins, in nanoseconds since the epoch; `nil` for the beginning of all records.
  public let since: Int64?
  /// Where it ends, in nanoseconds since the epoch; `nil` for no end.
  public let until: Int64?

  /// All of time.
  public static let unlimited = TimeRange()

  private init() {
    since = nil
    until = nil
  }

  /// A range between two points in time, in nanoseconds since the epoch, the first not behind the second.
  init(since: Int64, until: Int64) {
    self.since = since
    self.until = until
  }

  /// A range between two points in time, as a user writes them.
  ///
  /// - Parameters:
  ///   - since: Where it begins, in a form of ``TimeParser``.
  ///   - until: Where it ends.
  ///   - parser: Knows what "now" is.
  /// - Throws: ``ReportError/Code/malformedTime``, and ``ReportError/Code/emptyRange`` if it ends before it begins.
  public init(since: String?, until: String?, parser: TimeParser) throws(ReportError) {
    self.since = if let since { try parser.parse(since) } else { nil }
    self.until = if let until { try parser.parse(until) } else { nil }
    if let since = self.since, let until = self.until, since > until {
      throw ReportError(
        .emptyRange,
        "the range ends (\(TimeFormatter.local(until, precision: .seconds))) before it begins "
          + "(\(TimeFormatter.local(since, precision: .seconds)))")
    }
  }
}

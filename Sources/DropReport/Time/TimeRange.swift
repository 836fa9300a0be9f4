/// A half-open range of time: from ``since`` on, up to but not including ``until``.
public struct TimeRange: Hashable, Sendable {
  /// Where it begins, in nanoseconds since the epoch; `nil` for the beginning of all records.
  public let since: Int64?
  /// Where it ends, in nanoseconds since the epoch; `nil` for no end.
  public let until: Int64?
  /// What it is around, in nanoseconds since the epoch; `nil` where it is not around anything.
  public let middle: Int64?

  /// All of time.
  public static let unlimited = TimeRange()

  private init() {
    since = nil
    until = nil
    middle = nil
  }

  /// A range between two points in time, in nanoseconds since the epoch, the first not behind the second.
  init(since: Int64, until: Int64) {
    self.since = since
    self.until = until
    middle = nil
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
    middle = nil
    if let start = self.since, let end = self.until, start > end {
      let note = since.flatMap { parser.noteOfFuture($0) }.map { "; " + $0 } ?? ""
      throw ReportError(
        .emptyRange,
        "the range ends (\(TimeFormatter.local(end, precision: .seconds))) before it begins "
          + "(\(TimeFormatter.local(start, precision: .seconds)))\(note)")
    }
  }

  /// The range in words, for people: `from … until …`.
  var words: String {
    func time(_ nanoseconds: Int64) -> String { TimeFormatter.local(nanoseconds, precision: .seconds) }
    return switch (since, until) {
    case (let since?, let until?): "from \(time(since)) until \(time(until))"
    case (let since?, nil): "from \(time(since)) on"
    case (nil, let until?): "until \(time(until))"
    case (nil, nil): "at any time"
    }
  }

  /// How far ``init(around:parser:)`` goes to both sides where it is not told: five minutes, in nanoseconds.
  public static let standardDistance: Int64 = 300 * 1_000_000_000

  /// A range around a point in time.
  ///
  /// - Parameters:
  ///   - text: A time in a form of ``TimeParser``; behind it, how far the range goes to both sides, as in `03:10 ±5m`,
  ///     `03:10+-5m` or `03:10 +/-5m`.
  ///   - parser: Knows what "now" is.
  /// - Throws: ``ReportError/Code/malformedTime``.
  public init(around text: String, parser: TimeParser) throws(ReportError) {
    var (moment, distance) = (text[...], Self.standardDistance)
    for mark in ["±", "+/-", "+-"] {
      guard let (before, after) = Self.parts(of: text, at: mark) else { continue }
      guard let length = DurationParser.nanoseconds(String(after)) else {
        throw ReportError(
          .malformedTime,
          "'\(SafeText.visible(String(after)))' is no length of time; write it as in \"03:10 ±5m\"")
      }
      (moment, distance) = (before, length)
      break
    }
    let middle = try parser.parse(String(moment))
    let (since, isTooEarly) = middle.subtractingReportingOverflow(distance)
    let (until, isTooLate) = middle.addingReportingOverflow(distance)
    self.since = isTooEarly ? .min : since
    self.until = isTooLate ? .max : until
    self.middle = middle
  }

  private static func parts(of text: String, at mark: String) -> (before: Substring, after: Substring)? {
    let (bytes, mark) = (text.utf8, Array(mark.utf8))
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else { return nil }
    let after = text[bytes.index(start, offsetBy: mark.count)...].drop { $0 == " " }
    var before = text[..<start]
    while before.last == " " { before.removeLast() }
    return (before, after)
  }
}

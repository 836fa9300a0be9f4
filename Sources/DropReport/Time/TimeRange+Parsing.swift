extension TimeRange {
  /// How a range may be written, for messages and help.
  public static let forms =
    "two times with .. between them (02:00..03:00, -2h..-1h, \"2026-11-20 03:00..2026-11-20 04:00\"), with one of them left "
    + "out (-1h..), or a day (yesterday, 2026-11-20)"

  /// A range as a user writes it in one word.
  ///
  /// - Parameters:
  ///   - text: `A..B`, `A..` or `..B`, with A and B in a form of ``TimeParser``; or a day, `today`, `yesterday` or
  ///     `2026-11-20`, which is the whole of it.
  ///   - parser: Knows what "now" is.
  /// - Throws: ``ReportError/Code/malformedTime``, and ``ReportError/Code/emptyRange`` if it ends before it begins.
  public init(_ text: String, parser: TimeParser) throws(ReportError) {
    guard let range = try TimeRange(optional: text, parser: parser) else {
      throw ReportError(
        .malformedTime, "'\(SafeText.visible(text))' is no range that can be understood; write \(Self.forms)")
    }
    self = range
  }

  /// The same; `nil` for what is neither two times nor a day.
  init?(optional text: String, parser: TimeParser) throws(ReportError) {
    if let (since, until) = Self.halves(text) {
      try self.init(since: since, until: until, parser: parser)
      return
    }
    // A time of day, a span or a number means a moment, not a day.
    guard !text.contains(":"), let first = text.utf8.first, first != 0x2b, first != 0x2d, first != 0x40,
      text != "now", !text.hasSuffix("ago"), let start = try? parser.parse(text)
    else { return nil }
    let time = CalendarTime(local: start.flooredDivision(by: 1_000_000_000).quotient)
    guard
      let next = CalendarTime(year: time.year, month: time.month, day: time.day + 1).localSecondsSinceEpoch
    else { return nil }
    let (end, overflow) = next.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow, end > start else { return nil }
    self.init(since: start, until: end)
  }

  /// What stands before and behind the two points; `nil` without them, and if there is nothing else.
  private static func halves(_ text: String) -> (since: String?, until: String?)? {
    let bytes = Array(text.utf8)
    guard
      let place = bytes.indices.first(where: {
        bytes[$0] == 0x2e && $0 + 1 < bytes.count && bytes[$0 + 1] == 0x2e
      })
    else { return nil }
    let since = String(decoding: bytes[..<place], as: UTF8.self)
    let until = String(decoding: bytes[(place + 2)...], as: UTF8.self)
    guard !since.isEmpty || !until.isEmpty else { return nil }
    return (since.isEmpty ? nil : since, until.isEmpty ? nil : until)
  }
}

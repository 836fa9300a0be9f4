/// Reads points in time as `journalctl` takes them.
///
/// The forms are those of systemd.time(7) that need no time zone database:
///
/// - `2026-11-20 03:10:05.123456`, `2026-11-20 03:10`, `2026-11-20`, in the local zone;
/// - the same with a zone, as in RFC 3339: `2026-11-20T03:10:05Z`, `2026-11-20 03:10+01:00`, `2026-11-20 03:10 UTC`;
/// - `03:10`, `03:10:05`: today;
/// - `now`, `today`, `yesterday`, `tomorrow`, the last three also with a time: `yesterday 22:00`;
/// - `-2h`, `+5min`, `2 hours ago`, `-1d 12h`: relative to now;
/// - `@1795000000`, `@1795000000.5`: seconds since the epoch.
public struct TimeParser: Sendable {
  /// The accepted forms in a few words, for messages and help.
  public static let forms =
    "\"2026-11-20 03:10:05\", 2026-11-20T03:10:05Z, 03:10, today, yesterday, now, -2h, \"2 hours ago\" "
    + "or @1795000000"

  private let now: Int64

  /// A parser for which it is now a given time.
  ///
  /// - Parameter now: Nanoseconds since the epoch.
  public init(now: Int64) {
    self.now = now
  }

  /// The point in time that a text means.
  ///
  /// A local time that occurs twice, when clocks are put back, is one of the two, as `mktime` decides.
  ///
  /// - Parameter text: A time in one of the accepted forms.
  /// - Returns: Nanoseconds since the epoch.
  /// - Throws: ``ReportError/Code/malformedTime``, naming the text and the forms.
  public func parse(_ text: String) throws(ReportError) -> Int64 {
    var scanner = TextScanner(text)
    scanner.skipSpaces()
    let nanoseconds =
      moment(scanner) ?? epoch(scanner) ?? relative(scanner) ?? named(scanner) ?? timeOfToday(scanner)
    guard let nanoseconds else {
      throw ReportError(
        .malformedTime, "'\(SafeText.visible(text))' is no time that can be understood; write \(Self.forms)")
    }
    return nanoseconds
  }

  // MARK: - The forms

  // `2026-11-20[{ |T}03:10[:05[.5]][ zone]]`
  private func moment(_ start: TextScanner) -> Int64? {
    var scanner = start
    guard let year = scanner.number(digits: 4...4), scanner.skip("-"),
      let month = scanner.number(digits: 2...2), scanner.skip("-"), let day = scanner.number(digits: 2...2)
    else { return nil }
    var time = CalendarTime(year: year, month: month, day: day)
    var clock = Clock()
    if !scanner.isAtEnd {
      guard scanner.skip("T") || scanner.skip("t") || scanner.skipSpaces() else { return nil }
      if !scanner.isAtEnd {
        guard let read = Clock(&scanner) else { return nil }
        clock = read
      }
    }
    clock.set(&time)
    guard time.isValid else { return nil }
    scanner.skipSpaces()
    if scanner.isAtEnd { return nanoseconds(time.localSecondsSinceEpoch, clock.fraction) }
    guard let offset = zone(&scanner), scanner.isAtEndAfterSpaces else { return nil }
    time.offset = offset
    return nanoseconds(time.secondsSinceEpoch, clock.fraction)
  }

  // `@1795000000[.5]`
  private func epoch(_ start: TextScanner) -> Int64? {
    var scanner = start
    guard scanner.skip("@"), let seconds = scanner.number(digits: 1...18), let fraction = scanner.fraction(),
      scanner.isAtEndAfterSpaces
    else { return nil }
    return nanoseconds(seconds, fraction)
  }

  // `-2h`, `+5min`, `2 hours ago`
  private func relative(_ start: TextScanner) -> Int64? {
    var scanner = start
    let sign: Character? = scanner.skip("-") ? "-" : scanner.skip("+") ? "+" : nil
    guard let span = TimeSpan(&scanner) else { return nil }
    let isAgo = scanner.word() == "ago"
    guard scanner.isAtEndAfterSpaces, (sign == nil) == isAgo else { return nil }
    let (sum, overflow) =
      sign == "+"
      ? now.addingReportingOverflow(span.nanoseconds) : now.subtractingReportingOverflow(span.nanoseconds)
    return overflow ? nil : sum
  }

  // `now`, and `today`, `yesterday` and `tomorrow` with or without a time
  private func named(_ start: TextScanner) -> Int64? {
    var scanner = start
    let days: [String: Int64] = ["today": 0, "yesterday": -1, "tomorrow": 1]
    guard let word = scanner.word() else { return nil }
    if word == "now" { return scanner.isAtEndAfterSpaces ? now : nil }
    guard let days = days[word] else { return nil }
    scanner.skipSpaces()
    guard !scanner.isAtEnd else { return nanoseconds(today(plus: days).localSecondsSinceEpoch, 0) }
    return timeOfToday(scanner, plus: days)
  }

  // `03:10[:05[.5]]`
  private func timeOfToday(_ start: TextScanner, plus days: Int64 = 0) -> Int64? {
    var scanner = start
    guard let clock = Clock(&scanner), scanner.isAtEndAfterSpaces else { return nil }
    var time = today()
    clock.set(&time)
    guard time.isValid else { return nil }
    time.day += days
    return nanoseconds(time.localSecondsSinceEpoch, clock.fraction)
  }

  // MARK: - Their parts

  private func today(plus days: Int64 = 0) -> CalendarTime {
    let time = CalendarTime(local: now.flooredDivision(by: 1_000_000_000).quotient)
    return CalendarTime(year: time.year, month: time.month, day: time.day + days)
  }

  // `Z`, `UTC`, `+01:00`, `-0530`, `+01`, in seconds east of Greenwich
  private func zone(_ scanner: inout TextScanner) -> Int64? {
    if let name = scanner.word() { return ["z", "utc", "gmt"].contains(name) ? 0 : nil }
    let sign: Int64
    if scanner.skip("+") { sign = 1 } else if scanner.skip("-") { sign = -1 } else { return nil }
    let hours: Int64
    var minutes: Int64 = 0
    if let both = scanner.number(digits: 4...4) {
      (hours, minutes) = both.quotientAndRemainder(dividingBy: 100)
    } else {
      guard let read = scanner.number(digits: 2...2) else { return nil }
      hours = read
      if scanner.skip(":") {
        guard let read = scanner.number(digits: 2...2) else { return nil }
        minutes = read
      }
    }
    return hours <= 23 && minutes <= 59 ? sign * (hours * 3600 + minutes * 60) : nil
  }

  private func nanoseconds(_ seconds: Int64?, _ fraction: Int64) -> Int64? {
    guard let seconds else { return nil }
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return nil }
    let (sum, sumOverflow) = product.addingReportingOverflow(fraction)
    return sumOverflow ? nil : sum
  }
}

/// A time of day: `03:10[:05[.123456789]]`.
private struct Clock {
  var hour: Int64 = 0
  var minute: Int64 = 0
  var second: Int64 = 0
  /// Nanoseconds.
  var fraction: Int64 = 0

  init() {}

  init?(_ scanner: inout TextScanner) {
    guard let hour = scanner.number(digits: 1...2), scanner.skip(":"),
      let minute = scanner.number(digits: 2...2)
    else { return nil }
    self.hour = hour
    self.minute = minute
    if scanner.skip(":") {
      guard let second = scanner.number(digits: 2...2), let fraction = scanner.fraction() else { return nil }
      self.second = second
      self.fraction = fraction
    }
  }

  func set(_ time: inout CalendarTime) {
    time.hour = hour
    time.minute = minute
    time.second = second
  }
}

/// Reads points in time as `journalctl` takes them.
///
/// The forms are those of systemd.time(7), and of RFC 3339:
///
/// - `2026-11-20 03:10:05.123456`, `2026-11-20 03:10`, `2026-11-20`, `26-11-20`, in the local zone;
/// - the same with the day of the week before it: `Fri 2026-11-20 03:10`;
/// - `03:10`, `03:10:05`: today;
/// - `now`, `today`, `yesterday`, `tomorrow`, the last three also with a time: `yesterday 22:00`;
/// - each of these but `now` with a zone: `2026-11-20T03:10:05Z`, `2026-11-20 03:10+01:00`, `03:10 UTC`,
///   `today Europe/Berlin`;
/// - `-2h`, `+5min`, `2 hours ago`, `5min left`, `-1d 12h`: relative to now;
/// - `@1795000000`, `@1795000000.5`: seconds since the epoch.
public struct TimeParser: Sendable {
  /// The accepted forms in a few words, for messages and help.
  public static let forms =
    "\"2026-11-20 03:10:05\", 2026-11-20T03:10:05Z, 03:10, \"03:10 Europe/Berlin\", today, yesterday, now, -2h, "
    + "\"2 hours ago\" or @1795000000"

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

  /// What to tell of a time of day that is still to come: after midnight, `23:00` is often meant to be that of last night.
  ///
  /// - Parameter text: A time in one of the accepted forms.
  /// - Returns: A sentence; `nil` for a time of day that was, and for one that tells its day.
  public func noteOfFuture(_ text: String) -> String? {
    var scanner = TextScanner(text)
    scanner.skipSpaces()
    guard let time = timeOfToday(scanner), time > now else { return nil }
    let shown = SafeText.visible(text)
    return "'\(shown)' is still to come (\(TimeFormatter.local(time, precision: .seconds))); "
      + "the last one was \"yesterday \(shown)\""
  }

  // MARK: - The forms

  // `[Fri ]2026-11-20[{ |T}03:10[:05[.5]]][ zone]`
  private func moment(_ start: TextScanner) -> Int64? {
    var scanner = start
    var weekday: Int64?
    if let word = scanner.word() {
      guard let day = Self.weekday(word), scanner.skipSpaces() else { return nil }
      weekday = day
    }
    guard var time = Self.date(&scanner), time.isValid else { return nil }
    if let weekday, weekday != time.weekday { return nil }
    var clock = Clock()
    if scanner.skip("T") || scanner.skip("t") {
      guard let read = Clock(&scanner) else { return nil }
      clock = read
    } else if !scanner.isAtEnd {
      guard scanner.skipSpaces() else { return nil }
      var ahead = scanner
      if let read = Clock(&ahead) {
        clock = read
        scanner = ahead
      }
    }
    clock.set(&time)
    guard time.isValid, let zone = Zone(&scanner) else { return nil }
    return nanoseconds(zone.seconds(time), clock.fraction)
  }

  // `2026-11-20`, `26-11-20`
  private static func date(_ scanner: inout TextScanner) -> CalendarTime? {
    let year: Int64
    if let full = scanner.number(digits: 4...4) {
      year = full
    } else if let short = scanner.number(digits: 2...2) {
      // As strptime(3) has it.
      year = short < 69 ? 2000 + short : 1900 + short
    } else {
      return nil
    }
    guard scanner.skip("-"), let month = scanner.number(digits: 2...2), scanner.skip("-"),
      let day = scanner.number(digits: 2...2)
    else { return nil }
    return CalendarTime(year: year, month: month, day: day)
  }

  private static func weekday(_ word: String) -> Int64? {
    let names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    return names.firstIndex { $0 == word || $0.prefix(3) == word }.map(Int64.init)
  }

  // `@1795000000[.5]`
  private func epoch(_ start: TextScanner) -> Int64? {
    var scanner = start
    guard scanner.skip("@"), let seconds = scanner.number(digits: 1...18), let fraction = scanner.fraction(),
      scanner.isAtEndAfterSpaces
    else { return nil }
    return nanoseconds(seconds, fraction)
  }

  // `-2h`, `+5min`, `2 hours ago`, `5min left`
  private func relative(_ start: TextScanner) -> Int64? {
    var scanner = start
    let sign: Character? = scanner.skip("-") ? "-" : scanner.skip("+") ? "+" : nil
    guard let span = TimeSpan(&scanner) else { return nil }
    let word = scanner.word()
    let isAfter = sign == "+" || word == "left"
    guard scanner.isAtEndAfterSpaces, sign == nil ? word == "ago" || word == "left" : word == nil else {
      return nil
    }
    let (sum, overflow) =
      isAfter
      ? now.addingReportingOverflow(span.nanoseconds) : now.subtractingReportingOverflow(span.nanoseconds)
    return overflow ? nil : sum
  }

  // `now`, and `today`, `yesterday` and `tomorrow` with or without a time
  private func named(_ start: TextScanner) -> Int64? {
    var scanner = start
    let days: [String: Int64] = ["today": 0, "yesterday": -1, "tomorrow": 1]
    guard let word = scanner.word() else { return nil }
    if word == "now" { return scanner.isAtEndAfterSpaces ? now : nil }
    guard let days = days[word], scanner.isAtEnd || scanner.skipSpaces() else { return nil }
    return timeOfToday(scanner, plus: days, needsClock: false)
  }

  // `03:10[:05[.5]][ zone]`
  private func timeOfToday(_ start: TextScanner, plus days: Int64 = 0, needsClock: Bool = true) -> Int64? {
    var scanner = start
    var clock = Clock()
    var ahead = scanner
    if let read = Clock(&ahead) {
      clock = read
      scanner = ahead
    } else if needsClock {
      return nil
    }
    guard let zone = Zone(&scanner) else { return nil }
    let today = zone.time(now.flooredDivision(by: 1_000_000_000).quotient)
    var time = CalendarTime(year: today.year, month: today.month, day: today.day)
    clock.set(&time)
    guard time.isValid else { return nil }
    time.day += days
    return nanoseconds(zone.seconds(time), clock.fraction)
  }

  // MARK: - Their parts

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

/// The zone that stands at the end of a time.
private enum Zone {
  case local
  /// Seconds east of Greenwich.
  case offset(Int64)
  case named(TimeZoneName)

  /// Reads a zone up to the end of the text: nothing, `Z`, `UTC`, `+01:00`, `-0530`, `+01`, `Europe/Berlin`.
  init?(_ scanner: inout TextScanner) {
    scanner.skipSpaces()
    if scanner.isAtEnd {
      self = .local
      return
    }
    var ahead = scanner
    if let word = ahead.word(), ["z", "utc", "gmt"].contains(word), ahead.isAtEndAfterSpaces {
      self = .offset(0)
    } else if let offset = Self.offset(&scanner), scanner.isAtEndAfterSpaces {
      self = .offset(offset)
    } else if let zone = TimeZoneName(scanner.remainder) {
      self = .named(zone)
    } else {
      return nil
    }
  }

  private static func offset(_ scanner: inout TextScanner) -> Int64? {
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

  /// Seconds since the epoch of a time in this zone.
  func seconds(_ time: CalendarTime) -> Int64? {
    switch self {
    case .local: return time.localSecondsSinceEpoch
    case .named(let zone): return zone.asLocal { time.localSecondsSinceEpoch }
    case .offset(let offset):
      var time = time
      time.offset = offset
      return time.secondsSinceEpoch
    }
  }

  /// The time in this zone at so many seconds since the epoch.
  func time(_ seconds: Int64) -> CalendarTime {
    switch self {
    case .local: return CalendarTime(local: seconds)
    case .named(let zone): return zone.asLocal { CalendarTime(local: seconds) }
    case .offset(let offset):
      let (moved, overflow) = seconds.addingReportingOverflow(offset)
      return CalendarTime(utc: overflow ? seconds : moved)
    }
  }
}

/// Writes points in time, in forms that ``TimeParser`` reads back.
public enum TimeFormatter {
  /// How much of a second to write.
  public enum Precision: Int, Sendable {
    /// Whole seconds.
    case seconds = 0
    /// Six digits.
    case microseconds = 6
  }

  /// A time for people: in the local zone, with its offset from UTC (`2026-11-20 03:10:05.123456+01:00`).
  ///
  /// - Parameters:
  ///   - nanoseconds: Nanoseconds since the epoch.
  ///   - precision: How much of a second to write; the rest is cut off.
  /// - Returns: The time as text.
  public static func local(_ nanoseconds: Int64, precision: Precision = .microseconds) -> String {
    let (seconds, fraction) = nanoseconds.flooredDivision(by: 1_000_000_000)
    let time = CalendarTime(local: seconds)
    let offset = abs(time.offset) / 60
    return text(time, fraction, precision, separator: " ")
      + (time.offset < 0 ? "-" : "+") + padded(offset / 60, 2) + ":" + padded(offset % 60, 2)
  }

  /// A time for programs: in UTC, as RFC 3339 has it (`2026-11-20T02:10:05.123456Z`).
  ///
  /// - Parameters:
  ///   - nanoseconds: Nanoseconds since the epoch.
  ///   - precision: How much of a second to write; the rest is cut off.
  /// - Returns: The time as text.
  public static func utc(_ nanoseconds: Int64, precision: Precision = .microseconds) -> String {
    let (seconds, fraction) = nanoseconds.flooredDivision(by: 1_000_000_000)
    return text(CalendarTime(utc: seconds), fraction, precision, separator: "T") + "Z"
  }

  private static func text(
    _ time: CalendarTime, _ fraction: Int64, _ precision: Precision, separator: String
  ) -> String {
    let date = "\(padded(time.year, 4))-\(padded(time.month, 2))-\(padded(time.day, 2))"
    let clock = "\(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2))"
    let rest = precision == .seconds ? "" : "." + padded(fraction, 9).prefix(precision.rawValue)
    return date + separator + clock + rest
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

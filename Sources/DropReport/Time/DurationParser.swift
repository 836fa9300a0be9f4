/// Reads lengths of time, as systemd.time(7) writes them.
public enum DurationParser {
  /// A length of time, such as `10s`, `5min`, `1h 30min` or `90` (seconds).
  ///
  /// - Parameter text: The length.
  /// - Returns: Nanoseconds, more than 0; `nil` for what is no length.
  public static func nanoseconds(_ text: String) -> Int64? {
    var scanner = TextScanner(text)
    guard let span = TimeSpan(&scanner), scanner.isAtEnd, span.nanoseconds > 0 else { return nil }
    return span.nanoseconds
  }
}

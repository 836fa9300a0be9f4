import DropReport

/// Numbers and times as the screen writes them.
enum TopText {
  private static let units: [(size: Double, name: String)] = [
    (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"),
  ]

  /// A rate in few signs: `0`, `0.2`, `17`, `9999`, `12.3k`; `-` where it is not known yet.
  static func rate(_ rate: Double?) -> String {
    guard let rate, rate.isFinite else { return "-" }
    if rate > 0, rate < 9.95 { return oneDigit(rate) }
    return short(rate)
  }

  /// A count in few signs.
  static func count(_ count: Int64) -> String { short(Double(count)) }

  /// A share: `<0.1%`, `4.2%`, `100%`.
  static func share(_ share: Double) -> String {
    let percent = share * 100
    if percent > 0, percent < 0.05 { return "<0.1%" }
    return (percent >= 99.95 ? "100" : oneDigit(percent)) + "%"
  }

  /// A time of day with its offset from UTC, or in UTC with a Z; the date too.
  static func time(_ nanoseconds: Int64, isUTC: Bool) -> String {
    isUTC
      ? TimeFormatter.utc(nanoseconds, precision: .seconds)
      : TimeFormatter.local(nanoseconds, precision: .seconds)
  }

  /// A length of time: `500ms`, `1s`, `2min`.
  static func duration(_ nanoseconds: Int64) -> String {
    let milliseconds = nanoseconds / 1_000_000
    if milliseconds % 1000 != 0 { return "\(milliseconds)ms" }
    let seconds = milliseconds / 1000
    return seconds % 60 == 0 && seconds > 0 ? "\(seconds / 60)min" : "\(seconds)s"
  }

  /// A text at the right of a number of columns.
  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - DisplayWidth.of(text))) + text
  }

  /// A text at the left of a number of columns.
  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
  }

  private static func short(_ number: Double) -> String {
    if number.rounded() < 10_000 { return String(Int64(number.rounded())) }
    for unit in units where number >= unit.size { return oneDigit(number / unit.size) + unit.name }
    return String(Int64(number.rounded()))
  }

  private static func oneDigit(_ number: Double) -> String {
    let tenths = Int64((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

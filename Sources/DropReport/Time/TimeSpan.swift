/// A length of time as systemd.time(7) writes it: `2h`, `1d 12h`, `5 minutes`, `1.5s`.
struct TimeSpan: Equatable {
  /// Its length.
  let nanoseconds: Int64

  /// Reads a span up to its end, or up to the word `ago` or `left`.
  ///
  /// A number without a unit counts seconds. A month has 30.4375 days and a year 365.25, as systemd has it.
  init?(_ scanner: inout TextScanner) {
    var sum: Int64 = 0
    var isEmpty = true
    while true {
      scanner.skipSpaces()
      guard let whole = scanner.number(digits: 1...18) else { break }
      guard let fraction = scanner.fraction() else { return nil }
      scanner.skipSpaces()
      var unit: Int64 = 1_000_000_000
      var ahead = scanner
      if let name = ahead.unit(), name != "ago", name != "left" {
        guard let length = Self.length(of: name) else { return nil }
        unit = length
        scanner = ahead
      }
      let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
      if overflow { return nil }
      // The fraction has nine digits, a unit up to seventeen: only in 128 bits their product cannot overflow.
      let part = Int64(truncatingIfNeeded: Int128(fraction) * Int128(unit) / 1_000_000_000)
      let (next, nextOverflow) = product.addingReportingOverflow(part)
      let (total, totalOverflow) = sum.addingReportingOverflow(next)
      if nextOverflow || totalOverflow { return nil }
      sum = total
      isEmpty = false
    }
    if isEmpty { return nil }
    nanoseconds = sum
  }

  /// The length of a unit in nanoseconds.
  ///
  /// `M` is a month and `m` a minute; all else is the same in either case.
  private static func length(of name: String) -> Int64? {
    let second: Int64 = 1_000_000_000
    if name == "M" { return 2_629_800 * second }
    return switch name.lowercased() {
    case "ns", "nsec": 1
    case "us", "usec", "µs", "μs": 1000
    case "ms", "msec": 1_000_000
    case "s", "sec", "second", "seconds": second
    case "m", "min", "minute", "minutes": 60 * second
    case "h", "hr", "hour", "hours": 3600 * second
    case "d", "day", "days": 86_400 * second
    case "w", "week", "weeks": 604_800 * second
    case "month", "months": 2_629_800 * second
    case "y", "year", "years": 31_557_600 * second
    default: nil
    }
  }
}

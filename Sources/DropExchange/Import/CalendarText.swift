internal import DropReport

/// Reads a date as asctime(3) writes it, `Sat Nov 21 14:29:15 2026`, in the local zone.
enum CalendarText {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Seconds since the epoch; `nil` where it is no such date.
  static func time(_ text: String) -> Int64? {
    let words = text.split(separator: " ")
    guard words.count == 5, let month = months.firstIndex(of: String(words[1])),
      let day = Int(words[2]), (1...31).contains(day), let year = Int(words[4]), (1970...9999).contains(year)
    else { return nil }
    let date = "\(year)-\(month < 9 ? "0" : "")\(month + 1)-\(day < 10 ? "0" : "")\(day)"
    guard let time = try? TimeParser(now: 0).parse("\(date) \(words[3])"), time >= 0 else { return nil }
    return time / 1_000_000_000
  }

  /// The same in nanoseconds.
  static func nanoseconds(_ seconds: Int64) -> Int64? {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : product
  }
}

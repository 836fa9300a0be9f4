/// Writes lengths of time for people.
enum DurationFormatter {
  private static let units: [(name: String, seconds: Int64)] = [
    ("d", 86_400), ("h", 3600), ("min", 60), ("s", 1),
  ]

  /// The two largest units of a duration that are not zero (`1d 2h`, `3min 20s`), in a form that ``TimeParser`` reads.
  ///
  /// - Parameter nanoseconds: The duration; parts of a second are cut off.
  /// - Returns: One or two numbers with units.
  static func text(_ nanoseconds: Int64) -> String {
    var rest = nanoseconds / 1_000_000_000
    if rest <= 0 { return nanoseconds > 0 ? "<1s" : "0s" }
    var parts: [String] = []
    for unit in units where parts.count < 2 {
      let (count, remainder) = rest.quotientAndRemainder(dividingBy: unit.seconds)
      if count > 0 { parts.append("\(count)\(unit.name)") }
      rest = remainder
    }
    return parts.joined(separator: " ")
  }
}

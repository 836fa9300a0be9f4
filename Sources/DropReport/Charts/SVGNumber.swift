/// Numbers in SVG.
enum SVGNumber {
  /// A length with at most two digits behind the point; 0 for what is no number.
  static func text(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "0" }
    let hundredths = Int64((abs(value) * 100).rounded())
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    let (whole, fraction) = hundredths.quotientAndRemainder(dividingBy: 100)
    if fraction == 0 { return "\(sign)\(whole)" }
    let digits = fraction < 10 ? "0\(fraction)" : "\(fraction)"
    return "\(sign)\(whole).\(digits.hasSuffix("0") ? String(digits.dropLast()) : digits)"
  }

  /// A count in few characters: `950`, `12k`, `1.5M`.
  static func short(_ count: Int64) -> String {
    for (unit, name) in [(1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M"), (1000, "k")] {
      let unit = Int64(unit)
      guard count >= unit else { continue }
      let tenths = count / (unit / 10)
      return tenths % 10 == 0 || tenths >= 1000
        ? "\(tenths / 10)\(name)" : "\(tenths / 10).\(tenths % 10)\(name)"
    }
    return String(count)
  }
}

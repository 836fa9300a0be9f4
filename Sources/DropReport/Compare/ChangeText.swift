/// How a change reads.
enum ChangeText {
  /// `new`, `gone`, `×3.2`, `÷4`, or, where few packets do not allow more, `over ×2` and `more`.
  ///
  /// - Parameters:
  ///   - kind: What changed.
  ///   - rate: By how much.
  ///   - isUnicode: Whether characters beyond ASCII may be used.
  /// - Returns: One or two words.
  static func text(_ kind: RateChange.Kind, _ rate: RateChange, isUnicode: Bool) -> String {
    let times = isUnicode ? "×" : "x"
    let over = isUnicode ? "÷" : "/"
    switch kind {
    case .new, .gone, .same: return kind.rawValue
    case .more:
      if rate.isFactorKnown, let factor = rate.factor { return times + number(factor) }
      guard let factor = rate.cautiousFactor, factor >= 1.5 else { return "more" }
      return "over \(times)\(number(factor.rounded(.down)))"
    case .fewer:
      if rate.isFactorKnown, let factor = rate.factor, factor > 0 { return over + number(1 / factor) }
      guard let factor = rate.cautiousFactor, factor > 0, factor <= 1 / 1.5 else { return "fewer" }
      return "over \(over)\(number((1 / factor).rounded(.down)))"
    }
  }

  /// Two digits that count.
  private static func number(_ value: Double) -> String {
    guard value.isFinite, value < 1e15 else { return "?" }
    if value >= 9.95 { return String(Int64(value.rounded())) }
    let hundredths = Int64((value * 100).rounded())
    if hundredths % 100 == 0 { return String(hundredths / 100) }
    // Near 1 one digit would hide the change: 1.04.
    if value < 2 {
      return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)".trimmedZero
    }
    let tenths = Int64((value * 10).rounded())
    return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
  }
}

extension String {
  /// Without a zero at the end.
  fileprivate var trimmedZero: String { hasSuffix("0") ? String(dropLast()) : self }
}

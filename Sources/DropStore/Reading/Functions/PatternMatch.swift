/// `regexp(pattern, text)`, and so `text REGEXP pattern`: whether a pattern occurs in a text.
final class PatternMatch {
  // A statement asks for a few patterns, again and again.
  private var patterns = BoundedCache<String, RegularExpression>(limit: 32)

  func result(pattern: SQLValue, text: SQLValue) throws(SQLFunctionError) -> SQLValue {
    guard case .text(let source) = pattern else {
      throw SQLFunctionError("regexp: the pattern must be text, and \(pattern.shown) is none")
    }
    let expression: RegularExpression
    if let known = patterns[source] {
      expression = known
    } else {
      expression = try RegularExpression(source)
      patterns.insert(expression, for: source)
    }
    let subject: String
    switch text {
    case .null: return .null
    case .integer(let number): subject = String(number)
    case .real(let number): subject = String(number)
    case .text(let string): subject = string
    case .blob: throw SQLFunctionError("regexp: bytes cannot be matched; make text of them by hex()")
    }
    return .integer(expression.matches(subject) ? 1 : 0)
  }
}

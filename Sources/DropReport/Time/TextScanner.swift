/// Reads a short text from left to right.
struct TextScanner {
  private var rest: Substring

  init(_ text: String) {
    rest = text[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  /// Whether nothing but spaces is left.
  var isAtEndAfterSpaces: Bool { rest.allSatisfy { $0 == " " } }

  /// What is left, without the spaces at its end.
  var remainder: String {
    var rest = rest
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }

  /// Passes over spaces.
  ///
  /// - Returns: Whether there were any.
  @discardableResult
  mutating func skipSpaces() -> Bool {
    let trimmed = rest.drop { $0 == " " }
    defer { rest = trimmed }
    return trimmed.startIndex != rest.startIndex
  }

  /// Passes over a character if it comes next.
  mutating func skip(_ character: Character) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  /// Reads a number of so many decimal digits, and no more.
  mutating func number(digits range: ClosedRange<Int>) -> Int64? {
    let digits = rest.prefix { ("0"..."9").contains($0) && $0.isASCII }
    guard range.contains(digits.count), let number = Int64(digits) else { return nil }
    rest = rest[digits.endIndex...]
    return number
  }

  /// Reads a point and one to nine digits, if there is a point.
  ///
  /// - Returns: Billionths, 0 without a point, or `nil` if something else follows the point.
  mutating func fraction() -> Int64? {
    guard skip(".") else { return 0 }
    let before = rest
    guard var number = number(digits: 1...9) else { return nil }
    for _ in before.distance(from: before.startIndex, to: rest.startIndex)..<9 { number *= 10 }
    return number
  }

  /// Reads a word of letters, in lower case.
  mutating func word() -> String? {
    unit()?.lowercased()
  }

  /// Reads a word of letters, in the case it has.
  mutating func unit() -> String? {
    let letters = rest.prefix { $0.isLetter }
    guard !letters.isEmpty else { return nil }
    rest = rest[letters.endIndex...]
    return String(letters)
  }
}

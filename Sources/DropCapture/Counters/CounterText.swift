/// Reads numbers and words out of the text of `/proc/net`.
///
/// Any bytes will do: what is no number is `nil`.
enum CounterText {
  /// The words of a line, between blanks.
  static func words(_ line: Span<UInt8>) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start: Int?
    for index in line.indices {
      let isBlank = line[index] == UInt8(ascii: " ") || line[index] == UInt8(ascii: "\t")
      if isBlank, let first = start {
        words.append(first..<index)
        start = nil
      } else if !isBlank, start == nil {
        start = index
      }
    }
    if let start { words.append(start..<line.count) }
    return words
  }

  /// A number without a sign; `nil` for anything else, also for one that has no room in 64 bits.
  static func number(_ digits: Span<UInt8>, radix: UInt64 = 10) -> UInt64? {
    guard digits.count > 0 else { return nil }
    var number: UInt64 = 0
    for index in digits.indices {
      let byte = digits[index]
      let digit: UInt64
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt64(byte &- UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = UInt64(byte &- UInt8(ascii: "a")) &+ 10
      default: return nil
      }
      guard digit < radix else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(digit)
      guard !overflow, !carry else { return nil }
      number = sum
    }
    return number
  }

  /// Hands over each line, without its newline.
  static func forEachLine(_ text: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
    var start = 0
    for index in text.indices where text[index] == UInt8(ascii: "\n") {
      body(text.extracting(start..<index))
      start = index + 1
    }
    if start < text.count { body(text.extracting(start..<text.count)) }
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// An extended regular expression of POSIX (regex(7)), compiled by the C library.
///
/// The C library matches in time linear in the text, as long as nothing refers back to what has been matched. Patterns
/// that would need much time or memory all the same are refused.
@safe final class RegularExpression {
  private static let longestPattern = 1000
  private static let deepestNesting = 50
  /// How many characters and sets a pattern may have with all counts in braces written out, as the C library does.
  private static let largestPattern = 10_000

  /// Characters, not bytes, are matched, whatever the user's locale is.
  private static let hasUnicodeLocale = unsafe setlocale(LC_CTYPE, "C.UTF-8") != nil

  private let compiled: UnsafeMutablePointer<regex_t>

  init(_ pattern: String) throws(SQLFunctionError) {
    if let fault = Self.excess(pattern) { throw SQLFunctionError("regexp: \(fault)") }
    _ = Self.hasUnicodeLocale
    let compiled = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
    unsafe compiled.initialize(to: regex_t())
    let code = unsafe regcomp(compiled, pattern, REG_EXTENDED | REG_NOSUB)
    guard code == 0 else {
      var words = [CChar](repeating: 0, count: 128)
      _ = unsafe regerror(code, compiled, &words, words.count)
      unsafe compiled.deallocate()
      let reason = String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw SQLFunctionError("regexp: the pattern '\(pattern)' is wrong: \(reason)")
    }
    unsafe self.compiled = unsafe compiled
  }

  deinit {
    unsafe regfree(compiled)
    unsafe compiled.deallocate()
  }

  /// Whether the pattern occurs anywhere in a text.
  func matches(_ text: String) -> Bool {
    var text = text
    // With REG_STARTEND the text may hold NULs, and need not end in one.
    return text.withUTF8 { bytes in
      var whole = regmatch_t(rm_so: 0, rm_eo: regoff_t(clamping: bytes.count))
      guard let base = bytes.baseAddress else { return unsafe regexec(compiled, "", 0, nil, 0) == 0 }
      return unsafe base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
        unsafe regexec(compiled, start, 1, &whole, REG_STARTEND) == 0
      }
    }
  }

  /// Why a pattern might cost too much, or be taken for another.
  private static func excess(_ pattern: String) -> String? {
    let bytes = Array(pattern.utf8)
    if bytes.contains(0) { return "the pattern has a NUL" }
    if bytes.count > longestPattern { return "the pattern has more than \(longestPattern) bytes" }
    // For every open group, and the whole: its size so far, and that of the last part of it, which a count repeats.
    var groups = [(size: 0, last: 0)]
    var index = 0
    while index < bytes.count {
      // What this adds; nothing where it only says something about the part before it, or begins a group.
      var part: Int? = 1
      switch bytes[index] {
      case UInt8(ascii: "\\"):
        index += 1
        if index < bytes.count, (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(bytes[index]) {
          return "references such as \\1 are not supported"
        }
      case UInt8(ascii: "["):
        index = endOfSet(bytes, from: index)
      case UInt8(ascii: "("):
        groups.append((0, 0))
        if groups.count > deepestNesting {
          return "the pattern has more than \(deepestNesting) groups inside each other"
        }
        part = nil
      case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
        part = nil
      case UInt8(ascii: ")") where groups.count > 1:
        part = groups.removeLast().size
      case UInt8(ascii: "{"):
        let last = groups[groups.count - 1].last
        part = last * largestCount(bytes, from: index + 1)
        // The digits are no part of the pattern.
        index = bytes[index...].firstIndex(of: UInt8(ascii: "}")) ?? index
        groups[groups.count - 1].size -= last
      default: break
      }
      if let part {
        groups[groups.count - 1].size += part
        groups[groups.count - 1].last = part
      }
      if groups.reduce(0, { $0 + $1.size }) > largestPattern {
        return "the counts in braces make the pattern longer than \(largestPattern) characters"
      }
      index += 1
    }
    return nil
  }

  /// Where a set in brackets ends; a `]` that comes first belongs to it.
  private static func endOfSet(_ bytes: [UInt8], from start: Int) -> Int {
    var index = start + 1
    if index < bytes.count, bytes[index] == UInt8(ascii: "^") { index += 1 }
    if index < bytes.count, bytes[index] == UInt8(ascii: "]") { index += 1 }
    while index < bytes.count, bytes[index] != UInt8(ascii: "]") {
      // A class, as in [[:digit:]].
      if bytes[index] == UInt8(ascii: "["), index + 1 < bytes.count,
        [UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "=")].contains(bytes[index + 1])
      {
        let kind = bytes[index + 1]
        index += 2
        while index + 1 < bytes.count, !(bytes[index] == kind && bytes[index + 1] == UInt8(ascii: "]")) {
          index += 1
        }
        index += 1
      }
      index += 1
    }
    return index
  }

  /// The largest number up to the closing brace, at least 1.
  private static func largestCount(_ bytes: [UInt8], from start: Int) -> Int {
    let inside = bytes[start...].prefix { $0 != UInt8(ascii: "}") }
    let numbers = inside.split(separator: UInt8(ascii: ",")).map {
      // More digits are beyond the C library's own limit.
      Int(String(decoding: $0.prefix(6), as: UTF8.self)) ?? 1
    }
    return max(1, numbers.max() ?? 1)
  }
}

/// Reads the part of TOML that ``ConfigurationFile`` describes.
struct ConfigurationParser {
  /// Arrays in arrays are of no use, and each takes of the stack.
  private static let deepest = 4

  private let text: [UInt8]
  private var position = 0
  private var line = 1

  init(_ text: [UInt8]) {
    self.text = text
  }

  /// All of the file.
  mutating func entries() throws(ConfigurationError) -> [ConfigurationFile.Entry] {
    try requireUTF8()
    var entries: [ConfigurationFile.Entry] = []
    var lines: [String: Int] = [:]
    while true {
      try skipBlankLines()
      guard let byte = peek() else { return entries }
      if byte == UInt8(ascii: "[") {
        throw error("tables such as [capture] are not used here; write the options' names, one a line")
      }
      let start = line
      let key = try key()
      skipBlanks()
      if peek() == UInt8(ascii: ".") { throw error("'\(key)': dotted keys are not used here") }
      guard take(UInt8(ascii: "=")) else { throw error("'\(key)': a key is followed by '=' and its value") }
      skipBlanks()
      let value = try value(depth: 0)
      try endLine(after: key)
      if let before = lines.updateValue(start, forKey: key) {
        throw ConfigurationError(line: start, message: "'\(key)' stands in line \(before) already")
      }
      entries.append(ConfigurationFile.Entry(key: key, value: value, line: start))
    }
  }

  // MARK: - Values

  private mutating func value(depth: Int) throws(ConfigurationError) -> ConfigurationFile.Value {
    switch peek() {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "{"): throw error("inline tables are not used here")
    case nil, UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "#"): throw error("there is no value")
    default: return try word()
    }
  }

  /// A value without quotes or brackets.
  private mutating func word() throws(ConfigurationError) -> ConfigurationFile.Value {
    let start = position
    while let byte = peek(), !Self.endsWord(byte) { position += 1 }
    let word = string(from: start)
    switch word {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default:
      guard let number = Self.integer(word) else {
        throw error("'\(word)' is no number, true or false; text stands in quotes: \"\(word)\"")
      }
      return .integer(number)
    }
  }

  /// An integer as TOML has it: in decimal, with a sign or without, underscores between digits, no zeros in front.
  private static func integer(_ word: String) -> Int64? {
    var digits = Array(word.utf8)[...]
    let sign = digits.first
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { digits = digits.dropFirst() }
    let parts = digits.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }) else {
      return nil
    }
    let plain = parts.joined()
    guard plain.count == 1 || plain.first != UInt8(ascii: "0") else { return nil }
    let text = String(decoding: plain, as: UTF8.self)
    return Int64(sign == UInt8(ascii: "-") ? "-" + text : text)
  }

  private mutating func array(depth: Int) throws(ConfigurationError) -> ConfigurationFile.Value {
    guard depth < Self.deepest else { throw error("arrays stand in one another too deeply") }
    position += 1
    var values: [ConfigurationFile.Value] = []
    while true {
      try skipBlankLines()
      if take(UInt8(ascii: "]")) { return .array(values) }
      guard peek() != nil else { throw error("an array is not closed by ']'") }
      values.append(try value(depth: depth + 1))
      try skipBlankLines()
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "]")) else { throw error("in an array values stand with commas between them") }
      return .array(values)
    }
  }

  // MARK: - Strings

  /// A basic string in double quotes, or a literal one in single quotes.
  private mutating func string() throws(ConfigurationError) -> String {
    let quote = text[position]
    position += 1
    if peek() == quote, position + 1 < text.count, text[position + 1] == quote {
      throw error("strings over several lines are not used here")
    }
    var bytes: [UInt8] = []
    while let byte = peek() {
      if byte == quote {
        position += 1
        return String(decoding: bytes, as: UTF8.self)
      }
      guard byte >= 0x20 && byte != 0x7f || byte == 0x09 else { break }
      position += 1
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        bytes += try escape()
      } else {
        bytes.append(byte)
      }
    }
    throw error("a string is not closed in its line, or holds a control character")
  }

  private mutating func escape() throws(ConfigurationError) -> [UInt8] {
    guard let byte = peek() else { throw error("a string ends with a backslash") }
    position += 1
    switch byte {
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
    case UInt8(ascii: "u"): return try scalar(digits: 4)
    case UInt8(ascii: "U"): return try scalar(digits: 8)
    default:
      throw error(
        "'\\\(String(decoding: [byte], as: UTF8.self))' is no escape; in single quotes a backslash is one")
    }
  }

  private mutating func scalar(digits: Int) throws(ConfigurationError) -> [UInt8] {
    guard text.count - position >= digits else { throw error("an escape lacks digits") }
    let start = position
    position += digits
    let word = string(from: start)
    guard word.utf8.allSatisfy({ Self.isHexadecimal($0) }), let number = UInt32(word, radix: 16),
      let scalar = Unicode.Scalar(number)
    else { throw error("'\\u\(word)' is no character") }
    return Array(String(scalar).utf8)
  }

  // MARK: - Keys and lines

  private mutating func key() throws(ConfigurationError) -> String {
    if peek() == UInt8(ascii: "\"") || peek() == UInt8(ascii: "'") { return try string() }
    let start = position
    while let byte = peek(), Self.isBare(byte) { position += 1 }
    guard position > start else {
      throw error("here a key is expected: a name of letters, digits, '-' and '_'")
    }
    return string(from: start)
  }

  private mutating func endLine(after key: String) throws(ConfigurationError) {
    skipBlanks()
    try skipComment()
    guard peek() != nil else { return }
    guard takeLineEnd() else { throw error("'\(key)': something stands behind the value") }
  }

  /// Skips blanks, comments and line ends.
  private mutating func skipBlankLines() throws(ConfigurationError) {
    repeat {
      skipBlanks()
      try skipComment()
    } while takeLineEnd()
  }

  private mutating func skipBlanks() {
    while let byte = peek(), byte == 0x20 || byte == 0x09 { position += 1 }
  }

  private mutating func skipComment() throws(ConfigurationError) {
    guard peek() == UInt8(ascii: "#") else { return }
    while let byte = peek(), byte != UInt8(ascii: "\n") {
      if byte == UInt8(ascii: "\r"), position + 1 < text.count, text[position + 1] == UInt8(ascii: "\n") {
        return
      }
      guard byte >= 0x20 && byte != 0x7f || byte == 0x09 else {
        throw error("a comment holds a control character")
      }
      position += 1
    }
  }

  /// Takes a line end, if one stands here.
  private mutating func takeLineEnd() -> Bool {
    guard let byte = peek() else { return false }
    if byte == UInt8(ascii: "\r"), position + 1 < text.count, text[position + 1] == UInt8(ascii: "\n") {
      position += 1
    } else if byte != UInt8(ascii: "\n") {
      return false
    }
    position += 1
    line += 1
    return true
  }

  // MARK: - Bytes

  private func peek() -> UInt8? { position < text.count ? text[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  private func string(from start: Int) -> String {
    String(decoding: text[start..<position], as: UTF8.self)
  }

  private func error(_ message: String) -> ConfigurationError {
    ConfigurationError(line: line, message: message)
  }

  private func requireUTF8() throws(ConfigurationError) {
    guard String(validating: text, as: UTF8.self) == nil else { return }
    throw ConfigurationError(line: 1, message: "the file is not in UTF-8")
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x39,
      UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x0a, 0x0d, UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "["),
      UInt8(ascii: "="):
      true
    default: false
    }
  }
}

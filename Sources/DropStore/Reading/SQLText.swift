/// What can be told of SQL without understanding it.
enum SQLText {
  /// Where the first word stands: behind white space, comments and empty statements.
  ///
  /// - Returns: its distance from the beginning of `text` in bytes; the length of `text` where there is no word.
  static func firstToken(in text: Substring.UTF8View) -> Int {
    let bytes = Array(text)
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), 0x0c, UInt8(ascii: "\r"),
        UInt8(ascii: ";"):
        index += 1
      case UInt8(ascii: "-") where bytes[index...].starts(with: "--".utf8):
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      case UInt8(ascii: "/") where bytes[index...].starts(with: "/*".utf8):
        index += 2
        while index < bytes.count, !bytes[index...].starts(with: "*/".utf8) { index += 1 }
        index = min(index + 2, bytes.count)
      default:
        return index
      }
    }
    return bytes.count
  }
}

/// A key of a terminal.
enum Key: Equatable {
  case character(Unicode.Scalar)
  case enter, tab, backTab, backspace, escape
  case up, down, left, right, home, end, pageUp, pageDown
}

/// Finds keys in the bytes that a terminal sends.
struct KeyDecoder {
  /// What terminals send for keys that are no characters, behind the escape (ECMA-48; xterm, linux and rxvt).
  private static let sequences: [(String, Key)] = [
    ("[A", .up), ("[B", .down), ("[C", .right), ("[D", .left), ("OA", .up), ("OB", .down), ("OC", .right),
    ("OD", .left), ("[H", .home), ("[F", .end), ("OH", .home), ("OF", .end), ("[1~", .home), ("[4~", .end),
    ("[7~", .home), ("[8~", .end), ("[5~", .pageUp), ("[6~", .pageDown), ("[Z", .backTab),
  ]
  private static let escape: UInt8 = 0x1b

  private var bytes: [UInt8] = []

  /// Whether a key may have begun that has not come to its end.
  var isWaiting: Bool { !bytes.isEmpty }

  /// Takes bytes, and gives the keys that are complete.
  mutating func take(_ new: some Sequence<UInt8>) -> [Key] {
    bytes += new
    var keys: [Key] = []
    while !bytes.isEmpty, let length = next(&keys) { bytes.removeFirst(length) }
    return keys
  }

  /// Takes what has begun for complete: nothing more has come.
  mutating func finish() -> [Key] {
    defer { bytes = [] }
    return bytes.first == Self.escape ? [.escape] : []
  }

  /// The length of the first key, or of what is none; `nil` if more must come.
  private func next(_ keys: inout [Key]) -> Int? {
    switch bytes[0] {
    case Self.escape: return sequence(&keys)
    case 0x0a, 0x0d: keys.append(.enter)
    case 0x09: keys.append(.tab)
    case 0x08, 0x7f: keys.append(.backspace)
    case 0x20..<0x7f: keys.append(.character(Unicode.Scalar(bytes[0])))
    case 0x80...: return character(&keys)
    default: break
    }
    return 1
  }

  private func sequence(_ keys: inout [Key]) -> Int? {
    guard bytes.count > 1 else { return nil }
    guard bytes[1] == UInt8(ascii: "[") || bytes[1] == UInt8(ascii: "O") else {
      keys.append(.escape)
      return 1
    }
    // Parameters, and then a letter or a tilde that ends it.
    guard let end = bytes.indices.dropFirst(2).first(where: { (0x40...0x7e).contains(bytes[$0]) }) else {
      return bytes.count > 16 ? bytes.count : nil
    }
    let text = String(decoding: bytes[1...end], as: UTF8.self)
    if let key = Self.sequences.first(where: { $0.0 == text })?.1 { keys.append(key) }
    return end + 1
  }

  private func character(_ keys: inout [Key]) -> Int? {
    let length = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : bytes[0] >= 0xc0 ? 2 : 1
    guard bytes.count >= length else { return nil }
    let text = String(decoding: bytes[..<length], as: UTF8.self)
    if text.unicodeScalars.count == 1, let scalar = text.unicodeScalars.first, scalar != "\u{fffd}",
      scalar.properties.generalCategory != .control, scalar.properties.generalCategory != .format
    {
      keys.append(.character(scalar))
    }
    return length
  }
}

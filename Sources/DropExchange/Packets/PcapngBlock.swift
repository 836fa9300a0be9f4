/// Builds one block of a pcapng file (draft-ietf-opsawg-pcapng), in little-endian order.
///
/// A block is its type, its length, a body, options and its length again, all of them padded to 32 bits.
struct PcapngBlock {
  /// The types of blocks that are written.
  enum Kind: UInt32 {
    case sectionHeader = 0x0a0d_0d0a
    case interface = 1
    case enhancedPacket = 6
  }

  /// How long the value of an option can be, in bytes.
  private static let longestOption = Int(UInt16.max)

  private(set) var bytes: [UInt8] = []
  private var hasOptions = false

  init(_ kind: Kind) {
    append(kind.rawValue)
    // The length, when it is known.
    append(UInt32(0))
  }

  /// Adds a number to the body.
  mutating func append(_ number: some FixedWidthInteger) {
    var rest = UInt64(truncatingIfNeeded: number)
    for _ in 0..<(number.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Adds bytes to the body, and zeros up to the next 32 bits.
  mutating func append(padded value: [UInt8]) {
    bytes += value
    while bytes.count % 4 != 0 { bytes.append(0) }
  }

  /// Adds an option of text; an empty one is left out, and one that is too long is cut at a character.
  mutating func append(option code: UInt16, _ text: String) {
    var text = text[...]
    if text.utf8.count > Self.longestOption {
      text = Substring(String(decoding: text.utf8.prefix(Self.longestOption - 3), as: UTF8.self))
      // What the cut left of a character has become one of three bytes.
      if text.unicodeScalars.last == "\u{fffd}" { text.unicodeScalars.removeLast() }
    }
    if !text.isEmpty { append(option: code, Array(text.utf8)) }
  }

  /// Adds an option of at most 65,535 bytes.
  mutating func append(option code: UInt16, _ value: [UInt8]) {
    append(code)
    append(UInt16(truncatingIfNeeded: value.count))
    append(padded: value)
    hasOptions = true
  }

  /// The whole block.
  consuming func finished() -> [UInt8] {
    if hasOptions { append(UInt32(0)) }
    let length = UInt32(truncatingIfNeeded: bytes.count + 4)
    append(length)
    for index in 0..<4 { bytes[4 + index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
    return bytes
  }
}

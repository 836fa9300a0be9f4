/// The messages in what a netlink socket received, by `include/uapi/linux/netlink.h`; any bytes will do.
enum NetlinkMessages {
  /// What ends a dump.
  enum End: Equatable {
    /// More is to come.
    case none
    /// All has come.
    case done
    /// The kernel refuses, with this error number; 0 where the message is too short to tell.
    case refused(Int32)
  }

  private static let headerLength = 16
  private static let error: UInt16 = 2
  private static let done: UInt16 = 3

  /// Hands over the messages of one type, without their headers.
  ///
  /// - Parameters:
  ///   - bytes: What was received, or any bytes; what does not fit in is passed over.
  ///   - type: Which messages.
  ///   - body: Takes a message.
  /// - Returns: Whether the dump has ended with it.
  static func forEach(_ bytes: Span<UInt8>, type: UInt16, _ body: (Span<UInt8>) -> Void) -> End {
    var start = 0
    while bytes.count - start >= headerLength {
      guard let length = bytes.native32(at: start), let kind = bytes.native16(at: start + 4),
        Int(length) >= headerLength, Int(length) <= bytes.count - start
      else { break }
      let message = bytes.extracting(start + headerLength..<start + Int(length))
      switch kind {
      case done: return .done
      case error: return .refused(message.native32(at: 0).map { 0 &- Int32(bitPattern: $0) } ?? 0)
      case type: body(message)
      default: break
      }
      start += aligned(Int(length))
    }
    return .none
  }

  /// Hands over the attributes that begin at a place of a message: their types, without the two bits of flags, and values.
  static func forEachAttribute(
    _ message: Span<UInt8>, from place: Int, _ body: (UInt16, Span<UInt8>) -> Void
  ) {
    var start = place
    while message.count - start >= 4 {
      guard let length = message.native16(at: start), let type = message.native16(at: start + 2),
        length >= 4, Int(length) <= message.count - start
      else { return }
      body(type & 0x3fff, message.extracting(start + 4..<start + Int(length)))
      start += aligned(Int(length))
    }
  }

  /// A request for everything of a kind.
  ///
  /// - Parameters:
  ///   - type: What to tell.
  ///   - bodyLength: How long the fixed part of such a message is, which is all 0 here; a multiple of 4.
  /// - Returns: Its bytes.
  static func dumpRequest(type: UInt16, bodyLength: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    // NLM_F_REQUEST | NLM_F_DUMP
    let flags: UInt16 = 0x301
    for word in [UInt32(headerLength + bodyLength), 0, 1, 0] { append(word, to: &bytes) }
    bytes.replaceSubrange(4..<8, with: native(type) + native(flags))
    bytes += [UInt8](repeating: 0, count: bodyLength)
    return bytes
  }

  private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
    bytes += native(UInt16(truncatingIfNeeded: word.littleEndian == word ? word : word >> 16))
    bytes += native(UInt16(truncatingIfNeeded: word.littleEndian == word ? word >> 16 : word))
  }

  private static func native(_ number: UInt16) -> [UInt8] {
    let little = number.littleEndian
    return [UInt8(truncatingIfNeeded: little), UInt8(truncatingIfNeeded: little >> 8)]
  }

  private static func aligned(_ length: Int) -> Int { (length + 3) & ~3 }
}

extension Span<UInt8> {
  /// The number of 16 bits that begins at a place, in this machine's byte order; `nil` where the bytes end before it does.
  func native16(at place: Int) -> UInt16? {
    guard place >= 0, count - place >= 2 else { return nil }
    return UInt16(littleEndian: UInt16(self[place]) | UInt16(self[place + 1]) << 8)
  }

  /// The same of 32 bits.
  func native32(at place: Int) -> UInt32? {
    guard place >= 0, count - place >= 4 else { return nil }
    var number: UInt32 = 0
    for index in 0..<4 { number |= UInt32(self[place + index]) << UInt32(8 * index) }
    return UInt32(littleEndian: number)
  }

  /// The same of 64 bits.
  func native64(at place: Int) -> UInt64? {
    guard place >= 0, count - place >= 8 else { return nil }
    var number: UInt64 = 0
    for index in 0..<8 { number |= UInt64(self[place + index]) << UInt64(8 * index) }
    return UInt64(littleEndian: number)
  }
}

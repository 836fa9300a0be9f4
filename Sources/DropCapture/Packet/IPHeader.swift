internal import DropEvents

/// An IPv4 header, or an IPv6 header with its extension headers.
struct IPHeader {
  /// The source address.
  let source: IPAddress
  /// The destination address.
  let destination: IPAddress
  /// The protocol of what follows; `nil` where the extension headers that lead to it were not captured.
  private(set) var transport: UInt8?
  /// Which part of a fragmented packet this is; `nil` for a whole one.
  private(set) var fragment: Fragment?
  /// Where the transport's header and what follows it stand; empty where nothing of them was captured.
  private(set) var payload: Range<Int> = 0..<0

  /// Reads the header of a version.
  ///
  /// - Parameters:
  ///   - bytes: What was captured, from the header on.
  ///   - etherType: The version. `nil` is returned where it is none of IP's, where the header says another, or is cut.
  init?(_ bytes: Span<UInt8>, etherType: UInt16) {
    switch etherType {
    case EtherType.ipv4: self.init(ipv4: bytes)
    case EtherType.ipv6: self.init(ipv6: bytes)
    default: return nil
    }
  }

  /// RFC 791, section 3.1.
  private init?(ipv4 bytes: Span<UInt8>) {
    guard bytes.count >= 20, bytes[0] >> 4 == 4, let totalLength = bytes.uint16(at: 2),
      let fragmentation = bytes.uint16(at: 6), let source = bytes.uint32(at: 12),
      let destination = bytes.uint32(at: 16)
    else { return nil }
    let headerLength = Int(bytes[0] & 15) * 4
    guard headerLength >= 20 else { return nil }
    self.source = IPAddress(v4: source)
    self.destination = IPAddress(v4: destination)
    transport = bytes[9]
    if fragmentation & 0x1fff != 0 {
      fragment = .later
      return
    }
    if fragmentation & 0x2000 != 0 { fragment = .first }
    // Bytes behind the packet are Ethernet's padding. A length of 0 is left in packets that are larger than it can tell
    // (BIG TCP, `iph_totlen()` in include/linux/ip.h).
    let end = totalLength == 0 ? bytes.count : min(Int(totalLength), bytes.count)
    if headerLength < end { payload = headerLength..<end }
  }

  /// RFC 8200, sections 3 and 4.
  private init?(ipv6 bytes: Span<UInt8>) {
    guard bytes.count >= 40, bytes[0] >> 4 == 6, let payloadLength = bytes.uint16(at: 4),
      let sourceHigh = bytes.uint64(at: 8), let sourceLow = bytes.uint64(at: 16),
      let destinationHigh = bytes.uint64(at: 24), let destinationLow = bytes.uint64(at: 32)
    else { return nil }
    source = IPAddress(v6High: sourceHigh, low: sourceLow)
    destination = IPAddress(v6High: destinationHigh, low: destinationLow)
    var end = min(40 + Int(payloadLength), bytes.count)
    // As with IPv4, but a packet may truly be empty; then there is no more behind it than a frame of 60 bytes is
    // padded with.
    if payloadLength == 0, bytes.count > 46 { end = bytes.count }
    readChain(bytes.extracting(0..<end), from: bytes[6])
  }

  /// Steps over the extension headers.
  ///
  /// - Parameters:
  ///   - bytes: The packet.
  ///   - first: What follows the fixed header.
  private mutating func readChain(_ bytes: Span<UInt8>, from first: UInt8) {
    var number = first
    var offset = 40
    // Every one is at least 8 bytes long, so this ends with the bytes.
    while IPProtocol.isExtension(number) {
      guard offset + 8 <= bytes.count, let fragmentation = bytes.uint16(at: offset + 2) else { return }
      let next = bytes[offset]
      let length = Int(bytes[offset + 1])
      switch number {
      case IPProtocol.fragment:
        if fragmentation & 0xfff8 != 0 {
          // Of fragments of a fragment the outer header tells which one this is.
          fragment = fragment ?? .later
          // What its first part begins with is no longer known where that is another extension header.
          if !IPProtocol.isExtension(next) { transport = next }
          return
        }
        // One that has neither an offset nor more to come is whole (RFC 6946).
        if fragmentation & 1 != 0 { fragment = .first }
        offset += 8
      case IPProtocol.authentication:
        // RFC 4302, section 2.2: words of 4 bytes, less 2.
        offset += (length + 2) * 4
      case IPProtocol.mobility, IPProtocol.hip, IPProtocol.shim6:
        // With nothing behind it, it is the message itself.
        if next == IPProtocol.noNextHeader {
          transport = number
          return
        }
        offset += (length + 1) * 8
      default:
        offset += (length + 1) * 8
      }
      number = next
    }
    transport = number
    if offset < bytes.count { payload = offset..<bytes.count }
  }
}

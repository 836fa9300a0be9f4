internal import DropEvents

/// Reads a packet's headers, from its network header on, into a flow.
///
/// Total on any bytes: what is not there, or makes no sense, stays unknown.
enum PacketDecoder {
  /// Reads the headers.
  ///
  /// - Parameters:
  ///   - header: The bytes captured, from the network header on; may end anywhere.
  ///   - etherType: The layer-3 protocol.
  ///   - flow: Where to put what was found.
  static func decode(_ header: Span<UInt8>, etherType: UInt16, into flow: inout Flow) {
    switch etherType {
    case 0x0800: decodeIPv4(header, into: &flow)
    case 0x86dd: decodeIPv6(header, into: &flow)
    default: break
    }
  }

  /// RFC 791, section 3.1.
  private static func decodeIPv4(_ header: Span<UInt8>, into flow: inout Flow) {
    guard header.count >= 20, header[0] >> 4 == 4 else { return }
    let length = Int(header[0] & 15) * 4
    guard length >= 20 else { return }
    flow.source = IPAddress(v4: word(header, 12))
    flow.destination = IPAddress(v4: word(header, 16))
    flow.transport = header[9]
    // Only the first fragment has the transport's header.
    guard half(header, 6) & 0x1fff == 0 else { return }
    decodeTransport(header, at: length, into: &flow)
  }

  /// RFC 8200, sections 3 and 4.
  private static func decodeIPv6(_ header: Span<UInt8>, into flow: inout Flow) {
    guard header.count >= 40, header[0] >> 4 == 6 else { return }
    flow.source = IPAddress(v6High: double(header, 8), low: double(header, 16))
    flow.destination = IPAddress(v6High: double(header, 24), low: double(header, 32))
    var next = header[6]
    var offset = 40
    // Every extension header is at least 8 bytes, so this ends with the captured bytes.
    while true {
      switch next {
      case 0, 43, 60, 135, 139, 140:  // hop-by-hop, routing, destination options, mobility, HIP, shim6
        guard header.count >= offset + 8 else { return }
        next = header[offset]
        offset += (Int(header[offset + 1]) + 1) * 8
      case 44:  // fragment
        guard header.count >= offset + 8 else { return }
        next = header[offset]
        guard half(header, offset + 2) & 0xfff8 == 0 else {
          flow.transport = next
          return
        }
        offset += 8
      case 51:  // authentication, RFC 4302: its length counts words of 4 bytes
        guard header.count >= offset + 8 else { return }
        next = header[offset]
        offset += (Int(header[offset + 1]) + 2) * 4
      default:
        flow.transport = next
        decodeTransport(header, at: offset, into: &flow)
        return
      }
    }
  }

  private static func decodeTransport(_ header: Span<UInt8>, at offset: Int, into flow: inout Flow) {
    switch flow.transport {
    case 6, 17, 33, 132, 136:  // TCP, UDP, DCCP, SCTP, UDP-Lite begin with the ports
      guard header.count >= offset + 4 else { return }
      flow.sourcePort = half(header, offset)
      flow.destinationPort = half(header, offset + 2)
      if flow.transport == 6, header.count >= offset + 14 {
        flow.tcpFlags = header[offset + 13]
      }
    case 1, 58:  // ICMP, ICMPv6
      guard header.count >= offset + 2 else { return }
      flow.icmpType = header[offset]
      flow.icmpCode = header[offset + 1]
    default: break
    }
  }

  // The callers have checked that the bytes are there.

  private static func half(_ bytes: Span<UInt8>, _ offset: Int) -> UInt16 {
    UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
  }

  private static func word(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
    UInt32(half(bytes, offset)) << 16 | UInt32(half(bytes, offset + 2))
  }

  private static func double(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
    UInt64(word(bytes, offset)) << 32 | UInt64(word(bytes, offset + 4))
  }
}

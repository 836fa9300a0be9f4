/// What stands between the link's header and the network protocol's: VLAN tags, and PPPoE.
struct LinkHeaders {
  /// The VLAN identifier of the outer tag.
  private(set) var vlan: UInt16?
  /// The network protocol's EtherType; 0 where it could not be read.
  private(set) var etherType: UInt16
  /// Where the network protocol's header begins; never behind the end of the bytes.
  private(set) var end: Int

  /// More tags than this are nobody's network.
  private static let tagLimit = 4

  /// Reads the headers.
  ///
  /// - Parameters:
  ///   - bytes: What was captured.
  ///   - start: Where what the EtherType announces begins, not behind the end.
  ///   - etherType: The EtherType, of a tag where there is one.
  init(_ bytes: Span<UInt8>, at start: Int, etherType: UInt16) {
    self.etherType = etherType
    end = start
    readTags(bytes)
    if self.etherType == EtherType.pppoeSession { readPPPoE(bytes) }
  }

  /// Reads the headers of an Ethernet frame; `nil` where its own header is cut.
  init?(ethernet bytes: Span<UInt8>) {
    guard let etherType = bytes.uint16(at: 12) else { return nil }
    self.init(bytes, at: 14, etherType: etherType)
  }

  /// IEEE 802.1Q, clause 9: after the EtherType of a tag come 3 bits of priority, 1 bit, 12 bits of identifier, and
  /// the next EtherType.
  private mutating func readTags(_ bytes: Span<UInt8>) {
    var count = 0
    while etherType == EtherType.vlan || etherType == EtherType.serviceVLAN
      || etherType == EtherType.oldServiceVLAN
    {
      // Where the kernel has put a tag into a packet that it sends, the network header may still be IP's. What stands
      // in the place of the next EtherType is then IPv4's total length, mostly too small to be one.
      guard count < Self.tagLimit, let tag = bytes.uint16(at: end), let next = bytes.uint16(at: end + 2),
        next >= EtherType.lowest
      else {
        etherType = 0
        return
      }
      if count == 0 { vlan = tag & 0xfff }
      etherType = next
      end += 4
      count += 1
    }
  }

  /// RFC 2516, section 4: version and type, code, session, length; then the protocol of PPP.
  private mutating func readPPPoE(_ bytes: Span<UInt8>) {
    etherType = 0
    guard bytes.uint16(at: end) == 0x1100, let first = bytes.uint8(at: end + 6) else { return }
    // RFC 1661, section 2: the second byte of a protocol is odd, the first is even, and 0 may have been left out.
    var ppp = UInt16(first)
    var length = 7
    if first & 1 == 0 {
      guard let both = bytes.uint16(at: end + 6) else { return }
      ppp = both
      length = 8
    }
    end += length
    switch ppp {
    case 0x0021: etherType = EtherType.ipv4
    case 0x0057: etherType = EtherType.ipv6
    default: break
    }
  }
}

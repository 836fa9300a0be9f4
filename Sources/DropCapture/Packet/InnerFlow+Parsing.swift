internal import DropEvents

/// One level: what an inner packet carries itself is not looked for.
extension InnerFlow {
  /// Reads the packet that an ICMP or ICMPv6 error quotes, from 8 bytes behind the beginning of the message on.
  ///
  /// - Parameters:
  ///   - message: The message, from its type on.
  ///   - transport: Whether it is ICMP or ICMPv6. `nil` is returned for messages that quote nothing.
  init?(icmp message: Span<UInt8>, transport: UInt8) {
    switch (transport, message.uint8(at: 0)) {
    // RFC 792: destination unreachable, source quench, redirect, time exceeded, parameter problem.
    case (IPProtocol.icmp, 3), (IPProtocol.icmp, 4), (IPProtocol.icmp, 5), (IPProtocol.icmp, 11),
      (IPProtocol.icmp, 12):
      self.init(.icmpError, carrying: message.extracting(droppingFirst: 8), etherType: EtherType.ipv4)
    // RFC 4443: destination unreachable, packet too big, time exceeded, parameter problem.
    case (IPProtocol.icmpv6, 1), (IPProtocol.icmpv6, 2), (IPProtocol.icmpv6, 3), (IPProtocol.icmpv6, 4):
      self.init(.icmpError, carrying: message.extracting(droppingFirst: 8), etherType: EtherType.ipv6)
    case (IPProtocol.icmpv6, 137):
      self.init(redirect: message)
    default: return nil
    }
  }

  /// RFC 4861, section 4.5: the quoted packet is in an option; each begins with its type and its length in 8 bytes.
  private init?(redirect message: Span<UInt8>) {
    var offset = 40
    while let type = message.uint8(at: offset), let length = message.uint8(at: offset + 1), length > 0 {
      if type == 4 {
        let option = message.extracting(droppingFirst: offset).extracting(first: Int(length) * 8)
        self.init(.icmpError, carrying: option.extracting(droppingFirst: 8), etherType: EtherType.ipv6)
        return
      }
      offset += Int(length) * 8
    }
    return nil
  }

  /// Reads the packet directly in another (RFC 2003, RFC 2473, RFC 4213).
  init?(ipip payload: Span<UInt8>, etherType: UInt16) {
    self.init(.ipip, carrying: payload, etherType: etherType)
  }

  /// Reads the packet in a UDP datagram, where its destination port is a tunnel's.
  ///
  /// - Parameters:
  ///   - datagram: The datagram, from its header on.
  ///   - port: The destination port.
  init?(udp datagram: Span<UInt8>, destinationPort port: UInt16?) {
    switch port {
    // The second is what Linux took before the first was assigned, and still takes if not told.
    case 4789, 8472: self.init(vxlan: datagram.extracting(droppingFirst: 8))
    case 6081: self.init(geneve: datagram.extracting(droppingFirst: 8))
    default: return nil
    }
  }

  /// RFC 7348, section 5.
  private init?(vxlan bytes: Span<UInt8>) {
    guard let flags = bytes.uint8(at: 0), flags & 0x08 != 0, let vni = bytes.uint32(at: 4) else { return nil }
    self.init(encapsulation: .vxlan)
    tunnelID = vni >> 8
    // The Generic Protocol Extension may carry something else than Ethernet; bit P tells.
    if flags & 0x04 == 0 { readEthernet(bytes.extracting(droppingFirst: 8)) }
  }

  /// RFC 8926, section 3.4.
  private init?(geneve bytes: Span<UInt8>) {
    guard let first = bytes.uint8(at: 0), first >> 6 == 0, let type = bytes.uint16(at: 2),
      let vni = bytes.uint32(at: 4)
    else { return nil }
    self.init(encapsulation: .geneve)
    tunnelID = vni >> 8
    read(bytes.extracting(droppingFirst: 8 + Int(first & 0x3f) * 4), etherType: type)
  }

  /// RFC 2784 and RFC 2890.
  init?(gre bytes: Span<UInt8>) {
    // As the kernel (`gre_parse_header()`): neither another version nor RFC 1701's routing.
    guard let flags = bytes.uint16(at: 0), flags & 0x4007 == 0, let type = bytes.uint16(at: 2) else {
      return nil
    }
    self.init(encapsulation: .gre)
    var offset = 4
    if flags & 0x8000 != 0 { offset += 4 }  // checksum
    if flags & 0x2000 != 0 {
      tunnelID = bytes.uint32(at: offset)
      offset += 4
    }
    if flags & 0x1000 != 0 { offset += 4 }  // sequence number
    read(bytes.extracting(droppingFirst: offset), etherType: type)
  }

  /// Reads an IP packet; `nil` where there is none.
  private init?(_ encapsulation: Encapsulation, carrying packet: Span<UInt8>, etherType: UInt16) {
    guard let header = IPHeader(packet, etherType: etherType) else { return nil }
    self.init(encapsulation: encapsulation)
    take(header, of: packet)
  }

  /// Reads what a tunnel carries.
  private mutating func read(_ bytes: Span<UInt8>, etherType: UInt16) {
    if etherType == EtherType.ethernet {
      readEthernet(bytes)
    } else if let header = IPHeader(bytes, etherType: etherType) {
      take(header, of: bytes)
    }
  }

  private mutating func readEthernet(_ frame: Span<UInt8>) {
    guard let link = LinkHeaders(ethernet: frame) else { return }
    let packet = frame.extracting(droppingFirst: link.end)
    guard let header = IPHeader(packet, etherType: link.etherType) else { return }
    take(header, of: packet)
  }

  private mutating func take(_ header: IPHeader, of packet: Span<UInt8>) {
    source = header.source
    destination = header.destination
    transport = header.transport
    guard IPProtocol.hasPorts(header.transport) else { return }
    let payload = packet.extracting(header.payload)
    sourcePort = payload.uint16(at: 0)
    destinationPort = payload.uint16(at: 2)
  }
}

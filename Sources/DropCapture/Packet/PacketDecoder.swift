package import DropEvents

/// Reads a packet's headers, from its network header on.
///
/// Total on any bytes: what is not there, or makes no sense, stays unknown. Of fewer bytes of a packet less is read, but
/// nothing else.
package enum PacketDecoder {
  /// Reads the headers.
  ///
  /// - Parameters:
  ///   - bytes: The bytes captured, from the network header on; may end anywhere.
  ///   - etherType: What they are, as the kernel has it (`skb->protocol`); of a VLAN tag where they begin with
  ///     one. 0 is unknown.
  ///   - flow: Where to put what belongs to the flow. A VLAN identifier that is there already stays.
  /// - Returns: The rest.
  @discardableResult
  package static func decode(_ bytes: Span<UInt8>, etherType: UInt16, into flow: inout Flow) -> PacketHeaders
  {
    let link = LinkHeaders(bytes, at: 0, etherType: etherType)
    if flow.vlan == nil { flow.vlan = link.vlan }
    let packet = bytes.extracting(droppingFirst: link.end)
    if link.etherType == EtherType.arp {
      readARP(packet, into: &flow)
      return PacketHeaders()
    }
    guard let header = IPHeader(packet, etherType: link.etherType) else { return PacketHeaders() }
    flow.source = header.source
    flow.destination = header.destination
    flow.transport = header.transport
    flow.fragment = header.fragment
    return readTransport(packet.extracting(header.payload), header.transport, into: &flow)
  }

  /// RFC 826, for IPv4 over Ethernet.
  private static func readARP(_ packet: Span<UInt8>, into flow: inout Flow) {
    // Hardware type and protocol type, then the lengths of their addresses.
    guard packet.uint32(at: 0) == 0x0001_0800, packet.uint16(at: 4) == 0x0604 else { return }
    flow.arpOperation = packet.uint16(at: 6)
    flow.source = packet.uint32(at: 14).map(IPAddress.init(v4:))
    flow.destination = packet.uint32(at: 24).map(IPAddress.init(v4:))
  }

  /// Reads the transport's header, and what it carries.
  private static func readTransport(
    _ payload: Span<UInt8>, _ transport: UInt8?, into flow: inout Flow
  ) -> PacketHeaders {
    var headers = PacketHeaders()
    // Where the bytes end before the transport's header, or this is a later fragment, there is nothing of it.
    guard let transport, !payload.isEmpty else { return headers }
    if IPProtocol.hasPorts(transport) {
      flow.sourcePort = payload.uint16(at: 0)
      flow.destinationPort = payload.uint16(at: 2)
    }
    switch transport {
    case IPProtocol.tcp:
      headers.tcpSequence = payload.uint32(at: 4)
      flow.tcpFlags = payload.uint8(at: 13)
    case IPProtocol.udp:
      headers.inner = InnerFlow(udp: payload, destinationPort: flow.destinationPort)
    case IPProtocol.icmp, IPProtocol.icmpv6:
      flow.icmpType = payload.uint8(at: 0)
      flow.icmpCode = payload.uint8(at: 1)
      headers.inner = InnerFlow(icmp: payload, transport: transport)
    case IPProtocol.gre:
      headers.inner = InnerFlow(gre: payload)
    case IPProtocol.ipv4:
      headers.inner = InnerFlow(ipip: payload, etherType: EtherType.ipv4)
    case IPProtocol.ipv6:
      headers.inner = InnerFlow(ipip: payload, etherType: EtherType.ipv6)
    default: break
    }
    return headers
  }
}

import DropEvents

@testable import DropCapture

/// Puts together, from tshark's fields, what is to be read in a packet.
///
/// The fields of equal headers stand in the order of the headers, so each layer takes the next ones.
struct TSharkReading {
  private(set) var expected = DecodedPacket()
  private var fields: [String: [String]]
  /// What may carry the next IP header, and the identifier it gives.
  private var carrier: (Encapsulation, tunnelID: UInt32?)?
  /// How many IP headers were passed.
  private var depth = 0

  init(_ fixture: PacketFixture) throws {
    fields = fixture.fields
    // We do not look behind MPLS.
    guard !fixture.layers.contains("mpls") else { return }
    for layer in fixture.layers { try read(layer) }
  }

  private mutating func read(_ layer: Substring) throws {
    switch layer {
    case "vlan", "ieee8021ad": readVLAN(layer)
    case "arp": try readARP()
    case "ip", "ipv6": try readIP(layer)
    case "ipv6.fraghdr": readFragmentHeader()
    case "tcp", "udp", "udplite", "dccp", "sctp": readPorts(layer)
    case "icmp", "icmpv6": readICMP(layer)
    case "vxlan": enter(.vxlan, id: number("vxlan.vni"))
    case "geneve": enter(.geneve, id: number("geneve.vni"))
    case "gre":
      setTransport(47)
      enter(.gre, id: number("gre.key"))
    default: break
    }
  }

  private mutating func readVLAN(_ layer: Substring) {
    let id: UInt16? = number("\(layer).id")
    if depth == 0, expected.flow.vlan == nil { expected.flow.vlan = id }
  }

  private mutating func readARP() throws {
    guard depth == 0 else { return }
    expected.flow.arpOperation = number("arp.opcode")
    expected.flow.source = try address("arp.src.proto_ipv4")
    expected.flow.destination = try address("arp.dst.proto_ipv4")
  }

  private mutating func readIP(_ layer: Substring) throws {
    if depth == 1, carrier == nil {
      setTransport(layer == "ip" ? 4 : 41)
      enter(.ipip, id: nil)
    }
    depth += 1
    let source = try address("\(layer).src")
    let destination = try address("\(layer).dst")
    if depth == 1 {
      expected.flow.source = source
      expected.flow.destination = destination
    } else {
      // That of an ICMP error stands for itself only with the packet it quotes.
      if expected.headers.inner == nil { expected.headers.inner = InnerFlow(encapsulation: .icmpError) }
      expected.headers.inner?.source = source
      expected.headers.inner?.destination = destination
    }
    if layer == "ip" {
      setTransport(number("ip.proto"))
      setFragment(more: number("ip.flags.mf"), offset: number("ip.frag_offset"))
    } else {
      setTransport(number("ipv6.nxt"))
    }
  }

  private mutating func readFragmentHeader() {
    let offset: UInt16? = number("ipv6.fraghdr.offset")
    setFragment(more: number("ipv6.fraghdr.more"), offset: offset)
    setTransport(number("ipv6.fraghdr.nxt"))
  }

  private mutating func readPorts(_ layer: Substring) {
    let protocols: [Substring: UInt8] = ["tcp": 6, "udp": 17, "udplite": 136, "dccp": 33, "sctp": 132]
    let prefix = layer == "udplite" ? "udp" : layer
    let source: UInt16? = number("\(prefix).srcport")
    let destination: UInt16? = number("\(prefix).dstport")
    // tshark looks behind IPv4's AH, which to the kernel is a transport.
    guard transport != 51 || isIPv6 else { return }
    setTransport(protocols[layer])
    if depth == 1 {
      expected.flow.sourcePort = source
      expected.flow.destinationPort = destination
    } else {
      expected.headers.inner?.sourcePort = source
      expected.headers.inner?.destinationPort = destination
    }
    guard layer == "tcp", depth == 1 else { return }
    expected.flow.tcpFlags = number("tcp.flags")
    expected.headers.tcpSequence = number("tcp.seq_raw")
  }

  private mutating func readICMP(_ layer: Substring) {
    setTransport(layer == "icmp" ? 1 : 58)
    guard depth == 1 else { return }
    expected.flow.icmpType = number("\(layer).type")
    expected.flow.icmpCode = number("\(layer).code")
    carrier = (.icmpError, nil)
  }

  private var transport: UInt8? { depth == 1 ? expected.flow.transport : expected.headers.inner?.transport }
  private var isIPv6: Bool {
    (depth == 1 ? expected.flow.source : expected.headers.inner?.source)?.isIPv6 == true
  }

  private mutating func enter(_ encapsulation: Encapsulation, id: UInt32?) {
    carrier = (encapsulation, id)
    expected.headers.inner = InnerFlow(encapsulation: encapsulation)
    expected.headers.inner?.tunnelID = id
  }

  private mutating func setTransport(_ number: UInt8?) {
    if depth == 1 { expected.flow.transport = number } else { expected.headers.inner?.transport = number }
  }

  private mutating func setFragment(more: UInt8?, offset: UInt16?) {
    guard depth == 1 else { return }
    if offset != 0 { expected.flow.fragment = .later } else if more == 1 { expected.flow.fragment = .first }
  }

  private mutating func next(_ field: String) -> String? {
    guard fields[field]?.isEmpty == false else { return nil }
    return fields[field]?.removeFirst()
  }

  private mutating func number<Number: FixedWidthInteger>(_ field: String) -> Number? {
    guard let text = next(field) else { return nil }
    return text.hasPrefix("0x") ? Number(text.dropFirst(2), radix: 16) : Number(text)
  }

  private mutating func address(_ field: String) throws -> IPAddress? {
    try next(field).map(IPAddress.init(text:))
  }
}

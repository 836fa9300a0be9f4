import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: carried) func `What is inside a packet that a filter drops`(_ drop: DropCase) throws {
    try drop.check()
  }
  @Test(arguments: headers) func `What other headers say of a packet that a filter drops`(_ drop: DropCase)
    throws
  {
    try drop.check()
  }
  @Test(arguments: tagged) func `The tag of a frame that a filter drops`(_ drop: DropCase) throws {
    try drop.check()
  }

  /// Tunnels, from the wire: dropped before the host asks who takes them, so that it need not know them.
  private static let carried = [
    filtered(
      "IPv6 in VXLAN", length: 110, dport: 4789,
      and: .inside("VXLAN", id: 0xabcdef, "TCP", between: ipv6, port: 7),
      traffic: """
        header = struct.pack("!BxxxI", 8, 0xabcdef << 8)
        send(lambda port: udp(port, 4789, header + tcp(7, SYN, v6=True)))
        """),
    filtered(
      "a tagged frame in VXLAN", length: 89, dport: 4789, and: .inside("VXLAN", id: 5, port: 7),
      traffic: """
        inner = udp(7)
        tagged = inner[:12] + struct.pack("!HH", 0x8100, 77) + inner[12:]
        send(lambda port: udp(port, 4789, struct.pack("!BxxxI", 8, 5 << 8) + tagged))
        """),
    filtered(
      "Geneve with an option", length: 93, dport: 6081, and: .inside("Geneve", id: 4711, port: 7),
      traffic: """
        header = struct.pack("!BBHI", 2, 0, 0x6558, 4711 << 8) + struct.pack("!HBBI", 0x102, 3, 1, 0)
        send(lambda port: udp(port, 6081, header + udp(7)))
        """),
    filtered(
      "IP in GRE, with a checksum, a key and a number", length: 71, transport: "GRE", port: nil, dport: nil,
      and: .inside("GRE", id: 0xdead_beef, port: 7),
      traffic: """
        header = struct.pack("!HHHHII", 0xb000, 0x800, 0, 0, 0xdeadbeef, 1)
        send(lambda port: ether(ipv4(header + udp(7)[14:], 47)))
        """),
    filtered(
      "Ethernet in GRE", length: 73, transport: "GRE", port: nil, dport: nil, and: .inside("GRE", port: 7),
      traffic: "send(lambda port: ether(ipv4(struct.pack('!HH', 0, 0x6558) + udp(7), 47)))"),
    filtered(
      "IPv4 in IPv4", length: 55, transport: "IPIP", port: nil, dport: nil, and: .inside("IPIP", port: 7),
      traffic: "send(lambda port: ether(ipv4(udp(7)[14:], 4)))"),
    filtered(
      "IPv6 in IPv4", length: 75, transport: "IPv6", port: nil, dport: nil,
      and: .inside("IPIP", between: ipv6, port: 7),
      traffic: "send(lambda port: ether(ipv4(udp(7, v6=True)[14:], 41)))"),
    filtered(
      "a datagram that did not arrive", length: 63, transport: "ICMP", icmp: (3, 1),
      and: .inside("ICMP error", between: ("10.77.0.1", "192.0.2.1"), port: 7),
      traffic: "send(lambda port: icmp(3, 1, bytes(4) + udp(7, source=HOST, destination='192.0.2.1')[14:]))"),
    filtered(
      "a ping whose time was over", length: 56, transport: "ICMP", icmp: (11, 0),
      and: .inside("ICMP error", "ICMP", between: ("10.77.0.1", "192.0.2.1"), port: nil),
      traffic:
        "send(lambda port: icmp(11, 0, bytes(4) + icmp(8, 0, source=HOST, destination='192.0.2.1')[14:]))"),
    filtered(
      "a segment that was too big", length: 108, network: "IPv6", transport: "ICMPv6", icmp: (2, 0),
      and: .inside("ICMP error", "TCP", between: ("fd77::1", "2001:db8::1"), port: 7),
      traffic: """
        quoted = tcp(7, ACK, v6=True, source=HOST6, destination="2001:db8::1")[14:]
        send(lambda port: icmp(2, 0, struct.pack("!I", 1280) + quoted, v6=True))
        """),
  ]

  private static let ipv6 = (source: "fd77::2", destination: "fd77::1")

  private static let headers = [
    filtered(
      "SCTP", length: 52, transport: "SCTP",
      traffic: "send(lambda port: ether(ipv4(struct.pack('!HHII', port, 9, 1, 0) + bytes(20), 132)))"),
    filtered(
      "a segment's number", length: 45, transport: "TCP", flags: "FIN|SYN|RST|PSH|ACK|URG|ECE|CWR",
      seq: 4_294_967_295,
      traffic: "send(lambda port: tcp(port, 255, seq=0xffffffff, payload=b'12345'))"),
    // Options for each hop, a route of one more, and options for the end.
    filtered(
      "extension headers of IPv6", length: 95, network: "IPv6",
      traffic: """
        options = lambda next: struct.pack("!BBBB4x", next, 0, 1, 4)
        route = struct.pack("!BBBB4x", 60, 2, 4, 0) + address(HOST6)
        chain = options(43) + route + options(17)
        send(lambda port: ether(ipv6(chain + udp(port, v6=True)[54:], 0), 0x86dd))
        """),
    filtered(
      "the first fragment of IPv6", length: 63, network: "IPv6", and: ["fragment": "first"],
      traffic: """
        send(lambda port: ether(ipv6(struct.pack("!BBHI", 17, 0, 1, 7) + udp(port, v6=True)[54:], 44), 0x86dd))
        """),
    filtered(
      "a later fragment of IPv6", length: 72, network: "IPv6", port: nil, dport: nil,
      and: ["fragment": "later"],
      traffic: "send(lambda port: ether(ipv6(struct.pack('!BBHI', 17, 0, 8, 7) + bytes(24), 44), 0x86dd))"),
    filtered(
      "the first fragment of IPv4", and: ["fragment": "first"],
      traffic: "send(lambda port: udp(port, fragment=0x2000))"),
    filtered(
      "the last fragment of IPv4", port: nil, dport: nil, and: ["fragment": "later"],
      traffic: "send(lambda port: udp(port, fragment=0x0010))"),
    filtered(
      "who has an address", length: 28, network: "ARP", transport: nil, from: "10.77.0.2", to: "10.77.0.1",
      and: ["arp_op": "request"], traffic: arp + "send(lambda port: arp(1))"),
    filtered(
      "who has been told", length: 28, network: "ARP", transport: nil, from: "10.77.0.2", to: "10.77.0.1",
      and: ["arp_op": "reply"], traffic: arp + "send(lambda port: arp(2))"),
    filtered(
      "an operation of ARP without a name", length: 28, network: "ARP", transport: nil, from: "10.77.0.2",
      to: "10.77.0.1", and: ["arp_op": "8"], traffic: arp + "send(lambda port: arp(8))"),
  ]

  private static let arp = """
    def arp(operation):
        header = struct.pack("!HHBBH", 1, 0x800, 6, 4, operation)
        return ether(header + WIRE_MAC + address(PEER) + HOST_MAC + address(HOST), 0x806)

    """

  /// skb_vlan_untag() in net/core/skbuff.c takes the outer tag out of the frame before a filter sees it.
  private static let tagged = [
    filtered(
      "of IEEE 802.1Q", and: ["vlan": "4094"],
      traffic: tags + "send(lambda port: tagged(udp(port), (0x8100, 4094)))"),
    filtered(
      "0, which is a priority alone", and: ["vlan": "0"],
      traffic: tags + "send(lambda port: tagged(udp(port), (0x8100, 0x6000)))"),
    // The inner one is still in the packet.
    filtered(
      "of two the outer", length: 39, network: "802.1Q", and: ["vlan": "100"],
      traffic: tags + "send(lambda port: tagged(udp(port), (0x88a8, 100), (0x8100, 200)))"),
  ]

  /// Puts tags into a frame.
  static let tags = """
    def tagged(frame, *tags):
        return frame[:12] + b"".join(struct.pack("!HH", *tag) for tag in tags) + frame[12:]

    """

  /// Dropped at the device it comes in by, whatever it is.
  private static func filtered(
    _ title: String, length: Int = 35, network: String = "IPv4", transport: String? = "UDP",
    from source: String? = nil, to destination: String? = nil, port: Int? = 40001, dport: Int? = 9,
    icmp: (type: Int, code: Int)? = nil, flags: String? = nil, seq: Int = 1000,
    and others: [String: String] = [:], traffic: String
  ) -> DropCase {
    DropCase(
      "NETFILTER_DROP", in: ["nft_do_chain", "nf_hook_slow"], title, length: length, network: network,
      transport: transport, from: source, to: destination, port: port, dport: dport, icmp: icmp, flags: flags,
      seq: seq, and: others,
      setup: """
        nft add table netdev filter
        nft add chain netdev filter ingress '{ type filter hook ingress device host0 priority 0; policy drop; }'
        """, traffic: traffic)
  }
}

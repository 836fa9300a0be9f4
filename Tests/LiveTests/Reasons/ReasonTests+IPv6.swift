import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: ipv6) func `What the IPv6 receiver does not take`(_ drop: DropCase) throws {
    try drop.check()
  }

  /// ip6_rcv_core() in net/ipv6/ip6_input.c, ip6_pkt_discard() in net/ipv6/route.c, icmpv6_rcv() in net/ipv6/icmp.c.
  private static let ipv6 = [
    DropCase(
      "IPV6DISABLED", in: ["ip6_rcv_core", "ipv6_rcv"], length: 55, network: "IPv6",
      setup: "echo 1 >/proc/sys/net/ipv6/conf/host0/disable_ipv6",
      traffic: "send(lambda port: udp(port, v6=True))"),
    DropCase(
      "UNHANDLED_PROTO", in: ["ip6_rcv_core", "ipv6_rcv"], "a version that is none", length: 60,
      network: "IPv6",
      transport: nil, counter: "Ip6InHdrErrors",
      traffic: "send(lambda port: ether(b'\\x50' + ipv6(bytes(20), 17)[1:], 0x86dd))"),
    DropCase(
      "PKT_TOO_SMALL", in: ["ip6_rcv_core", "ipv6_rcv"], "shorter than its header says", length: 55,
      network: "IPv6",
      counter: "Ip6InTruncatedPkts",
      traffic: "send(lambda port: udp(port, v6=True)[:18] + b'\\0\\x40' + udp(port, v6=True)[20:])"),
    DropCase(
      "IP_INHDR", in: ["ip6_rcv_core", "ipv6_rcv"], "from a group", length: 55, network: "IPv6",
      from: "ff02::5",
      counter: "Ip6InHdrErrors", traffic: "send(lambda port: udp(port, v6=True, source='ff02::5'))"),
    DropCase(
      "IP_INHDR", in: ["ip6_forward"], "its last hop", length: 55, network: "IPv6", to: "2001:db8::1",
      counter: "Ip6InHdrErrors",
      setup: "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding\nip route add 2001:db8::/64 via fd77::2",
      traffic: "send(lambda port: udp(port, v6=True, destination='2001:db8::1', hops=1))"),
    DropCase(
      "IP_INNOROUTES", in: ["ip6_pkt_drop", "ip6_pkt_discard"], length: 55, network: "IPv6",
      to: "2001:db8::1",
      setup: "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding",
      traffic: "send(lambda port: udp(port, v6=True, destination='2001:db8::1'))"),
    DropCase(
      "IP_NOPROTO", in: ["ip6_protocol_deliver_rcu", "ip6_input_finish"], length: 60, network: "IPv6",
      transport: "253", counter: "Ip6InUnknownProtos",
      traffic: "send(lambda port: ether(ipv6(bytes(20), 253), 0x86dd))"),
    DropCase(
      "UDP_CSUM", in: ["__udp6_lib_rcv", "udpv6_rcv"], length: 55, network: "IPv6",
      counter: "Udp6InCsumErrors",
      traffic: "send(lambda port: udp(port, v6=True, sum=1))"),
    DropCase(
      "ICMP_CSUM", in: ["icmpv6_rcv"], length: 48, network: "IPv6", transport: "ICMPv6", icmp: (128, 0),
      counter: "Icmp6InCsumErrors", traffic: "send(lambda port: icmp(128, 0, v6=True, sum=1))"),
    DropCase(
      "IPV6_NDISC_HOP_LIMIT", in: discovery, length: 64, network: "IPv6", transport: "ICMPv6", icmp: (135, 0),
      traffic: "send(lambda port: icmp(135, 0, bytes(4) + address(HOST6), v6=True))"),
    DropCase(
      "IPV6_NDISC_BAD_CODE", in: discovery, length: 64, network: "IPv6", transport: "ICMPv6", icmp: (135, 1),
      traffic: "send(lambda port: icmp(135, 1, bytes(4) + address(HOST6), v6=True, hops=255))"),
    DropCase(
      "IPV6_NDISC_BAD_OPTIONS", in: discovery, length: 72, network: "IPv6", transport: "ICMPv6",
      icmp: (135, 0),
      traffic:
        "send(lambda port: icmp(135, 0, bytes(4) + address(HOST6) + b'\\1' + bytes(7), v6=True, hops=255))"),
    DropCase(
      "IPV6_NDISC_NS_OTHERHOST", in: discovery, length: 64, network: "IPv6", transport: "ICMPv6",
      icmp: (135, 0),
      traffic: "send(lambda port: icmp(135, 0, bytes(4) + address('fd77::99'), v6=True, hops=255))"),
    DropCase(
      "IPV6_NDISC_FRAG", in: discovery, length: 72, network: "IPv6", transport: "ICMPv6", icmp: (135, 0),
      traffic: """
        whole = icmp(135, 0, bytes(4) + address(HOST6), v6=True)[54:]
        send(lambda port: ether(ipv6(struct.pack("!BBHI", 58, 0, 0, port) + whole, 44, hops=255), 0x86dd))
        """),
  ]

  /// What handles neighbour discovery, or calls what does.
  private static let discovery = ["icmpv6_rcv", "ndisc_rcv", "ndisc_recv_ns"]
}

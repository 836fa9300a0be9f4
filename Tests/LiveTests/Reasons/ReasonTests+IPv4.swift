import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: ipv4) func `What the IPv4 receiver does not take`(_ drop: DropCase) throws {
    try drop.check()
  }

  /// ip_rcv_core() and ip_rcv_finish_core() in net/ipv4/ip_input.c, ip_error() in net/ipv4/route.c.
  private static let ipv4 = [
    DropCase(
      "IP_CSUM", in: ["ip_rcv_core", "ip_rcv"], counter: "IpExtInCsumErrors",
      traffic: "send(lambda port: udp(port, header_sum=1))"),
    DropCase(
      "IP_INHDR", in: ["ip_rcv_core", "ip_rcv"], "a version that is none", length: 40, transport: nil,
      counter: "IpInHdrErrors", traffic: "send(lambda port: ether(ipv4(bytes(20), 17, first=0x55)))"),
    DropCase(
      "PKT_TOO_SMALL", in: ["ip_rcv_core", "ip_rcv"], "shorter than its header says",
      counter: "IpExtInTruncatedPkts",
      traffic: "send(lambda port: udp(port)[:14] + udp(port, payload=bytes(50))[14:49])"),
    DropCase(
      "OTHERHOST", in: ["ip_rcv_core", "ip_rcv"],
      traffic: "send(lambda port: bytes.fromhex('020000000003') + udp(port)[6:])"),
    DropCase(
      "UNICAST_IN_L2_MULTICAST", in: ["ip_rcv_finish_core", "ip_rcv_finish"],
      setup: "echo 1 >/proc/sys/net/ipv4/conf/host0/drop_unicast_in_l2_multicast",
      traffic: "send(lambda port: b'\\xff' * 6 + udp(port)[6:])"),
    DropCase(
      "IP_RPFILTER", in: ["ip_rcv_finish_core", "ip_rcv_finish"], from: "192.0.2.1",
      counter: "TcpExtIPReversePathFilter", setup: "echo 1 >/proc/sys/net/ipv4/conf/host0/rp_filter",
      traffic: "send(lambda port: udp(port, source='192.0.2.1'))"),
    DropCase(
      "IP_LOCAL_SOURCE", in: ["ip_rcv_finish_core", "ip_rcv_finish"], from: "10.77.0.1",
      traffic: "send(lambda port: udp(port, source=HOST))"),
    DropCase(
      "IP_INVALID_SOURCE", in: ["ip_rcv_finish_core", "ip_rcv_finish"], from: "224.0.0.5",
      traffic: "send(lambda port: udp(port, source='224.0.0.5'))"),
    DropCase(
      "IP_LOCALNET", in: ["ip_rcv_finish_core", "ip_rcv_finish"], from: "127.0.0.5",
      traffic: "send(lambda port: udp(port, source='127.0.0.5'))"),
    DropCase(
      "IP_INADDRERRORS", in: ["ip_error"], to: "192.0.2.1", counter: "IpInAddrErrors",
      traffic: "send(lambda port: udp(port, destination='192.0.2.1'))"),
    DropCase(
      "IP_INNOROUTES", in: ["ip_error"], to: "192.0.2.1", counter: "IpExtInNoRoutes", setup: forwarding,
      traffic: "send(lambda port: udp(port, destination='192.0.2.1'))"),
    DropCase(
      "IP_INHDR", in: ["ip_forward"], "its time to live is over", to: "192.0.2.1", counter: "IpInHdrErrors",
      setup: forwarding + "\nip route add 192.0.2.0/24 via 10.77.0.2",
      traffic: "send(lambda port: udp(port, destination='192.0.2.1', ttl=1))"),
    DropCase(
      "PKT_TOO_BIG", in: ["ip_forward"], length: 1228, to: "192.0.2.1", counter: "IpFragFails",
      setup: forwarding + "\nip route add 192.0.2.0/24 via 10.77.0.2 mtu 1000",
      traffic: "send(lambda port: udp(port, payload=bytes(1200), destination='192.0.2.1', fragment=0x4000))"),
    DropCase(
      "IP_NOPROTO", in: ["ip_protocol_deliver_rcu", "ip_local_deliver_finish"], length: 40, transport: "253",
      counter: "IpInUnknownProtos", traffic: "send(lambda port: ether(ipv4(bytes(20), 253)))"),
    DropCase(
      "ICMP_CSUM", in: ["icmp_rcv"], length: 28, transport: "ICMP", icmp: (8, 0), counter: "IcmpInCsumErrors",
      traffic: "send(lambda port: icmp(8, 0, sum=1))"),
    DropCase(
      "UNHANDLED_PROTO", in: ["icmp_rcv"], "an ICMP type beyond all", length: 28, transport: "ICMP",
      icmp: (44, 0),
      traffic: "send(lambda port: icmp(44, 0))"),
    DropCase(
      "INVALID_PROTO", in: ["icmp_rcv"], "a ping to all", length: 28, transport: "ICMP", to: "10.77.0.255",
      icmp: (8, 0),
      counter: "IcmpInErrors", traffic: "send(lambda port: icmp(8, 0, destination='10.77.0.255'))"),
    DropCase(
      "XFRM_POLICY", in: ["udp_queue_rcv_one_skb", "udp_queue_rcv_skb"],
      setup: "ip xfrm policy add dir in src 10.77.0.0/24 dst 10.77.0.0/24 action block",
      traffic: receiver + "send(udp)"),
  ]

  private static let forwarding = "echo 1 >/proc/sys/net/ipv4/ip_forward"

  /// A socket that takes what is sent.
  static let receiver = """
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind((HOST, 9))

    """
}

import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: fragments) func `Fragments that never become a packet`(_ drop: DropCase) throws {
    try drop.check()
  }

  /// net/ipv4/ip_fragment.c and net/ipv6/reassembly.c.
  private static let fragments = [
    DropCase(
      "DUP_FRAG", in: ["ip_frag_queue", "ip_defrag"], "of IPv4", packets: 2, length: 44, port: nil,
      dport: nil, and: ["fragment": "later"],
      traffic: "send(lambda port: ether(ipv4(bytes(24), 17, id=7, fragment=0x2001)))"),
    DropCase(
      "DUP_FRAG", in: ["ip6_frag_queue", "ipv6_frag_rcv"], "of IPv6", packets: 2, length: 72, network: "IPv6",
      port: nil, dport: nil, and: ["fragment": "later"],
      traffic: "send(lambda port: ether(ipv6(struct.pack('!BBHI', 17, 0, 9, 7) + bytes(24), 44), 0x86dd))"),
    // A second is the shortest time there is. The kernel reports the first fragment of each packet.
    DropCase(
      "FRAG_REASM_TIMEOUT", in: ["ip_expire"], length: 36, counter: "IpReasmTimeout",
      and: ["fragment": "first"],
      setup: "echo 1 >/proc/sys/net/ipv4/ipfrag_time",
      traffic: """
        send(lambda port: udp(port, payload=bytes(8), id=port, fragment=0x2000))
        while "IpReasmTimeout                  3" not in os.popen("nstat -asz IpReasmTimeout").read(): time.sleep(0.05)
        """),
  ]
}

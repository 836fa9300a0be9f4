import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: owned) func `Whose a packet is`(_ drop: DropCase) throws { try drop.check() }

  private static let owned = [
    DropCase(
      "SOCKET_FILTER", in: ["udp_queue_rcv_one_skb", "udp_queue_rcv_skb"],
      "of the socket that does not take it",
      and: ["uid": "65534"],
      traffic: somebody + "nobodys.bind((HOST, 9))\nreject_all(nobodys)\nsend(udp)\n" + tell),
    DropCase(
      "NETFILTER_DROP", in: ["nft_do_chain", "nf_hook_slow"], "of the socket that sent it", packets: 1,
      length: 128, from: "10.77.0.1", to: "10.77.0.2", context: "task",
      and: ["uid": "65534", "mark": "\(UInt32.max)", "direction": "sent"],
      setup: """
        nft add table ip filter
        nft add chain ip filter output '{ type filter hook output priority 0; policy accept; }'
        nft add rule ip filter output udp dport 9 drop
        """,
      traffic: somebody + tell + """

        SO_MARK = 36
        nobodys.setsockopt(socket.SOL_SOCKET, SO_MARK, struct.pack("I", 0xffffffff))
        nobodys.bind((HOST, PORT))
        try: nobodys.sendto(bytes(100), (PEER, 9))
        except PermissionError: pass
        """),
    // The sender is at the other end of the wire, and gone with it.
    DropCase(
      "NO_SOCKET", in: ["__udp4_lib_rcv", "udp_rcv"], "nobody's", and: ["uid": "NULL", "cookie": "NULL"],
      traffic: "send(udp)"),
    // nftables marks it before it is dropped.
    DropCase(
      "NO_SOCKET", in: ["__udp4_lib_rcv", "udp_rcv"], "marked as it came in", and: ["mark": "4711"],
      setup: """
        nft add table ip mangle
        nft add chain ip mangle prerouting '{ type filter hook prerouting priority -150; }'
        nft add rule ip mangle prerouting meta mark set 4711
        """, traffic: "send(udp)"),
  ]

  /// A socket of another user's.
  private static let somebody = """
    os.seteuid(65534)
    nobodys = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    os.seteuid(0)

    """
  private static let tell = """
    SO_COOKIE = 57
    print("cookie", *struct.unpack("@Q", nobodys.getsockopt(socket.SOL_SOCKET, SO_COOKIE, 8)))
    """
}

import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: transmission) func `What is dropped on its way out`(_ drop: DropCase) throws {
    try drop.check()
  }

  /// __dev_queue_xmit() in net/core/dev.c, __neigh_event_send() in net/core/neighbour.c.
  private static let transmission = [
    outgoing(
      "TC_EGRESS", in: ["sch_handle_egress", "__dev_queue_xmit"],
      setup:
        "tc qdisc add dev host0 clsact\ntc filter add dev host0 egress bpf direct-action bytecode '1,6 0 0 2'"
    ),
    // The bucket takes three, a fourth waits. tc(8) counts too.
    outgoing(
      "QDISC_DROP",
      in: ["__dev_queue_xmit", "__dev_xmit_skb", "tcf_kfree_skb_list", "kfree_skb_list_reason"],
      packets: 6, length: 528, port: 40005,
      setup: "tc qdisc add dev host0 root tbf rate 8kbit burst 2kb limit 1kb",
      traffic: """
        datagrams(PEER, 10, 500)
        assert '"drops":6,' in os.popen("tc -s -j qdisc show dev host0").read()
        """),
    outgoing(
      "NEIGH_FAILED", in: ["__neigh_event_send", "neigh_resolve_output"], to: "10.77.0.50",
      setup: "echo 0 >/proc/sys/net/ipv4/neigh/host0/mcast_solicit"),
    // Each that comes drops the one that waits, as there is room for none.
    outgoing(
      "NEIGH_QUEUEFULL", in: ["__neigh_event_send", "neigh_resolve_output"], to: "10.77.0.50", sent: 4,
      setup: """
        echo 0 >/proc/sys/net/ipv4/neigh/host0/unres_qlen_bytes
        echo 1000000 >/proc/sys/net/ipv4/neigh/host0/retrans_time_ms
        """),
    outgoing(
      "NETFILTER_DROP", in: ["nft_do_chain", "nf_hook_slow"], packets: 1,
      setup: """
        nft add table ip filter
        nft add chain ip filter output '{ type filter hook output priority 0; policy accept; }'
        nft add rule ip filter output udp dport 9 drop
        """,
      traffic: """
        try: datagrams(PEER)
        except PermissionError: pass
        """),
  ]

  /// Datagrams of the host itself, of 100 bytes each.
  private static func outgoing(
    _ reason: String, in functions: [String], packets: Int = 3, length: Int = 128,
    to destination: String = "10.77.0.2",
    port: Int = 40001, sent: Int = 3, setup: String, traffic: String? = nil
  ) -> DropCase {
    DropCase(
      reason, in: functions, "on the way out", packets: packets, length: length, from: "10.77.0.1",
      to: destination, port: port,
      context: "task", and: ["direction": "sent"], setup: setup,
      traffic: traffic ?? "datagrams('\(destination)', \(sent))")
  }
}

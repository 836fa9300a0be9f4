import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: filters) func `What filters drop as it comes in`(_ drop: DropCase) throws {
    try drop.check()
  }

  /// nft_do_chain() in net/netfilter/nf_tables_core.c, __netif_receive_skb_core() in net/core/dev.c.
  private static let filters = [
    DropCase(
      "NETFILTER_DROP", in: ["nft_do_chain", "nf_hook_slow"], "of a device",
      setup: """
        nft add table netdev filter
        nft add chain netdev filter ingress '{ type filter hook ingress device host0 priority 0; policy drop; }'
        """, traffic: "send(udp)"),
    DropCase(
      "NETFILTER_DROP", in: ["nft_do_chain", "nf_hook_slow"], "of IPv6", length: 55, network: "IPv6",
      setup: """
        nft add table ip6 filter
        nft add chain ip6 filter prerouting '{ type filter hook prerouting priority 0; policy accept; }'
        nft add rule ip6 filter prerouting udp dport 9 drop
        """, traffic: "send(lambda port: udp(port, v6=True))"),
    DropCase(
      "NETFILTER_DROP", in: ["nft_do_chain", "nf_hook_slow"], "of what is forwarded", to: "192.0.2.1",
      setup: """
        echo 1 >/proc/sys/net/ipv4/ip_forward
        ip route add 192.0.2.0/24 via 10.77.0.2
        nft add table ip filter
        nft add chain ip filter forward '{ type filter hook forward priority 0; policy drop; }'
        """, traffic: "send(lambda port: udp(port, destination='192.0.2.1'))"),
    DropCase(
      "TC_INGRESS", in: ["sch_handle_ingress", "__netif_receive_skb_core"],
      setup: """
        tc qdisc add dev host0 clsact
        tc filter add dev host0 ingress bpf direct-action bytecode '1,6 0 0 2'
        """, traffic: "send(udp)"),
  ]
}

import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: bridged) func `What a bridge does not forward`(_ drop: DropCase) throws {
    try drop.check()
  }
  @Test(arguments: tunnelled) func `What a VXLAN tunnel does not take`(_ drop: DropCase) throws {
    try drop.check()
  }
  @Test(arguments: tapped) func `What a TAP device does not pass on`(_ drop: DropCase) throws {
    try drop.check()
  }

  /// br_handle_frame() in net/bridge/br_input.c.
  private static let bridged = [
    DropCase(
      "BRIDGE_INGRESS_STP_STATE", in: ["br_handle_frame"], setup: bridge(state: "disabled"),
      traffic: "send(udp)"),
    DropCase(
      "MAC_IEEE_MAC_CONTROL", in: ["br_handle_frame"], setup: bridge(state: "forwarding"),
      traffic: "send(lambda port: bytes.fromhex('0180c2000001') + udp(port)[6:])"),
    DropCase(
      "MAC_INVALID_SOURCE", in: ["br_handle_frame"], "a group's", setup: bridge(state: "forwarding"),
      traffic: "send(lambda port: HOST_MAC + bytes.fromhex('030000000001') + udp(port)[12:])"),
    // To somebody unknown, and there is no other port.
    DropCase(
      "NO_TX_TARGET", in: ["br_flood", "br_handle_frame_finish"], "of a bridge",
      setup: bridge(state: "forwarding"),
      traffic: "send(lambda port: bytes.fromhex('020000000099') + udp(port)[6:])"),
  ]

  private static func bridge(state: String) -> String {
    """
    ip link add br0 type bridge mcast_snooping 0
    echo 1 >/proc/sys/net/ipv6/conf/br0/disable_ipv6
    ip link set br0 up
    ip link set host0 master br0
    bridge link set dev host0 state \(state)
    """
  }

  /// vxlan_rcv() and vxlan_xmit() in drivers/net/vxlan/vxlan_core.c.
  private static let tunnelled = [
    DropCase(
      "VXLAN_VNI_NOT_FOUND", in: ["vxlan_rcv"], length: 85, dport: 4789,
      and: .inside("VXLAN", id: 43, port: 1), setup: tunnel,
      traffic: vxlan + "send(lambda port: vxlan(port, udp(1), vni=43))"),
    DropCase(
      "VXLAN_INVALID_HDR", in: ["vxlan_rcv"], length: 85, dport: 4789, setup: tunnel,
      traffic: vxlan + "send(lambda port: vxlan(port, udp(1), flags=0))"),
    DropCase(
      "PKT_TOO_SMALL", in: ["vxlan_rcv"], "of VXLAN", length: 31, dport: 4789, setup: tunnel,
      traffic: "send(lambda port: udp(port, 4789, bytes(3)))"),
    DropCase(
      "MAC_INVALID_SOURCE", in: ["vxlan_rcv", "vxlan_set_mac"], "none, in a tunnel", length: 85, dport: 4789,
      interface: "vxlan0", and: delivered, setup: tunnel,
      traffic: vxlan + "send(lambda port: vxlan(port, INNER_MAC + bytes(6) + udp(1)[12:]))"),
    DropCase(
      "LOCAL_MAC", in: ["vxlan_rcv", "vxlan_set_mac"], length: 85, dport: 4789, interface: "vxlan0",
      and: delivered, setup: tunnel,
      traffic: vxlan + "send(lambda port: vxlan(port, INNER_MAC + INNER_MAC + udp(1)[12:]))"),
    // The network header is the inner one by then.
    DropCase(
      "IP_TUNNEL_ECN", in: ["vxlan_rcv"], from: "10.78.0.2", to: "10.78.0.1", interface: "vxlan0",
      and: ["direction": "NULL"], setup: tunnel,
      traffic: vxlan + """
        inner = lambda port: INNER_MAC + udp(port, source="10.78.0.2", destination="10.78.0.1")[6:]
        send(lambda port: vxlan(port, inner(port), tos=3))
        """),
    DropCase(
      "NO_TX_TARGET", in: ["vxlan_xmit"], "of VXLAN", length: 128, from: "10.78.0.1", to: "10.78.0.2",
      context: "task",
      interface: "vxlan0", and: ["direction": "sent"], setup: tunnel, traffic: "datagrams('10.78.0.2')"),
  ]

  /// What it was received by is forgotten when it leaves the tunnel.
  private static let delivered = [String: String].inside("VXLAN", id: 42, port: 1)
    .merging(["direction": "NULL"]) { $1 }
  private static let tunnel = """
    ip link add vxlan0 address 02:00:00:00:00:78 type vxlan id 42 local 10.77.0.1 dev host0 dstport 4789
    echo 1 >/proc/sys/net/ipv6/conf/vxlan0/disable_ipv6
    ip addr add 10.78.0.1/24 dev vxlan0
    ip link set vxlan0 up
    ip neigh add 10.78.0.2 lladdr 02:00:00:00:00:79 dev vxlan0 nud permanent
    """
  private static let vxlan = """
    INNER_MAC = bytes.fromhex("020000000078")
    def vxlan(port, inner, vni=42, flags=8, **header):
        return udp(port, 4789, struct.pack("!BxxxI", flags, vni << 8) + inner, **header)

    """

  /// tun_net_xmit() and tun_get_user() in drivers/net/tun.c.
  private static let tapped = [
    // Nobody reads, and there is room for two. The device has let go of the sender by then.
    DropCase(
      "FULL_RING", in: ["tun_net_xmit"], packets: 4, length: 128, from: "10.79.0.1", to: "10.79.0.2",
      port: 40003,
      context: "task", interface: "tap0", and: ["direction": "NULL"],
      traffic: tap + "datagrams('10.79.0.2', 6)"),
    DropCase(
      "TAP_TXFILTER", in: ["tun_net_xmit"], length: 128, from: "10.79.0.1", to: "10.79.0.2", context: "task",
      interface: "tap0", and: ["direction": "sent"],
      traffic: tap + """
        TUNSETTXFILTER = 0x400454d1
        fcntl.ioctl(tap, TUNSETTXFILTER, struct.pack("HH6s", 0, 1, bytes.fromhex("020000000055")))
        datagrams("10.79.0.2")
        """),
    DropCase(
      "DEV_READY", in: ["tun_get_user"], length: 35, context: "task", interface: "tap0",
      and: ["direction": "sent"],
      traffic: tap + """
        os.system("ip link set tap0 down")
        for i in range(3):
            try: os.write(tap, bytes(4) + udp(PORT + i))
            except OSError: pass
        """),
  ]

  private static let tap = """
    import fcntl
    tap = os.open("/dev/net/tun", os.O_RDWR)
    TUNSETIFF, TUNSETPERSIST, IFF_TAP = 0x400454ca, 0x400454cb, 2
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"tap0", IFF_TAP))
    fcntl.ioctl(tap, TUNSETPERSIST, 1)
    os.system('''
        echo 1 >/proc/sys/net/ipv6/conf/tap0/disable_ipv6
        ip link set tap0 txqueuelen 2
        ip addr add 10.79.0.1/24 dev tap0
        ip link set tap0 up
        ip neigh add 10.79.0.2 lladdr 02:00:00:00:00:79 dev tap0 nud permanent''')

    """
}

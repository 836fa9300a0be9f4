import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: express) func `What XDP programs drop`(_ drop: DropCase) throws { try drop.check() }

  /// bpf_prog_run_generic_xdp() and do_xdp_generic() in net/core/dev.c, veth_xdp_rcv_skb() in drivers/net/veth.c.
  private static let express = [
    DropCase(
      "NOT_SPECIFIED", in: generic, "in generic mode", traffic: drop("GENERIC") + "send(udp)"),
    // It runs before the tag is taken out of the frame.
    DropCase(
      "NOT_SPECIFIED", in: generic, "a tagged frame in generic mode", length: 39, network: "802.1Q",
      and: ["vlan": "77"],
      traffic: drop("GENERIC") + tags + "send(lambda port: tagged(udp(port), (0x8100, 77)))"),
    DropCase(
      "XDP", in: ["do_xdp_generic"], "that goes nowhere, in generic mode",
      traffic: PythonBPF.prelude
        + "attach(XDP, XDP_DEVICE, 'host0', GENERIC, move(1, 4711), move(2, 0), call(23), RETURN)\nsend(udp)"),
    DropCase(
      "NOT_SPECIFIED", in: ["veth_xdp_rcv_skb", "veth_xdp_rcv"], "in the driver", and: ["direction": "NULL"],
      traffic: drop("NATIVE") + "send(udp)"),
  ]

  private static let generic = [
    "bpf_prog_run_generic_xdp", "netif_receive_generic_xdp", "do_xdp_generic",
  ]

  /// XDP_DROP is 1.
  private static func drop(_ mode: String) -> String {
    PythonBPF.prelude + "attach(XDP, XDP_DEVICE, 'host0', \(mode), move(0, 1), RETURN)\n"
  }
}

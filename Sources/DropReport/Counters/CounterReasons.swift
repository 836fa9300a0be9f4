/// Which drop reasons belong to which of the kernel's counters, by name.
///
/// Where the kernel gives such a reason it raises such a counter, each for the packets of its protocol. A counter may rise
/// without the reason, and for several.
public struct CounterReasons: Sendable {
  private let byCounter: [String: [String]]

  /// The table: what the explanations say of counters that `nstat` has, and ``devices``.
  ///
  /// - Parameter explanations: All there are.
  public init(_ explanations: [Explanation]) {
    var byCounter: [String: [String]] = [:]
    for explanation in explanations {
      for counter in explanation.counters { byCounter[counter, default: []].append(explanation.name) }
    }
    for counter in Self.devices { byCounter[Self.key(counter.source, counter.name)] = counter.reasons }
    self.byCounter = byCounter
  }

  /// The reasons that belong to a counter; none where no reason can, or none is known.
  ///
  /// - Parameters:
  ///   - source: Where the kernel tells it, as in the view `counters`.
  ///   - name: Its name there.
  /// - Returns: The reasons' names.
  public func reasons(source: String, name: String) -> [String] {
    byCounter[Self.key(source, name)] ?? []
  }

  /// The counters of interfaces, CPUs and queueing disciplines that belong to a reason.
  ///
  /// - Parameter reason: Its name.
  /// - Returns: Where the kernel tells them, and their names.
  public static func deviceCounters(of reason: String) -> [(source: String, name: String)] {
    devices.filter { $0.reasons.contains(reason) }.map { ($0.source, $0.name) }
  }

  private static func key(_ source: String, _ name: String) -> String {
    ["interface", "softnet", "qdisc"].contains(source) ? "\(source) \(name)" : name
  }

  /// What `nstat` does not have, from the kernel's sources (6.12 and 6.18), by the function that raises the counter and gives
  /// the reason.
  private static let devices: [(source: String, name: String, reasons: [String])] = [
    (
      "interface", "rx_dropped",
      [
        // __netif_receive_skb_core(), enqueue_to_backlog(), macvlan_broadcast_enqueue(), ipvlan_multicast_enqueue(),
        // tun_get_user(); drivers often say nothing.
        "UNHANDLED_PROTO", "PTYPE_ABSENT", "CPU_BACKLOG", "PFMEMALLOC", "DEV_READY",
        "MACVLAN_BROADCAST_BACKLOG", "IPVLAN_MULTICAST_BACKLOG", "NOMEM", "SKB_UCOPY_FAULT", "NOT_SPECIFIED",
      ]
    ),
    (
      "interface", "tx_dropped",
      [
        // tun_net_xmit(), vxlan_xmit(), __dev_queue_xmit(); veth_xmit() and bonds say nothing.
        "FULL_RING", "TAP_FILTER", "TAP_TXFILTER", "DEV_READY", "NOMEM", "SKB_UCOPY_FAULT", "NO_TX_TARGET",
        "RECURSION_LIMIT", "NOT_SPECIFIED",
      ]
    ),
    // vxlan_rcv()
    ("interface", "rx_errors", ["IP_TUNNEL_ECN"]), ("interface", "rx_frame_errors", ["IP_TUNNEL_ECN"]),
    // __netif_receive_skb_core(), with the same reason as rx_dropped.
    ("interface", "rx_nohandler", ["UNHANDLED_PROTO", "PTYPE_ABSENT"]),
    // ip_rcv_core(), ip6_rcv_core()
    ("interface", "rx_otherhost_dropped", ["OTHERHOST"]),
    // enqueue_to_backlog()
    ("softnet", "dropped", ["CPU_BACKLOG"]), ("softnet", "flow_limit_count", ["CPU_BACKLOG"]),
    (
      "qdisc", "drops",
      [
        // __dev_xmit_skb(); what newer kernels say instead; sch_handle_ingress(), sch_handle_egress()
        "QDISC_DROP", "QDISC_BURST_DROP", "QDISC_OVERLIMIT", "QDISC_CONGESTED", "CAKE_FLOOD",
        "FQ_BAND_LIMIT", "FQ_HORIZON_LIMIT", "FQ_FLOW_LIMIT", "DUALPI2_STEP_DROP", "QDISC_DROP_GENERIC",
        "QDISC_DROP_OVERLIMIT", "QDISC_DROP_CONGESTED", "QDISC_DROP_MAXFLOWS",
        "QDISC_DROP_FLOOD_PROTECTION", "QDISC_DROP_BAND_LIMIT", "QDISC_DROP_HORIZON_LIMIT",
        "QDISC_DROP_FLOW_LIMIT", "QDISC_DROP_L4S_STEP_NON_ECN", "TC_INGRESS", "TC_EGRESS",
        "TC_COOKIE_ERROR", "TC_CHAIN_NOTFOUND", "TC_RECLASSIFY_LOOP",
      ]
    ),
  ]

  /// All counters of this table, for a test.
  static var deviceReasons: Set<String> { Set(devices.flatMap(\.reasons)) }
}

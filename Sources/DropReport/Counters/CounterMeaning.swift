/// What it means that one of the kernel's counters rises.
public struct CounterMeaning: Hashable, Sendable {
  /// What a rise says.
  public enum Kind: String, CaseIterable, Sendable {
    /// A packet was lost, and the kernel names a reason for it as a rule.
    case loss
    /// A packet was lost before it was one to the kernel, or by a device: no reason can be behind it.
    case unseen
    /// No packet of this host was lost by it: something was late, refused or sent again.
    case sign
  }

  /// What a rise says.
  public let kind: Kind
  /// The same in words, and what to do; `nil` where the name says it.
  public let text: String?

  /// The meaning of a counter.
  ///
  /// - Parameters:
  ///   - source: Where the kernel tells it, as in the view `counters`.
  ///   - name: Its name there.
  public init(source: String, name: String) {
    if let known = Self.known[source]?[name] {
      kind = known.kind
      text = known.text
    } else if Self.signs.contains(name) {
      kind = .sign
      text = nil
    } else {
      kind = .loss
      text = nil
    }
  }

  /// By source and name; facts from `include/uapi/linux/if_link.h` (`struct rtnl_link_stats64`), `net/core/dev.c` and
  /// `Documentation/networking/statistics.rst`.
  private static let known: [String: [String: (kind: Kind, text: String?)]] = [
    "interface": [
      "rx_errors": (.unseen, "the device received what it could not use; the counters beside it say what"),
      "tx_errors": (.unseen, "the device could not send; the counters beside it say why"),
      "rx_dropped": (
        .loss,
        "received and given up: by nobody's protocol, a full backlog, or by the driver for want of room"
      ),
      "tx_dropped": (.loss, "given up on the way out: a full ring of the device, or it was not ready"),
      "collisions": (.sign, "somebody else was sending: half duplex; compare the settings of both ends"),
      "rx_length_errors": (.unseen, "frames of a wrong length; compare the MTU of both ends"),
      "rx_over_errors": (.unseen, "the device had no room for the frame; 'ethtool -g' shows its rings"),
      "rx_crc_errors": (.unseen, "frames damaged on the wire; look at cable, connector and port"),
      "rx_frame_errors": (.unseen, "frames damaged on the wire; look at cable, connector and port"),
      "rx_fifo_errors": (
        .unseen, "the device's buffer was full; 'ethtool -g' shows its rings, 'ethtool -S' which queue"
      ),
      "rx_missed_errors": (
        .unseen,
        "the host did not fetch frames in time; 'ethtool -g' shows the rings, and look at the CPU's load"
      ),
      "tx_aborted_errors": (.unseen, "the device gave up sending; 'ethtool -S' tells more"),
      "tx_carrier_errors": (.unseen, "the link was lost while sending; look at cable and port"),
      "tx_fifo_errors": (
        .unseen, "the device's buffer ran empty or full while sending; 'ethtool -S' tells more"
      ),
      "tx_heartbeat_errors": (.unseen, nil),
      "tx_window_errors": (.unseen, "late collisions; compare the duplex settings of both ends"),
      "rx_nohandler": (.loss, "received at an inactive interface, such as the standby of a bond"),
      "rx_otherhost_dropped": (.loss, "frames for another host, as in promiscuous mode; part of normal life"),
    ],
    "softnet": [
      "dropped": (.loss, "the backlog of a CPU was full; net.core.netdev_max_backlog is its length"),
      "time_squeeze": (
        .sign,
        "a CPU did not finish what had come in its time; net.core.netdev_budget and netdev_budget_usecs limit it"
      ),
      "flow_limit_count": (
        .loss, "one flow had too much of a CPU's backlog (net.core.flow_limit_cpu_bitmap)"
      ),
    ],
    "qdisc": [
      "drops": (
        .loss, "the queueing discipline dropped, or a filter at it did; 'tc -s -d qdisc' shows its limits"
      ),
      "overlimits": (.sign, "the queueing discipline had to hold packets back, as it was told to"),
      "requeues": (.sign, "the device was busy, and the packet was queued again"),
    ],
    "snmp": [
      "TcpRetransSegs": (.sign, "sent again, since nobody said that it had come: lost somewhere on the way")
    ],
    "netstat": [
      "TcpExtTCPSynRetrans": (.sign, "asked again for a connection: nobody answered"),
      "TcpExtTCPTimeouts": (.sign, "waited in vain for an answer"),
      "TcpExtTCPMemoryPressures": (.sign, "TCP came to the limit of its memory (net.ipv4.tcp_mem)"),
    ],
  ]

  /// Other counters that rise without a packet of this host being dropped.
  private static let signs: Set<String> = [
    "IcmpOutErrors", "IcmpOutRateLimitGlobal", "IcmpOutRateLimitHost", "Icmp6OutErrors",
    "Icmp6OutRateLimitHost",
    "TcpAttemptFails", "TcpEstabResets", "TcpOutRsts", "UdpSndbufErrors", "Udp6SndbufErrors",
    "UdpLiteSndbufErrors", "UdpLite6SndbufErrors",
    "TcpExtSyncookiesSent", "TcpExtEmbryonicRsts", "TcpExtPruneCalled", "TcpExtOutOfWindowIcmps",
    "TcpExtDelayedACKLost", "TcpExtTCPTimeWaitOverflow", "TcpExtTCPReqQFullDoCookies",
    "TcpExtTCPLostRetransmit", "TcpExtTCPRetransFail", "TcpExtTCPRcvCollapsed", "TcpExtTCPAbortOnData",
    "TcpExtTCPAbortOnClose", "TcpExtTCPAbortOnMemory", "TcpExtTCPAbortOnTimeout", "TcpExtTCPAbortOnLinger",
    "TcpExtTCPAbortFailed", "TcpExtTCPSYNChallenge", "TcpExtTCPFastOpenActiveFail",
    "TcpExtTCPFastOpenPassiveFail", "TcpExtTCPFastOpenListenOverflow", "TcpExtTCPWqueueTooBig",
    "TcpExtTCPMigrateReqFailure",
  ]
}

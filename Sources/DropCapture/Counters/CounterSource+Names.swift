internal import DropEvents

extension CounterSource {
  /// The counters that are looked at: those that mean a packet lost, refused, late or sent again.
  ///
  /// A list and not all: of some 400 counters most count what went well, and would fill the database with every packet.
  /// Whoever adds one asks: does it rise where nothing is wrong? Counters of a list stand in the order of its names.
  var names: [String] {
    switch self {
    case .interface: Self.linkNames
    case .softnet: Self.softnetNames
    case .qdisc: QdiscStatistics.names
    case .snmp: Self.snmpNames
    case .netstat: Self.netstatNames
    case .snmp6: Self.snmp6Names
    }
  }

  /// Whether the kernel's counters have 32 bits, and begin anew when these are full.
  var wrapsAt32Bits: Bool { self == .softnet || self == .qdisc }

  private static let linkNames = LinkStatistics.names.map(\.name)
  private static let softnetNames = SoftnetStatistics.names.map(\.name)

  /// `net/ipv4/proc.c`, the tables `snmp4_ipstats_list`, `snmp4_icmp_list`, `snmp4_tcp_list`, `snmp4_udp_list`.
  private static let snmpNames = [
    "IpInHdrErrors", "IpInAddrErrors", "IpInUnknownProtos", "IpInDiscards", "IpOutDiscards", "IpOutNoRoutes",
    "IpReasmTimeout", "IpReasmFails", "IpFragFails",
    "IcmpInErrors", "IcmpInCsumErrors", "IcmpOutErrors", "IcmpOutRateLimitGlobal", "IcmpOutRateLimitHost",
    "TcpAttemptFails", "TcpEstabResets", "TcpRetransSegs", "TcpInErrs", "TcpOutRsts", "TcpInCsumErrors",
    "UdpNoPorts", "UdpInErrors", "UdpRcvbufErrors", "UdpSndbufErrors", "UdpInCsumErrors", "UdpMemErrors",
    "UdpLiteNoPorts", "UdpLiteInErrors", "UdpLiteRcvbufErrors", "UdpLiteSndbufErrors", "UdpLiteInCsumErrors",
    "UdpLiteMemErrors",
  ]

  /// The same file, `snmp4_net_list` and `snmp4_ipextstats_list`; `net/mptcp/mib.c`.
  private static let netstatNames = [
    "IpExtInNoRoutes", "IpExtInTruncatedPkts", "IpExtInCsumErrors",
    "TcpExtSyncookiesSent", "TcpExtSyncookiesFailed", "TcpExtEmbryonicRsts",
    "TcpExtPruneCalled", "TcpExtRcvPruned", "TcpExtOfoPruned",
    "TcpExtOutOfWindowIcmps", "TcpExtLockDroppedIcmps", "TcpExtArpFilter",
    "TcpExtPAWSActive", "TcpExtPAWSEstab", "TcpExtPAWSOldAck", "TcpExtPAWSTimewait", "TcpExtBeyondWindow",
    "TcpExtTSEcrRejected", "TcpExtDelayedACKLost",
    "TcpExtListenOverflows", "TcpExtListenDrops", "TcpExtTCPDeferAcceptDrop", "TcpExtTCPTimeWaitOverflow",
    "TcpExtTCPReqQFullDoCookies", "TcpExtTCPReqQFullDrop",
    "TcpExtTCPLostRetransmit", "TcpExtTCPTimeouts", "TcpExtTCPSynRetrans", "TcpExtTCPRetransFail",
    "TcpExtTCPRcvCollapsed",
    "TcpExtTCPAbortOnData", "TcpExtTCPAbortOnClose", "TcpExtTCPAbortOnMemory", "TcpExtTCPAbortOnTimeout",
    "TcpExtTCPAbortOnLinger", "TcpExtTCPAbortFailed", "TcpExtTCPMemoryPressures",
    "TcpExtTCPMD5NotFound", "TcpExtTCPMD5Unexpected", "TcpExtTCPMD5Failure",
    "TcpExtTCPAORequired", "TcpExtTCPAOBad", "TcpExtTCPAOKeyNotFound", "TcpExtTCPAODroppedIcmps",
    "TcpExtTCPBacklogDrop", "TcpExtPFMemallocDrop", "TcpExtTCPMinTTLDrop", "TcpExtIPReversePathFilter",
    "TcpExtTCPOFODrop", "TcpExtTCPOFOMerge", "TcpExtTCPSYNChallenge",
    "TcpExtTCPFastOpenActiveFail", "TcpExtTCPFastOpenPassiveFail", "TcpExtTCPFastOpenListenOverflow",
    "TcpExtTCPZeroWindowDrop", "TcpExtTCPRcvQDrop", "TcpExtTCPWqueueTooBig", "TcpExtTCPMigrateReqFailure",
    "MPTcpExtDataCsumErr", "MPTcpExtRcvPruned",
  ]

  /// `net/ipv6/proc.c`.
  private static let snmp6Names = [
    "Ip6InHdrErrors", "Ip6InTooBigErrors", "Ip6InNoRoutes", "Ip6InAddrErrors", "Ip6InUnknownProtos",
    "Ip6InTruncatedPkts", "Ip6InDiscards", "Ip6OutDiscards", "Ip6OutNoRoutes",
    "Ip6ReasmTimeout", "Ip6ReasmFails", "Ip6FragFails",
    "Icmp6InErrors", "Icmp6OutErrors", "Icmp6InCsumErrors", "Icmp6OutRateLimitHost",
    "Udp6NoPorts", "Udp6InErrors", "Udp6RcvbufErrors", "Udp6SndbufErrors", "Udp6InCsumErrors",
    "Udp6MemErrors",
    "UdpLite6NoPorts", "UdpLite6InErrors", "UdpLite6RcvbufErrors", "UdpLite6SndbufErrors",
    "UdpLite6InCsumErrors", "UdpLite6MemErrors",
  ]
}

/// Where the value of each counter of a list stands in it.
struct CounterPlaces {
  /// By name.
  private let places: [String: Int]
  private let count: Int

  init(_ source: CounterSource) {
    let names = source.names
    places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    count = names.count
  }

  /// No value of any yet.
  var noValues: [UInt64?] { Array(repeating: nil, count: count) }

  subscript(name: String) -> Int? { places[name] }
}

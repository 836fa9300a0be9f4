/// A counter that the kernel keeps of packets it lost, delayed or refused, whether or not they were packet buffers yet.
public struct KernelCounter: Hashable, Sendable {
  /// Where the kernel tells it.
  public var source: CounterSource
  /// What of it: an interface (`eth0`), a CPU (`cpu3`), a queueing discipline (`eth0 1: fq`).
  ///
  /// `nil` for what a whole namespace or host counts.
  public var scope: String?
  /// The inode number of the network namespace; `nil` for what the kernel counts for all of them together.
  public var netns: UInt32?
  /// The counter's name, as the tools of the field have it: `rx_dropped`, `TcpExtListenOverflows`.
  public var name: String

  /// A counter.
  public init(source: CounterSource, scope: String?, netns: UInt32?, name: String) {
    self.source = source
    self.scope = scope
    self.netns = netns
    self.name = name
  }
}

/// Where the kernel tells a counter.
public enum CounterSource: String, CaseIterable, Sendable {
  /// The statistics of an interface: `ip -s -s link`, `/sys/class/net/NAME/statistics`.
  case interface
  /// The backlog of a CPU: `/proc/net/softnet_stat`.
  case softnet
  /// A queueing discipline: `tc -s qdisc`.
  case qdisc
  /// The protocols by the standard's names: `/proc/net/snmp`.
  case snmp
  /// What Linux counts beyond the standard: `/proc/net/netstat`.
  case netstat
  /// IPv6: `/proc/net/snmp6`.
  case snmp6
}

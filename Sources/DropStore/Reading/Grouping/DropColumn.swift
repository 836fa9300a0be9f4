/// A column of the view `drops` by which drops can be grouped: all but `time` and `ts`, which each event has of its own.
///
/// `Schemas/README.md` says what each means and when it is NULL.
public enum DropColumn: String, CaseIterable, Sendable {
  case reason, subsystem
  case reasonValue = "reason_value"
  case location, symbol, module
  case etherType = "protocol"
  case transport, saddr, sport, daddr, dport
  case icmpType = "icmp_type"
  case icmpCode = "icmp_code"
  case tcpFlags = "tcp_flags"
  case vlan, length, interface, ifindex, netns, pid, comm, context, cgroup, uid, mark, cpu, origin, stack
  case kernel, boot, host
  case arpOperation = "arp_op"
  case fragment, direction, cookie
  case tcpSequence = "tcp_seq"
  case encapsulation
  case tunnelID = "tunnel_id"
  case innerTransport = "inner_transport"
  case innerSaddr = "inner_saddr"
  case innerSport = "inner_sport"
  case innerDaddr = "inner_daddr"
  case innerDport = "inner_dport"
  case trap
  case trapGroup = "trap_group"
  case routine

  /// The column's name in the view.
  public var name: String { rawValue }

  /// Whether drops can be grouped by it that are only counted: it belongs to what the kernel counts by.
  public var isCounted: Bool {
    if case .site = definition { true } else { false }
  }
}

internal import DropEvents

/// The words of a flow and the row of what it carries inside: to remember its row by.
enum FlowKey {
  /// All fields, and which of them are known.
  @inline(__always)
  static func words(_ flow: Flow, inner: Int64?) -> InlineArray<10, UInt64> {
    var known: UInt64 = flow.transport == nil ? 0 : 1
    if let source = flow.source { known |= source.isIPv6 ? 6 : 2 }
    if let destination = flow.destination { known |= destination.isIPv6 ? 0x18 : 8 }
    if flow.sourcePort != nil { known |= 1 << 5 }
    if flow.destinationPort != nil { known |= 1 << 6 }
    if flow.icmpType != nil { known |= 1 << 7 }
    if flow.icmpCode != nil { known |= 1 << 8 }
    if flow.tcpFlags != nil { known |= 1 << 9 }
    if flow.arpOperation != nil { known |= 1 << 10 }
    if flow.vlan != nil { known |= 1 << 11 }
    if flow.mark != nil { known |= 1 << 12 }
    if flow.socketCookie != nil { known |= 1 << 13 }
    if flow.uid != nil { known |= 1 << 14 }
    if flow.cgroup != nil { known |= 1 << 15 }
    if let fragment = flow.fragment { known |= UInt64(fragment == .first ? 1 : 2) << 16 }
    if let direction = flow.direction { known |= UInt64(direction == .received ? 1 : 2) << 18 }
    let ports = UInt64(flow.sourcePort ?? 0) | UInt64(flow.destinationPort ?? 0) << 16
    let link = UInt64(flow.vlan ?? 0) << 32 | UInt64(flow.arpOperation ?? 0) << 48
    let icmp = UInt64(flow.icmpType ?? 0) << 8 | UInt64(flow.icmpCode ?? 0) << 16
    return [
      flow.source?.high ?? 0, flow.source?.low ?? 0, flow.destination?.high ?? 0, flow.destination?.low ?? 0,
      ports | link, UInt64(flow.mark ?? 0) | UInt64(flow.uid ?? 0) << 32, flow.socketCookie ?? 0,
      flow.cgroup ?? 0,
      UInt64(flow.transport ?? 0) | icmp | UInt64(flow.tcpFlags ?? 0) << 24 | known << 32,
      // 0 where there is none.
      UInt64(bitPattern: inner ?? 0),
    ]
  }
}

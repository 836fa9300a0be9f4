internal import DropEvents

/// A flow and the row of what it carries inside, packed: to remember one by.
///
/// Half the size of ``Flow`` and hashed and compared by words rather than by optional fields, because there is one
/// for each event, and as many are remembered as memory allows.
struct FlowKey: Hashable {
  private let sourceHigh: UInt64
  private let sourceLow: UInt64
  private let destinationHigh: UInt64
  private let destinationLow: UInt64
  /// Ports, VLAN identifier, ARP operation.
  private let numbers: UInt64
  /// Mark and user.
  private let owner: UInt64
  private let cookie: UInt64
  private let cgroup: UInt64
  /// Transport, ICMP type and code, TCP flags, and 32 bits that say which fields are known and hold the smallest.
  private let small: UInt64
  /// 0 where there is none.
  private let inner: Int64

  init(_ flow: Flow, inner: Int64?) {
    sourceHigh = flow.source?.high ?? 0
    sourceLow = flow.source?.low ?? 0
    destinationHigh = flow.destination?.high ?? 0
    destinationLow = flow.destination?.low ?? 0
    numbers =
      UInt64(flow.sourcePort ?? 0) | UInt64(flow.destinationPort ?? 0) << 16 | UInt64(flow.vlan ?? 0) << 32
      | UInt64(flow.arpOperation ?? 0) << 48
    owner = UInt64(flow.mark ?? 0) | UInt64(flow.uid ?? 0) << 32
    cookie = flow.socketCookie ?? 0
    cgroup = flow.cgroup ?? 0
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
    small =
      UInt64(flow.transport ?? 0) | UInt64(flow.icmpType ?? 0) << 8 | UInt64(flow.icmpCode ?? 0) << 16
      | UInt64(flow.tcpFlags ?? 0) << 24 | known << 32
    self.inner = inner ?? 0
  }

  /// Everything a sender can choose goes in whole: what was left out he could vary to make all flows collide.
  func hash(into hasher: inout Hasher) {
    if sourceHigh | destinationHigh != 0 {
      hasher.combine(sourceHigh)
      hasher.combine(destinationHigh)
    }
    hasher.combine(sourceLow)
    hasher.combine(destinationLow)
    hasher.combine(numbers)
    hasher.combine(small)
    if owner | cookie | cgroup != 0 {
      hasher.combine(owner)
      hasher.combine(cookie)
      hasher.combine(cgroup)
    }
    if inner != 0 { hasher.combine(inner) }
  }
}

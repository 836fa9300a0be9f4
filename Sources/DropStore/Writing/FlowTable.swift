internal import DropEvents

/// The dictionary of flows, found by ``Flow/fingerprint``.
struct FlowTable: ~Copyable {
  private static let columns = [
    "transport", "saddr", "sport", "daddr", "dport", "icmp_type", "icmp_code", "tcp_flags", "vlan", "mark",
    "uid", "cgroup", "arp_op", "fragment", "direction", "cookie", "inner_flow",
  ]

  private var table: DictionaryTable

  init(_ connection: borrowing Connection) throws(StoreError) {
    table = try DictionaryTable(connection, "flow", foundByFingerprint: Self.columns)
  }

  /// The row of a flow whose control group has a row of its own.
  mutating func row(of flow: Flow, _ stored: StoredFlow, controlGroup: Int64?) throws(StoreError) -> Int64 {
    return try table.row { statement throws(StoreError) in
      try statement.bind(1, stored.fingerprint)
      try statement.bind(2, flow.transport.map(Int64.init))
      try statement.bind(3, stored.source)
      try statement.bind(4, flow.sourcePort.map(Int64.init))
      try statement.bind(5, stored.destination)
      try statement.bind(6, flow.destinationPort.map(Int64.init))
      try statement.bind(7, flow.icmpType.map(Int64.init))
      try statement.bind(8, flow.icmpCode.map(Int64.init))
      try statement.bind(9, flow.tcpFlags.map(Int64.init))
      try statement.bind(10, flow.vlan.map(Int64.init))
      try statement.bind(11, flow.mark.map(Int64.init))
      try statement.bind(12, flow.uid.map(Int64.init))
      try statement.bind(13, controlGroup)
      try statement.bind(14, flow.arpOperation.map(Int64.init))
      try statement.bind(15, flow.fragment?.columnNumber)
      try statement.bind(16, flow.direction?.columnNumber)
      try statement.bind(17, flow.socketCookie.map(Int64.init(bitPattern:)))
      try statement.bind(18, stored.inner)
    }
  }
}

/// What is made of a flow to store it.
struct StoredFlow {
  /// By which the flow is found.
  let fingerprint: Int64
  let source: String?
  let destination: String?
  /// The row of what the packet carries inside.
  let inner: Int64?

  init(_ flow: Flow, inner: Int64?) {
    source = flow.source?.description
    destination = flow.destination?.description
    self.inner = inner
    fingerprint = flow.fingerprint(source: source, destination: destination, inner: inner)
  }
}

extension Flow {
  /// A hash of all fields, the addresses given as they are stored.
  ///
  /// Of a flow that has none of the fields that came with version 2, it is that of version 1: so the rows that were
  /// there are found again.
  fileprivate func fingerprint(source: String?, destination: String?, inner: Int64?) -> Int64 {
    var fingerprint = Fingerprint()
    fingerprint.combine(source)
    fingerprint.combine(destination)
    fingerprint.combine(sourcePort)
    fingerprint.combine(destinationPort)
    fingerprint.combine(transport)
    fingerprint.combine(icmpType)
    fingerprint.combine(icmpCode)
    fingerprint.combine(tcpFlags)
    fingerprint.combine(vlan)
    fingerprint.combine(mark)
    fingerprint.combine(uid)
    fingerprint.combine(cgroup)
    if arpOperation != nil || fragment != nil || direction != nil || socketCookie != nil || inner != nil {
      fingerprint.combine(arpOperation)
      fingerprint.combine(fragment?.columnNumber)
      fingerprint.combine(direction?.columnNumber)
      fingerprint.combine(socketCookie)
      fingerprint.combine(inner)
    }
    return fingerprint.value
  }
}

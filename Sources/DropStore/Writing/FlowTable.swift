internal import DropEvents

/// The dictionary of flows, found by ``Flow/fingerprint``.
struct FlowTable: ~Copyable {
  private static let columns = [
    "transport", "saddr", "sport", "daddr", "dport", "icmp_type", "icmp_code", "tcp_flags", "vlan", "mark",
    "uid",
    "cgroup",
  ]

  private var table: DictionaryTable

  init(_ connection: borrowing Connection) throws(StoreError) {
    let equal = Self.columns.enumerated().map { " AND \($1) IS ?\($0 + 2)" }.joined()
    table = try DictionaryTable(
      connection, "flow", ["fingerprint"] + Self.columns, where: "fingerprint = ?1\(equal)")
  }

  /// The row of a flow whose control group has a row of its own.
  mutating func row(of flow: Flow, controlGroup: Int64?) throws(StoreError) -> Int64 {
    let source = flow.source?.description
    let destination = flow.destination?.description
    return try table.row { statement throws(StoreError) in
      try statement.bind(1, flow.fingerprint)
      try statement.bind(2, flow.transport.map(Int64.init))
      try statement.bind(3, source)
      try statement.bind(4, flow.sourcePort.map(Int64.init))
      try statement.bind(5, destination)
      try statement.bind(6, flow.destinationPort.map(Int64.init))
      try statement.bind(7, flow.icmpType.map(Int64.init))
      try statement.bind(8, flow.icmpCode.map(Int64.init))
      try statement.bind(9, flow.tcpFlags.map(Int64.init))
      try statement.bind(10, flow.vlan.map(Int64.init))
      try statement.bind(11, flow.mark.map(Int64.init))
      try statement.bind(12, flow.uid.map(Int64.init))
      try statement.bind(13, controlGroup)
    }
  }
}

extension Flow {
  /// A hash of all fields that is the same in every process, as it is stored: FNV-1a, folded to 32 bits.
  ///
  /// Of few bits, to be small in the file; signed, because SQLite stores such a number in four bytes.
  fileprivate var fingerprint: Int64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func combine(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    func combine(_ value: (some FixedWidthInteger)?) {
      // Unknown differs from 0.
      guard let value else { return combine(UInt8(0)) }
      combine(UInt8(1))
      for shift in stride(from: 0, to: value.bitWidth, by: 8) {
        combine(UInt8(truncatingIfNeeded: value >> shift))
      }
    }
    func combine(_ address: IPAddress?) {
      address?.description.utf8.forEach { combine($0) }
      combine(UInt8(0))
    }
    combine(source)
    combine(destination)
    combine(sourcePort)
    combine(destinationPort)
    combine(transport)
    combine(icmpType)
    combine(icmpCode)
    combine(tcpFlags)
    combine(vlan)
    combine(mark)
    combine(uid)
    combine(cgroup)
    return Int64(Int32(truncatingIfNeeded: hash ^ hash >> 32))
  }
}

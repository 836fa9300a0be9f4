internal import DropEvents

/// The dictionary of what packets carry inside, found by ``InnerFlow/fingerprint(source:destination:)``.
struct InnerFlowTable: ~Copyable {
  private static let columns = [
    "encapsulation", "tunnel_id", "transport", "saddr", "sport", "daddr", "dport",
  ]

  private var table: DictionaryTable

  init(_ connection: borrowing Connection) throws(StoreError) {
    table = try DictionaryTable(connection, "inner_flow", foundByFingerprint: Self.columns)
  }

  /// The row of an inner flow.
  mutating func row(of flow: InnerFlow) throws(StoreError) -> Int64 {
    let source = flow.source?.description
    let destination = flow.destination?.description
    let fingerprint = flow.fingerprint(source: source, destination: destination)
    return try table.row { statement throws(StoreError) in
      try statement.bind(1, fingerprint)
      try statement.bind(2, flow.encapsulation.columnNumber)
      try statement.bind(3, flow.tunnelID.map(Int64.init))
      try statement.bind(4, flow.transport.map(Int64.init))
      try statement.bind(5, source)
      try statement.bind(6, flow.sourcePort.map(Int64.init))
      try statement.bind(7, destination)
      try statement.bind(8, flow.destinationPort.map(Int64.init))
    }
  }
}

extension InnerFlow {
  /// A hash of all fields, the addresses given as they are stored.
  fileprivate func fingerprint(source: String?, destination: String?) -> Int64 {
    var fingerprint = Fingerprint()
    fingerprint.combine(encapsulation.columnNumber)
    fingerprint.combine(tunnelID)
    fingerprint.combine(transport)
    fingerprint.combine(source)
    fingerprint.combine(destination)
    fingerprint.combine(sourcePort)
    fingerprint.combine(destinationPort)
    return fingerprint.value
  }
}

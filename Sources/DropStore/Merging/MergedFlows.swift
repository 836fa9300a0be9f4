internal import DropEvents

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The dictionaries of flows of two databases, which are found by fingerprints that are made anew: some of what goes
/// into one is a row number.
struct MergedFlows: ~Copyable {
  private var selectFlow: Statement
  private var selectInner: Statement
  private var flowTable: FlowTable
  private var innerTable: InnerFlowTable
  private var flows = BoundedCache<Int64, Int64>(limit: 1 << 16)
  private var inners = BoundedCache<Int64, Int64>(limit: 1 << 15)

  init(_ source: borrowing Connection, _ target: borrowing Connection) throws(StoreError) {
    let selectFlow = try source.prepare(
      """
      SELECT transport, sport, dport, icmp_type, icmp_code, tcp_flags, vlan, mark, uid, arp_op, fragment, direction,
        cookie, cgroup, inner_flow, saddr, daddr
      FROM flow WHERE id = ?1
      """, persistent: true)
    let selectInner = try source.prepare(
      """
      SELECT encapsulation, tunnel_id, transport, sport, dport, saddr, daddr FROM inner_flow WHERE id = ?1
      """, persistent: true)
    let flowTable = try FlowTable(target)
    let innerTable = try InnerFlowTable(target)
    self.selectFlow = selectFlow
    self.selectInner = selectInner
    self.flowTable = flowTable
    self.innerTable = innerTable
  }

  /// The row in the target, if it has been asked for lately.
  mutating func known(_ id: Int64) -> Int64? { flows[id] }

  /// The row in the source of the control group that a flow of the source has.
  mutating func controlGroup(of id: Int64) throws(StoreError) -> Int64? {
    try selectFlow.bind(1, id)
    defer { selectFlow.reset() }
    guard try selectFlow.step() else { throw Self.missing(selectFlow, id, "flow") }
    return selectFlow.isNull(13) ? nil : selectFlow.integer(13)
  }

  /// The row in the target that means the same.
  ///
  /// - Parameters:
  ///   - id: the row in the source.
  ///   - controlGroup: the row in the target of its control group, and that group's number.
  /// - Returns: the row.
  /// - Throws: what is wrong with the databases.
  mutating func row(
    _ id: Int64, controlGroup: (row: Int64, inode: UInt64)?
  ) throws(StoreError) -> Int64 {
    try selectFlow.bind(1, id)
    defer { selectFlow.reset() }
    guard try selectFlow.step() else { throw Self.missing(selectFlow, id, "flow") }
    var flow = Flow()
    flow.transport = try Self.number(selectFlow, 0)
    flow.sourcePort = try Self.number(selectFlow, 1)
    flow.destinationPort = try Self.number(selectFlow, 2)
    flow.icmpType = try Self.number(selectFlow, 3)
    flow.icmpCode = try Self.number(selectFlow, 4)
    flow.tcpFlags = try Self.number(selectFlow, 5)
    flow.vlan = try Self.number(selectFlow, 6)
    flow.mark = try Self.number(selectFlow, 7)
    flow.uid = try Self.number(selectFlow, 8)
    flow.arpOperation = try Self.number(selectFlow, 9)
    let fragment: UInt8? = try Self.number(selectFlow, 10)
    flow.fragment = fragment.map { $0 == 0 ? .first : .later }
    let direction: UInt8? = try Self.number(selectFlow, 11)
    flow.direction = direction.map { $0 == 0 ? .received : .sent }
    flow.socketCookie = selectFlow.isNull(12) ? nil : UInt64(bitPattern: selectFlow.integer(12))
    flow.source = try Self.address(selectFlow, 15)
    flow.destination = try Self.address(selectFlow, 16)
    flow.cgroup = controlGroup?.inode
    var inner: Int64?
    if !selectFlow.isNull(14) { inner = try innerRow(selectFlow.integer(14)) }
    let row = try flowTable.row(
      of: flow, StoredFlow(flow, inner: inner), controlGroup: controlGroup?.row)
    flows.insert(row, for: id)
    return row
  }

  private mutating func innerRow(_ id: Int64) throws(StoreError) -> Int64 {
    if let row = inners[id] { return row }
    try selectInner.bind(1, id)
    defer { selectInner.reset() }
    guard try selectInner.step() else { throw Self.missing(selectInner, id, "inner_flow") }
    let number: UInt8? = try Self.number(selectInner, 0)
    guard
      let encapsulation = Encapsulation.allCases.first(where: { $0.columnNumber == number.map(Int64.init) })
    else { throw Self.malformed(selectInner, "encapsulation") }
    var flow = InnerFlow(encapsulation: encapsulation)
    flow.tunnelID = try Self.number(selectInner, 1)
    flow.transport = try Self.number(selectInner, 2)
    flow.sourcePort = try Self.number(selectInner, 3)
    flow.destinationPort = try Self.number(selectInner, 4)
    flow.source = try Self.address(selectInner, 5)
    flow.destination = try Self.address(selectInner, 6)
    let row = try innerTable.row(of: flow)
    inners.insert(row, for: id)
    return row
  }

  // MARK: Values

  private static func number<Number: FixedWidthInteger>(
    _ statement: borrowing Statement, _ column: Int32
  ) throws(StoreError) -> Number? {
    if statement.isNull(column) { return nil }
    guard let number = Number(exactly: statement.integer(column)) else {
      throw malformed(statement, statement.columnNames[Int(column)])
    }
    return number
  }

  private static func address(
    _ statement: borrowing Statement, _ column: Int32
  ) throws(StoreError) -> IPAddress? {
    if statement.isNull(column) { return nil }
    let text = statement.text(column)
    var v4 = in_addr()
    if unsafe inet_pton(AF_INET, text, &v4) == 1 { return IPAddress(v4: UInt32(bigEndian: v4.s_addr)) }
    var v6 = [UInt8](repeating: 0, count: 16)
    guard unsafe inet_pton(AF_INET6, text, &v6) == 1 else {
      throw malformed(statement, statement.columnNames[Int(column)])
    }
    let halves = [v6[..<8], v6[8...]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    return IPAddress(v6High: halves[0], low: halves[1])
  }

  private static func malformed(_ statement: borrowing Statement, _ column: String) -> StoreError {
    StoreError(
      code: .corrupt, path: statement.connection.path,
      message: "the database is damaged: a flow has a value in the column \(column) that cannot be")
  }

  private static func missing(
    _ statement: borrowing Statement, _ id: Int64, _ table: String
  ) -> StoreError {
    StoreError(
      code: .corrupt, path: statement.connection.path,
      message: "the database is damaged: something refers to row \(id) of \(table), which is not there")
  }
}

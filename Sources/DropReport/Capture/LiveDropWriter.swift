public import DropEvents
public import DropStore

/// Writes drops as they are captured: one line each for people, or one JSON object each for programs.
///
/// It learns the meaning of numbers from the batches it is shown, so it must be shown all of them.
public struct LiveDropWriter: Sendable {
  /// What the kernel calls a reason's number.
  public typealias ReasonNames = @Sendable (UInt32) -> (subsystem: String, name: String)

  /// More meanings than this are forgotten; numbers are shown instead until they are announced again.
  private static let capacity = 65536
  private static let columns = [
    "time", "ts", "reason", "subsystem", "reason_value", "location", "protocol", "transport", "saddr",
    "sport",
    "daddr", "dport", "length", "interface", "ifindex", "netns", "pid", "comm", "context", "cpu", "origin",
    "arp_op", "fragment", "direction", "cookie", "tcp_seq", "encapsulation", "tunnel_id", "inner_transport",
    "inner_saddr", "inner_sport", "inner_daddr", "inner_dport", "trap", "trap_group", "routine",
  ]

  private let reasonNames: ReasonNames
  private let routineReasons: Set<UInt32>?
  private let protocolNames: ProtocolNames
  private let isJSON: Bool
  private var json = JSONWriter(layout: .lines)
  private var locations: [UInt64: String] = [:]
  private var namespaces: [UInt32: String] = [:]
  private var traps: [UInt64: HardwareTrap] = [:]
  /// Names of reasons that came since the capture began.
  private var laterReasons: [UInt32: ReasonName] = [:]
  private var innerFlows: [InnerFlow] = []

  /// A writer.
  ///
  /// - Parameters:
  ///   - isJSON: Whether to write JSON objects, with the columns of the view `drops`, instead of lines.
  ///   - protocolNames: Names protocols and transports.
  ///   - routineReasons: Which reasons belong to normal life; `nil` where that is not known.
  ///   - reasonNames: Names the reasons of the running kernel.
  public init(
    isJSON: Bool, protocolNames: ProtocolNames, routineReasons: Set<UInt32>? = nil,
    reasonNames: @escaping ReasonNames
  ) {
    self.routineReasons = routineReasons
    self.isJSON = isJSON
    self.protocolNames = protocolNames
    self.reasonNames = reasonNames
    var nothing = ""
    json.begin(Self.columns, into: &nothing)
  }

  /// Learns what a batch announces.
  public mutating func learn(_ batch: DropBatch) {
    if locations.count > Self.capacity { locations.removeAll() }
    if namespaces.count > Self.capacity { namespaces.removeAll() }
    for symbol in batch.symbols { locations[symbol.address] = symbol.location }
    for namespace in batch.namespaces { namespaces[namespace.inode] = namespace.name }
    if traps.count > Self.capacity { traps.removeAll() }
    for trap in batch.traps { traps[trap.id] = trap }
    if laterReasons.count > Self.capacity { laterReasons.removeAll() }
    for reason in batch.reasons where !reason.isSentinel { laterReasons[reason.value] = reason }
    innerFlows = batch.innerFlows
  }

  /// Writes one drop of the batch that was shown last, with its line end.
  ///
  /// - Parameters:
  ///   - event: The drop.
  ///   - output: Where to write.
  public mutating func append(_ event: DropEvent, into output: inout String) {
    if isJSON {
      json.append(cells(event), into: &output)
    } else {
      output += line(event)
    }
  }

  private func line(_ event: DropEvent) -> String {
    var parts = [
      String(TimeFormatter.local(event.time).dropFirst(11).prefix(15)),
      reason(event),
      location(event) ?? "-", interface(event),
    ]
    parts.append(packet(event))
    if let length = event.length { parts.append("\(length)B") }
    if let netns = event.site.netns.flatMap({ namespaces[$0] }) {
      parts.append("netns " + SafeText.visible(netns))
    }
    let task = "\(SafeText.visible(event.comm.text))[\(event.pid)]"
    // Only in task context the running process is surely the one concerned.
    parts.append(
      event.context == .task || event.context == nil ? task : "\(Self.name(event.context)) during \(task)")
    return parts.joined(separator: "  ") + "\n"
  }

  /// Why, or by which trap; a drop of normal life is marked, for of those only a sample may be shown.
  private func reason(_ event: DropEvent) -> String {
    if let reason = event.site.reason {
      return names(reason).name + (isRoutine(reason) == true ? " (routine)" : "")
    }
    return event.site.trap.map { "trap " + SafeText.visible(trapName($0)) } ?? "-"
  }

  /// The interface, and which way the packet went, in the words of tcpdump.
  private func interface(_ event: DropEvent) -> String {
    let name =
      event.site.interface.map { SafeText.visible($0.text) } ?? event.site.ifindex.map { "if\($0)" } ?? "-"
    switch event.flow.direction {
    case .received: return name + " in"
    case .sent: return name + " out"
    case nil: return name
    }
  }

  private func packet(_ event: DropEvent) -> String {
    let flow = event.flow
    var text =
      flow.transport.map(protocolNames.transport) ?? event.site.etherType.map(protocolNames.etherType) ?? "-"
    if let operation = flow.arpOperation { text += " " + Self.name(ofARP: operation) }
    if let source = flow.source, let destination = flow.destination {
      text += " \(endpoint(source, flow.sourcePort)) > \(endpoint(destination, flow.destinationPort))"
    }
    if let type = flow.icmpType, let code = flow.icmpCode { text += " type \(type) code \(code)" }
    if let fragment = flow.fragment { text += " \(Self.name(fragment)) fragment" }
    if let inner = inner(event) { text += " (\(self.text(inner)))" }
    return text
  }

  /// `VXLAN 42: UDP 10.0.0.1:53 > 10.0.0.2:4000`.
  private func text(_ inner: InnerFlow) -> String {
    var text = Self.name(inner.encapsulation)
    if let id = inner.tunnelID { text += " \(id)" }
    guard let source = inner.source, let destination = inner.destination else { return text }
    let transport = inner.transport.map { protocolNames.transport($0) + " " } ?? ""
    text += ": \(transport)\(endpoint(source, inner.sourcePort))"
    return text + " > \(endpoint(destination, inner.destinationPort))"
  }

  private func inner(_ event: DropEvent) -> InnerFlow? {
    event.inner.flatMap { Int($0) < innerFlows.count ? innerFlows[Int($0)] : nil }
  }

  private func names(_ reason: UInt32) -> (subsystem: String, name: String) {
    laterReasons[reason].map { ($0.subsystem, $0.name) } ?? reasonNames(reason)
  }

  private func isRoutine(_ reason: UInt32) -> Bool? {
    laterReasons[reason]?.isRoutine ?? routineReasons.map { $0.contains(reason) }
  }

  private func trapName(_ id: UInt64) -> String {
    guard let trap = traps[id], !trap.name.isEmpty else { return String(id) }
    return trap.name
  }

  private func endpoint(_ address: IPAddress, _ port: UInt16?) -> String {
    guard let port else { return address.description }
    return address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }

  private func location(_ event: DropEvent) -> String? {
    event.site.location.map { locations[$0] ?? "0x" + String($0, radix: 16) }
  }

  private func cells(_ event: DropEvent) -> [Cell] {
    let reason = event.site.reason.map(names)
    let flow = event.flow
    let inner = inner(event)
    let trap = event.site.trap.flatMap { traps[$0] }
    return [
      .text(TimeFormatter.utc(event.time)), .integer(event.time),
      Self.cell(reason?.name), Self.cell(reason?.subsystem), Self.cell(event.site.reason),
      Self.cell(location(event)),
      Self.cell(event.site.etherType.map(protocolNames.etherType)),
      Self.cell(flow.transport.map(protocolNames.transport)),
      Self.cell(flow.source?.description), Self.cell(flow.sourcePort),
      Self.cell(flow.destination?.description), Self.cell(flow.destinationPort),
      Self.cell(event.length), Self.cell(event.site.interface?.text), Self.cell(event.site.ifindex),
      Self.cell(event.site.netns.map { namespaces[$0] ?? String($0) }),
      Self.cell(event.pid), .text(event.comm.text), Self.cell(event.context.map { Self.name($0) }),
      Self.cell(event.cpu), .text(event.site.origin == .hardware ? "hardware" : "software"),
      Self.cell(flow.arpOperation.map(Self.name(ofARP:))), Self.cell(flow.fragment.map(Self.name)),
      Self.cell(flow.direction == .received ? "received" : flow.direction == .sent ? "sent" : nil),
      Self.cell(flow.socketCookie.map(Int64.init(bitPattern:))), Self.cell(event.tcpSequence),
      Self.cell(inner.map { Self.name($0.encapsulation) }), Self.cell(inner?.tunnelID),
      Self.cell(inner?.transport.map(protocolNames.transport)),
      Self.cell(inner?.source?.description), Self.cell(inner?.sourcePort),
      Self.cell(inner?.destination?.description), Self.cell(inner?.destinationPort),
      Self.cell(event.site.trap.map(trapName)),
      Self.cell(trap.flatMap { $0.group.isEmpty ? nil : $0.group }),
      Self.cell(event.site.reason.flatMap(isRoutine).map { $0 ? 1 : 0 }),
    ]
  }

  private static func cell(_ text: String?) -> Cell { text.map(Cell.text) ?? .null }

  private static func cell(_ number: (some BinaryInteger)?) -> Cell {
    number.map { .integer(Int64($0)) } ?? .null
  }

  private static func name(ofARP operation: UInt16) -> String {
    switch operation {
    case 1: "request"
    case 2: "reply"
    default: String(operation)
    }
  }

  private static func name(_ fragment: Fragment) -> String {
    switch fragment {
    case .first: "first"
    case .later: "later"
    }
  }

  private static func name(_ encapsulation: Encapsulation) -> String {
    switch encapsulation {
    case .icmpError: "ICMP error"
    case .ipip: "IPIP"
    case .gre: "GRE"
    case .vxlan: "VXLAN"
    case .geneve: "Geneve"
    }
  }

  private static func name(_ context: ExecutionContext?) -> String {
    switch context {
    case .task, nil: "task"
    case .softirq: "softirq"
    case .hardirq: "hardirq"
    case .nmi: "nmi"
    }
  }
}

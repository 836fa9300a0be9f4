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
    "daddr", "dport", "length", "interface", "ifindex", "netns", "pid", "comm", "context", "cpu",
  ]

  private let reasonNames: ReasonNames
  private let protocolNames: ProtocolNames
  private let isJSON: Bool
  private var json = JSONWriter(layout: .lines)
  private var locations: [UInt64: String] = [:]
  private var namespaces: [UInt32: String] = [:]

  /// A writer.
  ///
  /// - Parameters:
  ///   - isJSON: Whether to write JSON objects, with the columns of the view `drops`, instead of lines.
  ///   - protocolNames: Names protocols and transports.
  ///   - reasonNames: Names the reasons of the running kernel.
  public init(isJSON: Bool, protocolNames: ProtocolNames, reasonNames: @escaping ReasonNames) {
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
  }

  /// Writes one drop, with its line end.
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
      event.site.reason.map { reasonNames($0).name } ?? "-",
      location(event) ?? "-",
      event.site.interface.map { SafeText.visible($0.text) } ?? event.site.ifindex.map { "if\($0)" } ?? "-",
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

  private func packet(_ event: DropEvent) -> String {
    let flow = event.flow
    let kind =
      flow.transport.map(protocolNames.transport) ?? event.site.etherType.map(protocolNames.etherType) ?? "-"
    guard let source = flow.source, let destination = flow.destination else { return kind }
    var text = "\(kind) \(endpoint(source, flow.sourcePort)) > \(endpoint(destination, flow.destinationPort))"
    if let type = flow.icmpType, let code = flow.icmpCode { text += " type \(type) code \(code)" }
    return text
  }

  private func endpoint(_ address: IPAddress, _ port: UInt16?) -> String {
    guard let port else { return address.description }
    return address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }

  private func location(_ event: DropEvent) -> String? {
    event.site.location.map { locations[$0] ?? "0x" + String($0, radix: 16) }
  }

  private func cells(_ event: DropEvent) -> [Cell] {
    let reason = event.site.reason.map(reasonNames)
    let flow = event.flow
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
      Self.cell(event.cpu),
    ]
  }

  private static func cell(_ text: String?) -> Cell { text.map(Cell.text) ?? .null }

  private static func cell(_ number: (some BinaryInteger)?) -> Cell {
    number.map { .integer(Int64($0)) } ?? .null
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

import ArgumentParser
import DropCapture
import DropReport
import DropStore

/// Which drops a command is about: the same options for all that ask a database.
///
/// Where a value is not in the database: a reason, subsystem, host or stack is refused, because an empty answer would say
/// that there were no such drops, and nothing is known of them. Other names may belong to what has just not dropped anything:
/// they are warned of, and the answer is empty.
struct SelectionOptions: ParsableArguments {
  @Option(
    name: .customLong("reason"),
    help: ArgumentHelp(
      "These reasons: a name such as NO_SOCKET or 'TCP_*', a number, or a whole subsystem as in openvswitch:*.",
      valueName: "name"), completion: ValueCompletion.askedReasons)
  var reasons: [String] = []

  @Option(
    name: .customLong("not-reason"), help: ArgumentHelp("Not these reasons.", valueName: "name"),
    completion: ValueCompletion.askedReasons)
  var excludedReasons: [String] = []

  @Option(
    name: .customLong("subsystem"), help: ArgumentHelp("Reasons of these subsystems.", valueName: "name"),
    completion: ValueCompletion.subsystems)
  var subsystems: [String] = []

  @Option(
    name: .customLong("location"),
    help: ArgumentHelp(
      "At these places in the kernel: tcp_v4_rcv, tcp_v4_rcv+0x91, 'nf_*'.", valueName: "symbol"),
    completion: ValueCompletion.recorded(.symbol, .location))
  var locations: [String] = []

  @Option(
    name: .customLong("interface"),
    help: ArgumentHelp("At these interfaces: eth0, 'veth*'.", valueName: "name"),
    completion: ValueCompletion.recorded(.interface))
  var interfaces: [String] = []

  @Option(
    name: .customLong("netns"),
    help: ArgumentHelp("In these network namespaces: a name, or an inode number.", valueName: "name"),
    completion: ValueCompletion.recorded(.netns))
  var namespaces: [String] = []

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "Of these protocols: IPv4, IPv6, ARP, TCP, UDP, ICMP, …, the number of an IP protocol, or an EtherType such as 0x88cc.",
      valueName: "name"), completion: ValueCompletion.protocols)
  var protocols: [String] = []

  @Option(
    name: .customLong("port"),
    help: ArgumentHelp("From or to these ports, or ranges such as 8000-8080.", valueName: "port"))
  var ports: [String] = []

  @Option(name: .customLong("sport"), help: ArgumentHelp("From these ports.", valueName: "port"))
  var sourcePorts: [String] = []

  @Option(name: .customLong("dport"), help: ArgumentHelp("To these ports.", valueName: "port"))
  var destinationPorts: [String] = []

  @Option(
    name: .customLong("net"),
    help: ArgumentHelp(
      "From or to addresses in these networks, such as 10.0.0.0/8 or 2001:db8::1.", valueName: "network"))
  var networks: [String] = []

  @Option(
    name: .customLong("src"), help: ArgumentHelp("From addresses in these networks.", valueName: "network"))
  var sourceNetworks: [String] = []

  @Option(
    name: .customLong("dst"), help: ArgumentHelp("To addresses in these networks.", valueName: "network"))
  var destinationNetworks: [String] = []

  @Option(
    name: .customLong("host"), help: ArgumentHelp("On these hosts.", valueName: "name"),
    completion: ValueCompletion.recorded(.host))
  var hosts: [String] = []

  @Option(
    name: .customLong("comm"),
    help: ArgumentHelp(
      "On behalf of processes of these names; not drops that only interrupted them.", valueName: "name"),
    completion: ValueCompletion.recorded(.comm))
  var comms: [String] = []

  @Option(
    name: .customLong("pid"),
    help: ArgumentHelp(
      "On behalf of these processes; not drops that only interrupted them.", valueName: "pid"))
  var pids: [String] = []

  @Option(
    name: .customLong("cgroup"),
    help: ArgumentHelp(
      "For sockets in this control group (v2) or below it, such as system.slice/nginx.service; once for each.",
      valueName: "path"), completion: ValueCompletion.recorded(.cgroup))
  var controlGroups: [String] = []

  @Option(
    name: .customLong("stack"), help: ArgumentHelp("With these stacks, by their number.", valueName: "id"))
  var stacks: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "For which this is true: an expression in SQL over the columns of drops, such as \"length > 1000\".",
      valueName: "sql"))
  var expressions: [String] = []

  /// How the options work together, for the help of a command that has them.
  static let help = """
    Options that choose drops must all hold; of several values, given with commas or one option each, one is enough. Names may be \
    patterns: * stands for any characters, ? for one.
    """

  func validate() throws { _ = try checked() }

  /// What needs no database.
  private struct Checked {
    var conditions: [DropCondition] = []
    var stacks: [Int64] = []
  }

  private func checked() throws -> Checked {
    for (option, texts) in [
      ("--reason", reasons), ("--not-reason", excludedReasons), ("--subsystem", subsystems),
      ("--location", locations), ("--interface", interfaces), ("--netns", namespaces), ("--host", hosts),
      ("--comm", comms),
    ] {
      _ = try CommaList.values(texts, of: option)
    }
    var checked = Checked()
    if let condition = try protocolCondition() { checked.conditions.append(condition) }
    checked.conditions += try Self.conditions("--port", ports, [.sport, .dport])
    checked.conditions += try Self.conditions("--sport", sourcePorts, [.sport])
    checked.conditions += try Self.conditions("--dport", destinationPorts, [.dport])
    for (option, texts, columns) in [
      ("--net", networks, [DropColumn.saddr, .daddr]), ("--src", sourceNetworks, [.saddr]),
      ("--dst", destinationNetworks, [.daddr]),
    ] {
      let networks = try CommaList.values(texts, of: option).map {
        let network = try NetworkSelection.network($0, of: option)
        return AddressNetwork(address: network.address, prefixLength: network.prefixLength)
      }
      guard !networks.isEmpty else { continue }
      checked.conditions.append(.any(columns.map { .belongs($0, to: networks) }))
    }
    let processes = try Self.numbers("--pid", pids, what: "a process's number", 0...Int64(Int32.max))
    if !processes.isEmpty {
      checked.conditions.append(.isOne(.pid, of: Set(processes.map(SQLValue.integer))))
    }
    checked.stacks = try Self.numbers(
      "--stack", stacks, what: "a stack's number, as the column stack has it", 0...Int64.max)
    if !checked.stacks.isEmpty {
      checked.conditions.append(.isOne(.stack, of: Set(checked.stacks.map(SQLValue.integer))))
    }
    return checked
  }

  private func protocolCondition() throws -> DropCondition? {
    let texts = try CommaList.values(protocols, of: "--protocol")
    guard !texts.isEmpty else { return nil }
    let names = try ProtocolNames()
    let selection = try ProtocolSelection(texts, names: names)
    let etherTypes = Set(selection.etherTypes.map { SQLValue.text(names.etherType($0)) })
    let transports = Set(selection.transports.map { SQLValue.text(names.transport($0)) })
    if transports.isEmpty { return .isOne(.etherType, of: etherTypes) }
    if etherTypes.isEmpty { return .isOne(.transport, of: transports) }
    return .any([.isOne(.etherType, of: etherTypes), .isOne(.transport, of: transports)])
  }

  private static func conditions(
    _ option: String, _ texts: [String], _ columns: [DropColumn]
  ) throws -> [DropCondition] {
    let ports = try CommaList.values(texts, of: option)
    guard !ports.isEmpty else { return [] }
    let ranges = try PortSelection.ranges(ports, of: option, limit: .max).map {
      Int64($0.lowerBound)...Int64($0.upperBound)
    }
    return [.any(columns.map { .lies($0, in: ranges) })]
  }

  private static func numbers(
    _ option: String, _ texts: [String], what: String, _ bounds: ClosedRange<Int64>
  ) throws -> [Int64] {
    try CommaList.values(texts, of: option).map { text in
      guard text.utf8.first != UInt8(ascii: "+"), let number = Int64(text), bounds.contains(number) else {
        throw ValidationError("\(option) '\(text)' is not \(what)")
      }
      return number
    }
  }

  /// Tells people why there is nothing to see.
  func sayNothingFound() {
    StandardError.write(
      isEmpty
        ? "dropdb: no drop is recorded in this range; 'dropdb report' tells whether a capture ran"
        : "dropdb: no such drop is recorded in this range"
          + (comms.isEmpty && pids.isEmpty
            ? ""
            : "; --comm and --pid leave out what only interrupted a process: --where \"comm = 'NAME'\" has it")
    )
  }

  /// Whether no drop is left out.
  var isEmpty: Bool {
    [
      reasons, excludedReasons, subsystems, locations, interfaces, namespaces, protocols, ports, sourcePorts,
      destinationPorts, networks, sourceNetworks, destinationNetworks, hosts, comms, pids, controlGroups,
      stacks, expressions,
    ].allSatisfy(\.isEmpty)
  }

  /// The drops that are meant in a database.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - warn: Is told of names that the database does not have.
  /// - Returns: The selection.
  /// - Throws: ``CommandFailure`` for a reason, subsystem, host or stack that it cannot have, and `StoreError` for an expression
  ///   that is wrong.
  func selection(
    in reader: borrowing DropReader, warn: (String) -> Void = { StandardError.write("dropdb: \($0)") }
  ) throws -> DropSelection {
    var conditions: [DropCondition] = []
    conditions += try reasonConditions(reader)
    let names: [(option: String, texts: [String], column: DropColumn, what: String)] = [
      ("--interface", interfaces, .interface, "interface"),
      ("--netns", namespaces, .netns, "network namespace"), ("--comm", comms, .comm, "process"),
    ]
    for (option, texts, column, what) in names {
      let values = try CommaList.values(texts, of: option)
      guard !values.isEmpty else { continue }
      let known = try reader.names(of: column)
      for value in values { if let doubt = NameSelection.doubt(value, what, among: known) { warn(doubt) } }
      conditions.append(NameSelection.condition(column, values))
    }
    conditions += try hostConditions(reader)
    conditions += try locationConditions(reader, warn)
    if !controlGroups.isEmpty {
      let known = try reader.names(of: .cgroup)
      for text in controlGroups {
        let patterns = ControlGroupSelection.patterns(text)
        if known.contains(where: { name in patterns.contains { $0.matches(name) } }) { continue }
        if let doubt = NameSelection.doubt(text, "control group", among: known) { warn(doubt) }
      }
      conditions.append(ControlGroupSelection.condition(controlGroups))
    }
    let checked = try checked()
    for stack in checked.stacks {
      var query = try reader.prepare("SELECT 1 FROM stacks WHERE id = ?", [.integer(stack)])
      guard try query.next() != nil else {
        throw CommandFailure("this database has no stack of number \(stack)")
      }
    }
    conditions += checked.conditions
    // Only there does the running process say something about the packet.
    if !comms.isEmpty || !pids.isEmpty { conditions.append(.isOne(.context, of: [.text("task")])) }
    for expression in expressions {
      do {
        conditions.append(.holds(try reader.expression(expression)))
      } catch {
        throw CommandFailure("--where: " + SQLFailure.message(error, in: expression, of: "drops"))
      }
    }
    return DropSelection(conditions)
  }

  private func reasonConditions(_ reader: borrowing DropReader) throws -> [DropCondition] {
    guard !reasons.isEmpty || !excludedReasons.isEmpty || !subsystems.isEmpty else { return [] }
    let selection = try RecordedReasonSelection(reader)
    var conditions: [DropCondition] = []
    if !reasons.isEmpty {
      conditions.append(
        .any(try CommaList.values(reasons, of: "--reason").map { try selection.condition($0) }))
    }
    for text in try CommaList.values(excludedReasons, of: "--not-reason") {
      conditions.append(try selection.condition(text).negated)
    }
    if !subsystems.isEmpty {
      conditions.append(
        .any(
          try CommaList.values(subsystems, of: "--subsystem").map { try selection.condition(subsystem: $0) }))
    }
    return conditions
  }

  private func hostConditions(_ reader: borrowing DropReader) throws -> [DropCondition] {
    let values = try CommaList.values(hosts, of: "--host")
    guard !values.isEmpty else { return [] }
    let known = try reader.names(of: .host)
    for value in values {
      if let doubt = NameSelection.doubt(value, "host", among: known) { throw CommandFailure(doubt) }
    }
    return [NameSelection.condition(.host, values)]
  }

  private func locationConditions(
    _ reader: borrowing DropReader, _ warn: (String) -> Void
  ) throws -> [DropCondition] {
    let values = try CommaList.values(locations, of: "--location")
    guard !values.isEmpty else { return [] }
    let symbols = try reader.names(of: .symbol)
    let known = try symbols + reader.names(of: .location)
    for value in values {
      if let doubt = NameSelection.doubt(value, "location", among: known) { warn(doubt) }
    }
    return [.any([NameSelection.condition(.location, values), NameSelection.condition(.symbol, values)])]
  }
}

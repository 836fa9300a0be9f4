import ArgumentParser
import DropCapture
import DropEvents
import DropStore

/// Which drops become events.
///
/// What depends on this host alone, such as its interfaces' names, is not checked here.
struct FilterOptions: ParsableArguments {
  @Option(
    name: .customLong("reason"),
    help: ArgumentHelp(
      "These reasons: a name as 'dropdb reasons' prints it, a number, or a whole subsystem as in openvswitch:*.",
      valueName: "name"), completion: ValueCompletion.kernelReasons)
  var reasons: [String] = []

  @Option(
    name: .customLong("not-reason"), help: ArgumentHelp("Not these reasons.", valueName: "name"),
    completion: ValueCompletion.kernelReasons)
  var excludedReasons: [String] = []

  @Option(
    name: .customLong("interface"), help: ArgumentHelp("At these interfaces.", valueName: "name"),
    completion: ValueCompletion.interfaces)
  var interfaces: [String] = []

  @Option(
    name: .customLong("netns"),
    help: ArgumentHelp(
      "In these network namespaces: a name from 'ip netns', an inode number, or a path such as /proc/PID/ns/net.",
      valueName: "name"), completion: ValueCompletion.namespaces)
  var namespaces: [String] = []

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "Of these protocols: IPv4, IPv6, ARP, TCP, UDP, ICMP, ICMPv6, SCTP, …, the number of an IP protocol, or an EtherType "
        + "such as 0x88cc.", valueName: "name"), completion: ValueCompletion.protocols)
  var protocols: [String] = []

  @Option(
    name: .customLong("port"),
    help: ArgumentHelp("From or to these ports, or ranges such as 8000-8080.", valueName: "port"))
  var ports: [String] = []

  @Option(
    name: .customLong("net"),
    help: ArgumentHelp(
      "From or to addresses in these networks, such as 10.0.0.0/8 or 2001:db8::1.", valueName: "network"))
  var networks: [String] = []

  @Option(
    name: .customLong("cgroup"),
    help: ArgumentHelp(
      "For sockets in this control group (v2) or below it, such as system.slice/nginx.service; once for each.",
      valueName: "path"))
  var controlGroups: [String] = []

  func validate() throws {
    for (option, texts) in [
      ("--reason", reasons), ("--not-reason", excludedReasons), ("--netns", namespaces),
    ] {
      _ = try CommaList.values(texts, of: option)
    }
    _ = try ownFilter()
  }

  /// The parts that need nothing of the host.
  ///
  /// - Throws: `ValidationError` for what is wrong usage.
  func ownFilter() throws -> CaptureFilter {
    var filter = CaptureFilter()
    for name in try CommaList.values(interfaces, of: "--interface") {
      guard name.utf8.count < KernelName.capacity, name != ".", name != "..",
        name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") }
        )
      else {
        throw ValidationError(
          "--interface '\(name)' can be no interface's name; those have up to 15 characters")
      }
      filter.interfaces.insert(KernelName(name))
    }
    filter.ports = try PortSelection.ranges(try CommaList.values(ports, of: "--port"))
    filter.networks = Set(
      try CommaList.values(networks, of: "--net").map { try NetworkSelection.network($0) })
    let protocols = try CommaList.values(protocols, of: "--protocol")
    if !protocols.isEmpty {
      let selection = try ProtocolSelection(protocols, names: ProtocolNames())
      filter.etherTypes = selection.etherTypes
      filter.transports = selection.transports
    }
    return filter
  }

  /// The filter for this host.
  ///
  /// - Parameters:
  ///   - reasons: The kernel's reasons.
  ///   - subsystems: The kernel's subsystems.
  ///   - tellsQdiscReasons: Whether drops for `QDISC_DROP` have a reason of the subsystem `qdisc` instead.
  /// - Returns: The filter, and its parts in words.
  /// - Throws: ``CommandFailure`` for a name that this host does not have, and, as wrong usage, for reasons that are both
  ///   wanted and not.
  func filter(
    reasons: [ReasonName], subsystems: [SubsystemName], tellsQdiscReasons: Bool = false
  ) throws -> (CaptureFilter, FilterDescription) {
    var filter = try ownFilter()
    let selection = ReasonSelection(
      reasons: reasons, subsystems: subsystems, tellsQdiscReasons: tellsQdiscReasons)
    let wanted = try CommaList.values(self.reasons, of: "--reason").map { try selection.choice($0) }
    let unwanted = try CommaList.values(excludedReasons, of: "--not-reason").map { try selection.choice($0) }
    filter.reasons = wanted.reduce(into: []) { $0.formUnion($1.values) }
    filter.excludedReasons = unwanted.reduce(into: []) { $0.formUnion($1.values) }
    // A group, such as a whole subsystem, without some of its reasons is a fair wish; one reason both ways is a mistake.
    let contradiction =
      wanted.first { !$0.isGroup && !$0.values.isDisjoint(with: filter.excludedReasons) }
      ?? wanted.first { $0.values.isSubset(of: filter.excludedReasons) }
    if let contradiction {
      throw CommandFailure.usage("\(contradiction.label): both --reason and --not-reason name it")
    }

    let namespaces = try CommaList.values(namespaces, of: "--netns")
    filter.namespaces = Set(try namespaces.map { try NamespaceSelection.inode($0) })
    let groups = ControlGroups()
    for path in controlGroups {
      guard let id = groups.id(of: path) else {
        let place = groups.root.map { "below \($0)" } ?? "mounted here at all (cgroup v2)"
        throw CommandFailure("\(path): there is no such control group \(place)")
      }
      filter.controlGroups.insert(id)
    }
    let description = FilterDescription([
      ("reason", wanted.map(\.label)), ("not_reason", unwanted.map(\.label)),
      ("interface", try CommaList.values(interfaces, of: "--interface")), ("netns", namespaces),
      ("protocol", try CommaList.values(protocols, of: "--protocol")),
      ("port", try CommaList.values(ports, of: "--port")),
      ("net", try CommaList.values(networks, of: "--net")),
      ("cgroup", controlGroups),
    ])
    return (filter, description)
  }
}

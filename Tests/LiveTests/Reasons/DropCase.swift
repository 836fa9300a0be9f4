import Testing

/// Traffic that the kernel drops for one reason, and everything that is to be known of those drops.
///
/// Unless told otherwise it is three UDP datagrams from 10.77.0.2, ports 40001 to 40003, to 10.77.0.1 port 9, dropped
/// as they came in.
struct DropCase: Sendable, CustomTestStringConvertible {
  /// What is reported; as the compiler chose, any of these functions frees the packet.
  let reason: String
  let functions: [String]
  /// Why, where one reason has several cases.
  let title: String?
  let packets: Int
  /// Bytes of each packet from the network header on.
  let length: Int
  /// What `drops` is to show, together with what the traffic prints, a column and its value a line.
  ///
  /// A column that is missing here is to be NULL there; but for those of the socket, which only some cases tell.
  let columns: [String: String]
  /// The source port of the first packet, each further one having the next; `nil` where there is no port.
  let firstPort: Int?
  let interface: String?
  /// Whether the packet still tells its interface's name when it is dropped: TCP has forgotten it by then.
  let interfaceIsNamed: Bool
  /// The kernel's own counter of the same packets, as `nstat` calls it.
  let counter: String?
  /// Needs IPv6 on the host's end.
  let isIPv6: Bool
  /// Lines of shell, before.
  let setup: String
  /// Lines of Python.
  let traffic: String

  init(
    _ reason: String, in functions: [String], _ title: String? = nil, packets: Int = 3, length: Int = 35,
    network: String? = "IPv4", transport: String? = "UDP", from source: String? = nil,
    to destination: String? = nil,
    port firstPort: Int? = 40001, dport: Int? = 9, icmp: (type: Int, code: Int)? = nil, flags: String? = nil,
    seq: Int = 1000, context: String = "softirq", interface: String? = "host0", interfaceIsNamed: Bool = true,
    counter: String? = nil, and others: [String: String] = [:], setup: String = "", traffic: String
  ) {
    self.reason = reason
    self.functions = functions
    self.title = title
    self.packets = packets
    self.length = length
    self.interface = interface
    self.interfaceIsNamed = interfaceIsNamed
    self.counter = counter
    self.setup = setup
    self.traffic = traffic
    isIPv6 = network == "IPv6"
    let hasPorts = ["UDP", "TCP", "SCTP"].contains(transport)
    self.firstPort = hasPorts ? firstPort : nil
    let isIP = transport != nil
    var columns = ["context": context, "direction": "received", "mark": "0"]
    columns["protocol"] = network
    columns["transport"] = transport
    columns["saddr"] = source ?? (isIP ? (isIPv6 ? "fd77::2" : "10.77.0.2") : nil)
    columns["daddr"] = destination ?? (isIP ? (isIPv6 ? "fd77::1" : "10.77.0.1") : nil)
    columns["dport"] = hasPorts ? dport.map(String.init) : nil
    columns["icmp_type"] = icmp.map { String($0.type) }
    columns["icmp_code"] = icmp.map { String($0.code) }
    columns["tcp_flags"] = flags
    columns["tcp_seq"] = transport == "TCP" ? String(seq) : nil
    self.columns = columns.merging(others) { $1 }
  }

  var testDescription: String { title.map { "\(reason): \($0)" } ?? reason }
}

internal import DropEvents

/// Reads all counters of the network namespace that the calling thread is in.
struct NamespaceCounters {
  private let snmp = CounterPlaces(.snmp)
  private let netstat = CounterPlaces(.netstat)
  private let snmp6 = CounterPlaces(.snmp6)

  /// Reads them.
  ///
  /// - Parameter inode: The namespace's inode number.
  /// - Returns: What could be read; where an answer did not come whole, nothing of its kind.
  func readings(of inode: UInt32) -> [CounterReading] {
    var readings: [CounterReading] = []
    var cookie: UInt64 = 0
    if let socket = NetlinkSocket() {
      cookie = socket.cookie()
      readings = links(socket, inode, cookie)
    }
    for (source, places, file) in [
      (CounterSource.snmp, snmp, "snmp"), (.netstat, netstat, "netstat"), (.snmp6, snmp6, "snmp6"),
    ] {
      // Not /proc/net, which is of the namespace of the process's first thread.
      guard let text = SystemFile.bytes("/proc/thread-self/net/\(file)") else { continue }
      let values =
        source == .snmp6
        ? ProtocolStatistics.values(ofLines: text.span, places)
        : ProtocolStatistics.values(ofPairs: text.span, places)
      readings.append(
        CounterReading(
          thing: CountedThing(source: source, netns: inode, namespaceCookie: cookie), values: values))
    }
    return readings
  }

  /// Reads what the CPUs count for all namespaces.
  static func softnet() -> [CounterReading] {
    SystemFile.bytes("/proc/net/softnet_stat").map { SoftnetStatistics.readings($0.span) } ?? []
  }

  private func links(
    _ socket: borrowing NetlinkSocket, _ inode: UInt32, _ cookie: UInt64
  ) -> [CounterReading] {
    var readings: [CounterReading] = []
    var names: [UInt32: String] = [:]
    let linksAreComplete = socket.dump(LinkStatistics.request, type: LinkStatistics.answer) { message in
      guard let link = LinkStatistics.link(message), readings.count < RiseFinder.limit else { return }
      names[link.index] = link.name
      readings.append(
        CounterReading(
          thing: CountedThing(
            source: .interface, scope: link.name, netns: inode, instance: UInt64(link.index),
            namespaceCookie: cookie),
          values: link.values))
    }
    guard linksAreComplete else { return [] }
    var qdiscs: [CounterReading] = []
    let qdiscsAreComplete = socket.dump(QdiscStatistics.request, type: QdiscStatistics.answer) { message in
      guard let qdisc = QdiscStatistics.qdisc(message), let name = names[qdisc.interface],
        qdiscs.count < RiseFinder.limit
      else { return }
      qdiscs.append(
        CounterReading(
          thing: CountedThing(
            source: .qdisc, scope: "\(name) \(qdisc.place) \(qdisc.kind)", netns: inode,
            instance: UInt64(qdisc.interface), namespaceCookie: cookie),
          values: qdisc.values))
    }
    return qdiscsAreComplete ? readings + qdiscs : readings
  }
}

import DropEvents

extension SampleDatabase {
  /// A capture of two hours, 02:00 to 04:00, the second of which is an incident.
  ///
  /// - `NO_SOCKET`, 10 a minute all the time, and `TCP_OLD_DATA` in bursts of 100 at 02:10, 02:40 and 03:25: no change;
  /// - `NETFILTER_DROP`, 40 a minute from 03:10 on, of a control group's socket, and with a stack;
  /// - `SOCKET_RCVBUFF`, 60 a minute from 03:20 on, and one burst of 30 before;
  /// - `IP_CSUM`, 5 a minute until 03:00;
  /// - a reason without a name, once, at 03:40, at a symbol and on an interface that would harm.
  public static func incident() throws -> SampleDatabase {
    try SampleDatabase(incidentBatch, from: start, until: start + 120 * minute)
  }

  private static var incidentBatch: DropBatch {
    var batch = DropBatch()
    let names = [(6, "SOCKET_RCVBUFF"), (8, "NETFILTER_DROP"), (9, "IP_CSUM"), (11, "TCP_OLD_DATA")]
    batch.reasons = names.map { value, name in
      ReasonName(
        value: UInt32(value), subsystem: "core", name: name, symbol: "SKB_DROP_REASON_\(name)",
        isSentinel: false)
    }
    let symbols = [
      (3, "udp_rcv"), (6, "__udp_enqueue_schedule_skb"), (8, "nf_hook_slow"), (9, "ip_rcv_core"),
      (11, "tcp_rcv_established"), (100, "ip_local_deliver"), (101, "entry;of x"), (102, hostileSymbol),
    ]
    batch.symbols = symbols.map {
      KernelSymbol(address: UInt64($0) << 12, name: $1, offset: 0x10, module: nil)
    }
    batch.stacks = [
      StackDefinition(id: StackID(1), frames: [8 << 12, 100 << 12, 101 << 12]),
      StackDefinition(id: StackID(2), frames: [102 << 12, 100 << 12, 101 << 12]),
    ]
    batch.controlGroups = [ControlGroup(id: 77, path: "/system.slice/db.service")]
    for index in 0..<120 {
      add(3, 10, at: index, to: &batch)
      if [10, 40, 85].contains(index) { add(11, 100, at: index, to: &batch) }
      if index >= 70 { add(8, 40, at: index, stack: 1, cgroup: 77, to: &batch) }
      if index >= 80 { add(6, 60, at: index, to: &batch) }
      if index == 30 { add(6, 30, at: index, to: &batch) }
      if index < 60 { add(9, 5, at: index, to: &batch) }
    }
    let hostile = DropSite(
      reason: 50, location: 102 << 12, ifindex: 2, interface: KernelName(hostileInterface), etherType: 0x0800)
    batch.events.append(
      DropEvent(
        time: start + 100 * minute + 1, site: hostile, stack: StackID(2), context: .task, pid: 8,
        comm: KernelName(hostileProcess)))
    batch.tallies.append(
      DropTally(site: hostile, minute: (start + 100 * minute) / second, packets: 1, bytes: 60))
    return batch
  }

  /// Drops of one minute, all of them recorded.
  private static func add(
    _ reason: UInt32, _ packets: Int, at index: Int, stack: UInt32? = nil, cgroup: UInt64? = nil,
    to batch: inout DropBatch
  ) {
    let site = DropSite(
      reason: reason, location: UInt64(reason) << 12, ifindex: 1, interface: KernelName("eth0"),
      etherType: 0x0800)
    let begin = start + Int64(index) * minute
    var flow = Flow()
    flow.transport = 17
    flow.source = IPAddress(v4: 0x0a00_0001)
    flow.destination = IPAddress(v4: 0x0a00_0002)
    flow.sourcePort = 4000
    flow.destinationPort = UInt16(reason)
    flow.cgroup = cgroup
    for number in 0..<packets {
      batch.events.append(
        DropEvent(
          time: begin + Int64(number) * second / 2 + Int64(reason), site: site,
          stack: stack.map { StackID($0) },
          context: .softirq, flow: flow, length: 60))
    }
    batch.tallies.append(
      DropTally(site: site, minute: begin / second, packets: UInt64(packets), bytes: UInt64(packets) * 60))
  }
}

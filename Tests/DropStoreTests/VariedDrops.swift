import DropEvents
import DropStore

/// Drops of two kernels in which each column of the views has several values, NULL among them wherever it may be.
enum VariedDrops {
  /// How many drops there are, one each microsecond from 03:10 on.
  static let count = 1000

  static func write(to path: String) throws {
    for boot in 0..<2 {
      let kernel = KernelIdentity(
        release: "6.\(boot)", version: "#1", machine: "x86_64", btfHash: boot == 0 ? nil : "b")
      let reasons = [
        // The same names under other numbers.
        ReasonName(
          value: UInt32(3 + boot), subsystem: "core", name: "NO_SOCKET", symbol: "S", isSentinel: false,
          isRoutine: boot == 0),
        ReasonName(
          value: UInt32(5 - boot * 2), subsystem: "core", name: "OTHER", symbol: "S", isSentinel: false),
      ]
      var writer = try DropWriter(
        path: path,
        capture: .sample(
          boot: "boot-\(boot)", host: HostIdentity(name: "web\(boot)", machineID: nil), kernel: kernel,
          reasons: reasons, subsystems: [SubsystemName(number: 3, name: "openvswitch")]))
      try writer.write(batch(boot))
      _ = try writer.finish(at: threeTenNanoseconds + 120_000_000_000)
    }
  }

  private static func batch(_ boot: Int) -> DropBatch {
    var batch = DropBatch()
    batch.symbols = (0..<5).map {
      KernelSymbol(
        address: 0x1000 + UInt64($0), name: "function\($0 / 2)", offset: UInt64($0),
        module: $0 == 4 ? "nf_tables" : nil)
    }
    batch.stacks = (0..<3).map { StackDefinition(id: StackID($0), frames: [0x1000 + UInt64($0)]) }
    batch.namespaces = [NetworkNamespace(inode: 7, name: "blue")]
    batch.controlGroups = [ControlGroup(id: 70, path: "/system.slice/a.service")]
    batch.traps = [
      HardwareTrap(id: 1, name: "blackhole_route", group: "l3_drops"),
      HardwareTrap(id: 2, name: "ttl", group: ""),
    ]
    for encapsulation in Encapsulation.allCases {
      for value in 0..<3 {
        var inner = InnerFlow(encapsulation: encapsulation)
        if value > 0 {
          inner.tunnelID = UInt32(value)
          inner.transport = value == 1 ? 6 : 200
          inner.source = IPAddress(v4: UInt32(value))
          inner.destination = IPAddress(v6High: 1, low: UInt64(value))
          inner.sourcePort = UInt16(value)
          inner.destinationPort = UInt16(value) + 7
        }
        batch.innerFlows.append(inner)
      }
    }
    // Always the same numbers, in an order of their own (https://en.wikipedia.org/wiki/Linear_congruential_generator).
    var state: UInt64 = 42 + UInt64(boot)
    func pick<Value>(_ values: [Value]) -> Value {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return values[Int(state >> 33) % values.count]
    }
    for index in 0..<count / 2 {
      var site = DropSite(
        reason: pick([nil, 3, 4, 5, 0x3_0007, 0x9_0001]),
        location: pick([nil, 0x1000, 0x1001, 0x1004, 0xffff]),
        ifindex: pick([nil, 1, 2]), interface: nil, netns: pick([nil, 7, 8]),
        etherType: pick([nil, 0x0800, 0x88b5]))
      if let ifindex = site.ifindex { site.interface = pick([nil, KernelName("eth\(ifindex)")]) }
      if pick([true, false, false]) {
        site.origin = .hardware
        site.trap = pick([nil, 1, 2, 3])
      }
      var flow = Flow()
      flow.transport = pick([nil, 6, 17, 253])
      flow.source = pick([nil, IPAddress(v4: 1), IPAddress(v4: 2), IPAddress(v6High: 1, low: 2)])
      flow.destination = pick([nil, IPAddress(v4: 0x0a00_0001), IPAddress(v6High: 1 << 63, low: 2)])
      flow.sourcePort = pick([nil, 0, 1, 65_535])
      flow.destinationPort = pick([nil, 53, 443])
      flow.icmpType = pick([nil, 0, 3])
      flow.icmpCode = pick([nil, 0, 1])
      flow.tcpFlags = pick([nil, 0, 2, 0x12, 0xff])
      flow.arpOperation = pick([nil, 1, 2, 9])
      flow.fragment = pick([nil, .first, .later])
      flow.vlan = pick([nil, 0, 100])
      flow.direction = pick([nil, .received, .sent])
      flow.mark = pick([nil, 0, .max])
      flow.socketCookie = pick([nil, 0, 1, .max])
      flow.uid = pick([nil, 0, 1000])
      flow.cgroup = pick([nil, 70, 71])
      var event = DropEvent(
        time: threeTenNanoseconds + Int64(index * 2 + boot) * 1000, site: site,
        stack: pick([nil, StackID(0), StackID(1), StackID(2)]),
        context: pick([nil, .task, .softirq, .hardirq, .nmi]),
        flow: flow, length: pick([nil, 0, 1, 60, 1500, .max]), cpu: pick([0, 1, 2, 300]),
        pid: pick([0, 1, 4_000_000]),
        comm: pick([KernelName(""), KernelName("a"), KernelName("é"), KernelName([0xff])]))
      event.tcpSequence = pick([nil, 0, 1, 0x7fff_ffff, 0x8000_0000, .max])
      event.inner = pick([nil] + (0..<UInt32(batch.innerFlows.count)).map { $0 })
      batch.events.append(event)
      let minute = threeTen + pick([0, 60])
      batch.tallies.append(DropTally(site: site, minute: threeTen, packets: 1, bytes: pick([0, 60, 1500])))
      batch.tallies.append(DropTally(site: site, minute: minute, packets: pick([0, 5]), bytes: 9))
    }
    return batch
  }
}

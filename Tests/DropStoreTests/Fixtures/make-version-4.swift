// Made version-4.db; see README.md beside it. It no longer makes one: the writer of today writes the version of today.
import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct VersionFourMaker {
  @Test func make() throws {
    let path = try #require(ProcessInfo.processInfo.environment["VERSION_4"])
    // The first capture has no end of its own: the second, of another boot into another kernel, gave it one.
    let kernels = [("boot-1", "6.12.1", UInt32(3)), ("boot-2", "6.18.0", UInt32(4))]
    for (index, (boot, release, noSocket)) in kernels.enumerated() {
      let start: Int64 = 1_795_144_200_000_000_000 + Int64(index) * 3_600_000_000_000
      let names = [(noSocket, "NO_SOCKET"), (noSocket + 5, "TCP_CSUM"), (noSocket + 6, "NETFILTER_DROP")]
      var writer = try DropWriter(
        path: path,
        capture: CaptureDescription(
          host: HostIdentity(name: "web1", machineID: index == 0 ? nil : "0123"), bootID: boot,
          kernel: KernelIdentity(
            release: release, version: "#1", machine: "x86_64", btfHash: "hash-\(release)"),
          reasons: names.map {
            ReasonName(
              value: $0, subsystem: "core", name: $1, symbol: "SKB_DROP_REASON_" + $1, isSentinel: false,
              isRoutine: $1 == "NO_SOCKET")
          } + [
            ReasonName(
              value: 0xffff_0000, subsystem: "core", name: "SUBSYS_MASK",
              symbol: "SKB_DROP_REASON_SUBSYS_MASK", isSentinel: true)
          ],
          subsystems: [
            SubsystemName(number: 0, name: "core"), SubsystemName(number: 3, name: "openvswitch"),
          ],
          options: #"{"stacks":"sample"}"#, program: "dropdb 0.1.0", pid: 4242, start: start))
      try writer.write(batch(start, noSocket: noSocket))
      if index == 1 { _ = try writer.finish(at: start + 600_000_000_000) }
    }
    // The first capture's events go, and its tallies and losses become an hour.
    _ = try DropPruner.prune(path: path, .init(before: 1_795_147_200_000_000_000))
    try addImport(to: path)
  }

  /// What another tool told: a reason without a number, and of every other drop neither a process nor a CPU.
  private func addImport(to path: String) throws {
    let start: Int64 = 1_795_150_000_000_000_000
    var staged = try StagedImport(program: "dropdb 0.1.0")
    var batch = DropBatch()
    let name = StagedImport.numberOfFirstName
    batch.reasons = [
      ReasonName(value: name, subsystem: "unknown", name: "NO_SOCKET", symbol: "NO_SOCKET", isSentinel: false)
    ]
    batch.symbols = [KernelSymbol(address: 0x1000, name: "tcp_v4_rcv", offset: 0x91, module: nil)]
    for index in 0..<20 {
      let site = DropSite(reason: index % 5 == 4 ? 3 : name, location: 0x1000, etherType: 0x0800)
      let time = start + Int64(index) * 1_000_000
      batch.events.append(
        DropEvent(
          time: time, site: site, flow: flow(index % 2), length: index % 3 == 0 ? nil : 60,
          cpu: index % 2 == 0 ? StagedImport.unknown : UInt32(index % 4),
          pid: index % 4 < 2 ? StagedImport.unknown : 0, comm: KernelName(index % 4 < 2 ? "" : "swapper")))
      batch.tallies.append(
        DropTally(site: site, minute: time / 60_000_000_000 * 60, packets: 1, bytes: index % 3 == 0 ? 0 : 60))
    }
    try staged.write(batch)
    let result = try staged.merge(
      into: path,
      StagedImport.Source(
        boot: "import-0123456789abcdef", host: "unknown",
        kernel: StagedImport.Kernel(release: nil, version: nil, machine: nil), options: #"{"import":"perf"}"#,
        start: start, end: start + 20_000_000))
    #expect(result == .added)
  }

  private func batch(_ start: Int64, noSocket: UInt32) -> DropBatch {
    var batch = DropBatch()
    batch.symbols = [
      KernelSymbol(address: 0x1000, name: "tcp_v4_rcv", offset: 0x91, module: nil),
      KernelSymbol(address: 0x2000, name: "nf_hook_slow", offset: 0x44, module: nil),
      KernelSymbol(address: 0x3000, name: "veth_xmit", offset: 0x10, module: "veth"),
      KernelSymbol(address: 0x4000, name: nil, offset: 0, module: nil),
    ]
    batch.stacks = [
      StackDefinition(id: StackID(7), frames: [0x1000, 0x3000]),
      StackDefinition(id: StackID(9), frames: [0x2000, 0x1000, 0x4000]),
    ]
    batch.namespaces = [
      NetworkNamespace(inode: 4_026_531_840, name: nil), NetworkNamespace(inode: 9, name: "blue"),
    ]
    batch.controlGroups = [ControlGroup(id: 77, path: "/system.slice/nginx.service")]
    batch.traps = [HardwareTrap(id: 5, name: "blackhole_route", group: "l3_drops")]
    batch.innerFlows = [
      InnerFlow(encapsulation: .icmpError), InnerFlow(encapsulation: .vxlan),
    ]
    batch.innerFlows[1].tunnelID = 42
    batch.innerFlows[0].transport = 17
    batch.innerFlows[0].source = IPAddress(v4: 0x0a00_0001)
    batch.innerFlows[0].destinationPort = 53
    batch.packetBytes = Array(0..<64)
    batch.packets = [CapturedPacket(link: .ethernet, start: 0, count: 64, networkOffset: 14)]
    let sites = [
      DropSite(
        reason: noSocket, location: 0x1000, ifindex: 2, interface: KernelName("eth0"), netns: 4_026_531_840,
        etherType: 0x0800),
      DropSite(
        reason: noSocket + 6, location: 0x2000, ifindex: 3, interface: KernelName("veth0"), netns: 9,
        etherType: 0x86dd),
      DropSite(reason: 0x3_0007, location: 0x3000, netns: 9, etherType: 0x0806),
      DropSite(reason: 999, location: 0x4000, etherType: 0x88b5),
      DropSite(
        reason: noSocket + 5, location: 0x1000, ifindex: 2, interface: KernelName("eth0"), etherType: 0x0800,
        origin: .hardware, trap: 5),
      DropSite(),
    ]
    let contexts: [ExecutionContext?] = [.softirq, .task, .hardirq, nil, .nmi]
    for index in 0..<240 {
      let site = sites[index % sites.count]
      // Some at one time, some minutes apart.
      let time = start + Int64(index / 2) * 1_000_000_007
      var event = DropEvent(
        time: time, site: site, stack: index % 3 == 2 ? nil : StackID(index % 3 == 0 ? 7 : 9),
        context: contexts[index % contexts.count], flow: flow(index),
        length: index % 7 == 0 ? nil : UInt32(40 + index),
        cpu: UInt32(index % 4), pid: UInt32(index % 5),
        comm: KernelName(["nginx", "a\u{1b}b", "", "k/0", "x"][index % 5]))
      if site.netns == nil { event.stack = nil }
      if index % 6 == 0 { event.tcpSequence = 0xffff_fff0 + UInt32(index % 16) }
      if index % 6 == 2 { event.inner = 0 }
      if index % 6 == 1, index > 100 { event.inner = 1 }
      if index % 48 == 0 { event.packet = 0 }
      batch.events.append(event)
      // Each event, and one drop in ten that is none.
      batch.tallies.append(
        DropTally(
          site: site, minute: time / 60_000_000_000 * 60, packets: index % 10 == 0 ? 2 : 1,
          bytes: UInt64(40 + index)))
    }
    batch.losses = [
      DropLoss(cause: .ringFull, second: start / 1_000_000_000 + 1, packets: 20),
      DropLoss(cause: .ringFull, second: start / 1_000_000_000 + 2, packets: 1),
      DropLoss(cause: .nested, second: start / 1_000_000_000 + 2, packets: 3),
      DropLoss(cause: .filtered, second: start / 1_000_000_000 + 2, packets: 4),
    ]
    batch.rises = [
      CounterRise(
        counter: KernelCounter(source: .interface, scope: "eth0", netns: 9, name: "rx_dropped"),
        start: start / 1_000_000_000, seconds: 10, delta: 3),
      CounterRise(
        counter: KernelCounter(source: .softnet, scope: nil, netns: nil, name: "dropped"),
        start: start / 1_000_000_000, seconds: 10, delta: 5),
    ]
    return batch
  }

  private func flow(_ index: Int) -> Flow {
    var flow = Flow()
    switch index % 6 {
    case 0:
      flow.transport = 6
      flow.source = IPAddress(v4: 0x0a00_0000 + UInt32(index % 12))
      flow.destination = IPAddress(v4: 0xc0a8_0102)
      flow.sourcePort = 40_000
      flow.destinationPort = 443
      flow.tcpFlags = UInt8(index % 8)
      flow.mark = 0xffff_ffff
      flow.uid = 1000
      flow.cgroup = 77
      flow.direction = .received
      flow.socketCookie = 9
    case 1:
      flow.transport = 17
      flow.source = IPAddress(v6High: 0x2001_0db8_0000_0000, low: UInt64(index % 12))
      flow.destination = IPAddress(v6High: 0xfe80_0000_0000_0000, low: 1)
      flow.sourcePort = 53
      flow.destinationPort = UInt16(index)
      flow.vlan = 100
      flow.mark = 0
    case 2:
      flow.transport = 1
      flow.source = IPAddress(v4: 0x7f00_0001)
      flow.destination = IPAddress(v4: 0x7f00_0002)
      flow.icmpType = 3
      flow.icmpCode = 1
    case 3:
      flow.transport = 253
      flow.cgroup = 78
      flow.uid = 0
    default: break
    }
    return flow
  }
}

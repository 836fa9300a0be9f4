import DropEvents
import DropStore
import Testing

@Suite struct PublicViewTests {
  let folder: TemporaryFolder
  var path: String { folder.file("drops.db") }

  init() throws { folder = try TemporaryFolder() }

  @Test func `every field of an event comes back through drops`() throws {
    var flow = Flow()
    flow.transport = 6
    flow.source = IPAddress(v4: 0x0a00_0001)
    flow.sourcePort = 40_000
    flow.destination = IPAddress(v4: 0xc0a8_0102)
    flow.destinationPort = 443
    flow.icmpType = 3
    flow.icmpCode = 1
    flow.tcpFlags = 0b1_0010
    flow.vlan = 100
    flow.mark = 0xffff_ffff
    flow.uid = 1000
    flow.cgroup = 77
    let site = DropSite(
      reason: 3, location: 0xffff_0091, ifindex: 2, interface: KernelName("eth0"), netns: 4_026_531_840,
      etherType: 0x0800, origin: .hardware)
    var batch = DropBatch()
    batch.symbols = [
      KernelSymbol(address: 0xffff_0091, name: "tcp_v4_rcv", offset: 0x91, module: nil),
      KernelSymbol(address: 0xffff_1000, name: "veth_xmit", offset: 0x10, module: "veth"),
    ]
    batch.stacks = [StackDefinition(id: StackID(9), frames: [0xffff_0091, 0xffff_1000, 0xdead])]
    batch.namespaces = [NetworkNamespace(inode: 4_026_531_840, name: "blue")]
    batch.controlGroups = [ControlGroup(id: 77, path: "/system.slice/nginx.service")]
    batch.tallies = [DropTally(site: site, minute: threeTen, packets: 3, bytes: 180)]
    batch.events = [
      DropEvent(
        time: threeTenNanoseconds + 123_456_789, site: site, stack: StackID(9), context: .softirq, flow: flow,
        length: 60, cpu: 7, pid: 812, comm: KernelName("nginx"))
    ]
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(batch)

    #expect(
      try firstRow(path, "SELECT * FROM drops") == [
        "time": .text("2026-11-20T03:10:00.123456Z"), "ts": .integer(threeTenNanoseconds + 123_456_789),
        "reason": .text("NO_SOCKET"), "subsystem": .text("core"), "reason_value": .integer(3),
        "location": .text("tcp_v4_rcv+0x91"), "symbol": .text("tcp_v4_rcv"), "module": .null,
        "protocol": .text("IPv4"), "transport": .text("TCP"), "saddr": .text("10.0.0.1"),
        "sport": .integer(40_000), "daddr": .text("192.168.1.2"), "dport": .integer(443),
        "icmp_type": .integer(3), "icmp_code": .integer(1), "tcp_flags": .text("SYN|ACK"),
        "vlan": .integer(100), "length": .integer(60), "interface": .text("eth0"), "ifindex": .integer(2),
        "netns": .text("blue"), "pid": .integer(812), "comm": .text("nginx"), "context": .text("softirq"),
        "cgroup": .text("/system.slice/nginx.service"), "uid": .integer(1000),
        "mark": .integer(0xffff_ffff), "cpu": .integer(7), "origin": .text("hardware"), "stack": .integer(1),
        "kernel": .text("6.12.1"), "boot": .text("boot-1"), "host": .text("web1"),
      ])
    #expect(
      try rows(path, "SELECT frames FROM stacks WHERE id = 1") == [
        [.text("tcp_v4_rcv+0x91\nveth_xmit+0x10 [veth]\n0xdead")]
      ])
    #expect(
      try firstRow(path, "SELECT * FROM tallies") == [
        "time": .text("2026-11-20T03:10:00.000000Z"), "ts": .integer(threeTenNanoseconds),
        "seconds": .integer(60), "reason": .text("NO_SOCKET"), "subsystem": .text("core"),
        "location": .text("tcp_v4_rcv+0x91"), "protocol": .text("IPv4"), "interface": .text("eth0"),
        "netns": .text("blue"), "packets": .integer(3), "bytes": .integer(180), "recorded": .integer(1),
        "kernel": .text("6.12.1"), "boot": .text("boot-1"), "host": .text("web1"),
      ])
  }
}

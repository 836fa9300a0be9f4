import DropEvents
import DropStore
import Foundation
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
    flow.arpOperation = 2
    flow.fragment = .first
    flow.direction = .sent
    flow.socketCookie = 4711
    var inner = InnerFlow(encapsulation: .vxlan)
    inner.tunnelID = 0xff_ffff
    inner.transport = 17
    inner.source = IPAddress(v6High: 0x2001_0db8_0000_0000, low: 9)
    inner.sourcePort = 53
    inner.destination = IPAddress(v6High: 0xfe80_0000_0000_0000, low: 1)
    inner.destinationPort = 65_535
    let site = DropSite(
      reason: 3, location: 0xffff_0091, ifindex: 2, interface: KernelName("eth0"), netns: 4_026_531_840,
      etherType: 0x0800, origin: .hardware, trap: 5)
    var batch = DropBatch()
    batch.symbols = [
      KernelSymbol(address: 0xffff_0091, name: "tcp_v4_rcv", offset: 0x91, module: nil),
      KernelSymbol(address: 0xffff_1000, name: "veth_xmit", offset: 0x10, module: "veth"),
    ]
    batch.stacks = [StackDefinition(id: StackID(9), frames: [0xffff_0091, 0xffff_1000, 0xdead])]
    batch.namespaces = [NetworkNamespace(inode: 4_026_531_840, name: "blue")]
    batch.controlGroups = [ControlGroup(id: 77, path: "/system.slice/nginx.service")]
    batch.traps = [HardwareTrap(id: 5, name: "blackhole_route", group: "l3_drops")]
    batch.innerFlows = [InnerFlow(encapsulation: .gre), inner]
    batch.tallies = [DropTally(site: site, minute: threeTen, packets: 3, bytes: 180)]
    batch.events = [
      DropEvent(
        time: threeTenNanoseconds + 123_456_789, site: site, stack: StackID(9), context: .softirq, flow: flow,
        length: 60, cpu: 7, pid: 812, comm: KernelName("nginx"))
    ]
    batch.events[0].inner = 1
    batch.events[0].tcpSequence = 0xffff_fffe
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
        "arp_op": .text("reply"), "fragment": .text("first"), "direction": .text("sent"),
        "cookie": .integer(4711), "tcp_seq": .integer(0xffff_fffe), "encapsulation": .text("VXLAN"),
        "tunnel_id": .integer(0xff_ffff), "inner_transport": .text("UDP"),
        "inner_saddr": .text("2001:db8::9"), "inner_sport": .integer(53), "inner_daddr": .text("fe80::1"),
        "inner_dport": .integer(65_535), "trap": .text("blackhole_route"), "trap_group": .text("l3_drops"),
        "routine": .integer(0),
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
        "origin": .text("hardware"), "trap": .text("blackhole_route"), "routine": .integer(0),
      ])
  }

  @Test func `an event of which nothing is known has NULL wherever the page does not say never`() throws {
    var writer = try DropWriter(
      path: path, capture: .sample(host: HostIdentity(name: "web1", machineID: nil)))
    var batch = DropBatch()
    batch.events = [DropEvent(time: threeTenNanoseconds, site: DropSite())]
    batch.tallies = [DropTally(site: DropSite(), minute: threeTen, packets: 1, bytes: 0)]
    try writer.write(batch)
    for view in ["drops", "tallies"] {
      let row = try firstRow(path, "SELECT * FROM \(view)")
      let never = try ViewPage.columns(of: view).filter { $0.null == "never" }.map(\.name)
      // A capture knows who ran and where; only an import may not.
      let always = Set(never).union(view == "drops" ? ["pid", "cpu"] : [])
      #expect(Set(row.filter { $0.value != .null }.keys) == always, "\(view)")
    }
    #expect(try rows(path, "SELECT machine_id FROM captures") == [[.null]])
  }

  @Test func `a reason without a name is shown by subsystem and number`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch()
    for (index, value) in [3, 999, 0x3_0007, 0x9_0001, 0xffff_0000].enumerated() {
      batch.events.append(
        DropEvent(time: threeTenNanoseconds + Int64(index), site: DropSite(reason: UInt32(value))))
      batch.tallies.append(
        DropTally(site: DropSite(reason: UInt32(value)), minute: threeTen, packets: 1, bytes: 0))
    }
    try writer.write(batch)
    let expected: [[SQLValue]] = [
      [.text("NO_SOCKET"), .text("core")], [.text("core:999"), .text("core")],
      [.text("openvswitch:7"), .text("openvswitch")], [.text("9:1"), .text("9")],
      [.text("SUBSYS_MASK"), .text("core")],
    ]
    #expect(try rows(path, "SELECT reason, subsystem FROM drops ORDER BY ts") == expected)
    let tallies = try rows(path, "SELECT reason, subsystem FROM tallies")
    #expect(Set(tallies) == Set(expected))
  }

  @Test func `names that come later name what is stored already`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch()
    batch.events = [DropEvent(time: threeTenNanoseconds, site: DropSite(reason: 0x9_0001))]
    try writer.write(batch)
    let name = ReasonName(
      value: 0x9_0001, subsystem: "extra", name: "TOO_BAD", symbol: "EXTRA_TOO_BAD", isSentinel: false)
    batch.removeAll()
    batch.reasons = [name]
    batch.subsystems = [SubsystemName(number: 9, name: "extra")]
    try writer.write(batch)
    #expect(try rows(path, "SELECT reason, subsystem FROM drops") == [[.text("TOO_BAD"), .text("extra")]])
  }

  @Test func `a reason's name is not replaced by that of a boundary with the same number`() throws {
    let last = ReasonName(value: 3, subsystem: "core", name: "MAX", symbol: "MAX", isSentinel: true)
    let real = ReasonName(value: 3, subsystem: "core", name: "LAST", symbol: "LAST", isSentinel: false)
    let writer = try DropWriter(path: path, capture: .sample(reasons: [last, real, last]))
    #expect(try rows(path, "SELECT name FROM reasons") == [[.text("LAST")]])
    _ = try writer.finish(at: threeTenNanoseconds)
  }

  @Test func `each drop is named by the kernel that captured it`() throws {
    let numbers: [(boot: String, release: String, value: UInt32)] = [
      ("boot-1", "6.12.107", 3), ("boot-2", "6.12.117", 4), ("boot-3", "6.12.117", 4),
    ]
    for (index, (boot, release, value)) in numbers.enumerated() {
      let reasons = [
        ReasonName(value: value, subsystem: "core", name: "NO_SOCKET", symbol: "S", isSentinel: false),
        ReasonName(value: value + 1, subsystem: "core", name: "OTHER", symbol: "S", isSentinel: false),
      ]
      let kernel = KernelIdentity(release: release, version: "#1", machine: "x86_64", btfHash: release)
      var writer = try DropWriter(
        path: path, capture: .sample(boot: boot, kernel: kernel, reasons: reasons, subsystems: []))
      var batch = DropBatch()
      let site = DropSite(reason: value)
      batch.events = [DropEvent(time: threeTenNanoseconds + Int64(index), site: site)]
      batch.tallies = [DropTally(site: site, minute: threeTen, packets: 5, bytes: 0)]
      try writer.write(batch)
      _ = try writer.finish(at: threeTenNanoseconds)
    }
    #expect(
      try rows(path, "SELECT reason, reason_value, kernel, boot FROM drops ORDER BY ts") == [
        [.text("NO_SOCKET"), .integer(3), .text("6.12.107"), .text("boot-1")],
        [.text("NO_SOCKET"), .integer(4), .text("6.12.117"), .text("boot-2")],
        [.text("NO_SOCKET"), .integer(4), .text("6.12.117"), .text("boot-3")],
      ])
    #expect(
      try rows(path, "SELECT reason, sum(packets) FROM tallies GROUP BY reason") == [
        [.text("NO_SOCKET"), .integer(15)]
      ])
    #expect(try rows(path, "SELECT count(*) FROM reasons") == [[.integer(4)]])
  }

  @Test func `a boot keeps its kernel's names when a later capture cannot read them`() throws {
    for hash in ["aa", nil] {
      let kernel = KernelIdentity(release: "6.12.1", version: "#1", machine: "x86_64", btfHash: hash)
      var writer = try DropWriter(
        path: path,
        capture: .sample(kernel: kernel, reasons: hash == nil ? [] : CaptureDescription.sample().reasons))
      var batch = DropBatch()
      batch.events = [DropEvent(time: threeTenNanoseconds, site: DropSite(reason: 3))]
      try writer.write(batch)
    }
    #expect(try rows(path, "SELECT DISTINCT reason FROM drops") == [[.text("NO_SOCKET")]])
  }

  @Test(arguments: [
    (0, "none"), (1, "FIN"), (2, "SYN"), (0x12, "SYN|ACK"), (0x18, "PSH|ACK"), (4, "RST"),
    (0xc2, "SYN|ECE|CWR"),
    (0xff, "FIN|SYN|RST|PSH|ACK|URG|ECE|CWR"),
  ])
  func `TCP flags are shown by name`(flags: UInt8, text: String) throws {
    var flow = Flow()
    flow.tcpFlags = flags
    #expect(try view(of: "tcp_flags", DropEvent(time: 1, site: DropSite(), flow: flow)) == .text(text))
  }

  @Test(arguments: [(0x0800, "IPv4"), (0x86dd, "IPv6"), (0x0806, "ARP"), (0x88b5, "0x88b5"), (0, "0x0000")])
  func `EtherTypes are shown by name or number`(number: UInt16, text: String) throws {
    #expect(try view(of: "protocol", DropEvent(time: 1, site: DropSite(etherType: number))) == .text(text))
  }

  @Test(arguments: [
    (1, "ICMP"), (6, "TCP"), (17, "UDP"), (58, "ICMPv6"), (132, "SCTP"), (253, "253"), (0, "0"),
  ])
  func `transports are shown by name or number`(number: UInt8, text: String) throws {
    var flow = Flow()
    flow.transport = number
    #expect(try view(of: "transport", DropEvent(time: 1, site: DropSite(), flow: flow)) == .text(text))
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000Z"), (999, "1970-01-01T00:00:00.000000Z"),
    (1_795_144_200_000_001_999, "2026-11-20T03:10:00.000001Z"),
    (1_795_144_200_999_999_999, "2026-11-20T03:10:00.999999Z"),
    (Int64.max, "2262-04-11T23:47:16.854775Z"),
  ])
  func `times are shown in UTC with microseconds, cut off`(time: Int64, text: String) throws {
    #expect(try view(of: "time", DropEvent(time: time, site: DropSite())) == .text(text))
  }

  @Test func `addresses, namespaces and groups without a name are shown by number`() throws {
    var flow = Flow()
    flow.cgroup = 77
    flow.source = IPAddress(v6High: 0x2001_0db8_0000_0000, low: 1)
    let site = DropSite(location: 0xffff_ffff_8100_0000, netns: 4_026_531_840)
    let event = DropEvent(time: 1, site: site, stack: StackID(5), flow: flow)
    #expect(try view(of: "location", event) == .text("0xffffffff81000000"))
    #expect(try view(of: "symbol", event) == .null)
    #expect(try view(of: "netns", event) == .text("4026531840"))
    #expect(try view(of: "cgroup", event) == .text("77"))
    #expect(try view(of: "stack", event) == .null)
    #expect(try view(of: "saddr", event) == .text("2001:db8::1"))
  }

  @Test func `text comes back as it was, whatever it contains`() throws {
    let hostile = "\u{1b}[2J'; DROP--"
    let event = DropEvent(time: 1, site: DropSite(), comm: KernelName(hostile))
    #expect(try view(of: "comm", event) == .text(hostile))
    let invalid = DropEvent(time: 1, site: DropSite(), comm: KernelName([0x61, 0xff, 0x62]))
    #expect(try view(of: "comm", invalid) == .text("a\u{fffd}b"))
  }

  /// One column of one event in a database of its own.
  private func view(of column: String, _ event: DropEvent) throws -> SQLValue? {
    let path = folder.file("\(UUID().uuidString).db")
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch()
    batch.events = [event]
    try writer.write(batch)
    return try rows(path, "SELECT \"\(column)\" FROM drops").first?.first
  }
}

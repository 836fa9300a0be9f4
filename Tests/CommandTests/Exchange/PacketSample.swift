import DropEvents
import SampleDatabase

/// Drops of several kinds with their packets, as a capture with `--keep-packets` has them.
enum PacketSample {
  static let names = ["ethernet", "ipv4", "ipv6", "arp", "experimental", "unknown", "without bytes"]

  static func database() throws -> SampleDatabase {
    var batch = DropBatch()
    batch.symbols = [
      KernelSymbol(address: 0x1000, name: "udp_queue_rcv", offset: 0x91, module: nil),
      KernelSymbol(address: 0x2000, name: SampleDatabase.hostileSymbol, offset: 4, module: "mod"),
    ]
    batch.stacks = [StackDefinition(id: StackID(0), frames: [0x1000, 0x2000])]
    batch.namespaces = [NetworkNamespace(inode: 7, name: "blue")]
    batch.controlGroups = [ControlGroup(id: 9, path: "/system.slice/web.service")]

    let udp = udp(from: [10, 0, 0, 1], to: [10, 0, 0, 2])
    add(
      &batch, [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0] + udp, .ethernet, 14, 0x0800, length: 1400, .received
    )
    add(&batch, udp, .rawIP, 0, 0x0800, length: UInt32(udp.count), .sent)
    add(&batch, ipv6, .rawIP, 0, 0x86dd, length: UInt32(ipv6.count), nil)
    add(&batch, arp, .rawIP, 0, 0x0806, length: UInt32(arp.count), .received)
    add(&batch, Array("hello, world".utf8), .rawIP, 0, 0x88b5, length: 12, .sent)
    add(&batch, Array("A letter to a socket".utf8), .rawIP, 0, nil, length: 20, nil)
    add(&batch, nil, .rawIP, 0, 0x0800, length: 60, nil)
    batch.tallies = batch.events.map {
      DropTally(site: $0.site, minute: SampleDatabase.start / SampleDatabase.second, packets: 1, bytes: 60)
    }
    return try SampleDatabase(batch)
  }

  private static func add(
    _ batch: inout DropBatch, _ bytes: [UInt8]?, _ link: PacketLink, _ networkOffset: Int,
    _ etherType: UInt16?,
    length: UInt32, _ direction: Direction?
  ) {
    let index = batch.events.count
    // Where two stand at one interface and differ in their link type, these are two interfaces of the file.
    let site = DropSite(
      reason: index == 1 ? 0x30001 : 3, location: index == 2 ? 0x2000 : 0x1000, ifindex: index == 5 ? nil : 2,
      interface: index == 5 ? nil : KernelName(index == 4 ? SampleDatabase.hostileInterface : "eth0"),
      netns: index == 3 ? nil : 7, etherType: etherType)
    var flow = Flow()
    flow.direction = direction
    if index == 0 { flow.cgroup = 9 }
    var event = DropEvent(
      time: SampleDatabase.start + Int64(index) * SampleDatabase.second + 123_456_789, site: site,
      stack: index < 3 ? StackID(0) : nil, context: index == 0 ? .softirq : .task, flow: flow, length: length,
      pid: UInt32(index), comm: index == 3 ? KernelName(SampleDatabase.hostileProcess) : KernelName("bash"))
    if let bytes {
      event.packet = UInt32(batch.packets.count)
      batch.packets.append(
        CapturedPacket(
          link: link, start: batch.packetBytes.count, count: bytes.count, networkOffset: networkOffset))
      batch.packetBytes += bytes
    }
    batch.events.append(event)
  }

  private static func udp(from source: [UInt8], to destination: [UInt8]) -> [UInt8] {
    // Of 1400 bytes the first 28 were kept.
    [0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0] + source + destination + [0x0f, 0xa0, 0, 53, 0, 8, 0, 0]
  }

  private static let ipv6: [UInt8] =
    [0x60, 0, 0, 0, 0, 8, 17, 64] + [0xfd] + Array(repeating: 0, count: 14) + [1] + [0xfd]
    + Array(repeating: 0, count: 14) + [2] + [0x13, 0x88, 1, 0xbb, 0, 8, 0x12, 0x34]

  private static let arp: [UInt8] =
    [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 0, 2, 9, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1]
}

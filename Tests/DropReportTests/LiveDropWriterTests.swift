import DropEvents
import DropStore
import Foundation
import SampleDatabase
import Testing

@testable import DropReport

@Suite struct LiveDropWriterTests {
  /// One event with every field, one of another kind, and one with none.
  private static let batch: DropBatch = {
    var batch = DropBatch()
    batch.symbols = [KernelSymbol(address: 0x1000, name: "f", offset: 1, module: nil)]
    batch.namespaces = [NetworkNamespace(inode: 9, name: "blue")]
    batch.traps = [HardwareTrap(id: 5, name: "blackhole_route", group: "l3_drops")]
    batch.reasons = [
      ReasonName(
        value: 0x9_0001, subsystem: "extra", name: "TOO_BAD", symbol: "S", isSentinel: false, isRoutine: true)
    ]
    batch.subsystems = [SubsystemName(number: 9, name: "extra")]
    var inner = InnerFlow(encapsulation: .vxlan)
    inner.tunnelID = 42
    inner.transport = 17
    inner.source = IPAddress(v4: 0x0a00_0001)
    inner.sourcePort = 53
    inner.destination = IPAddress(v6High: 0xfd00_0000_0000_0000, low: 2)
    inner.destinationPort = 4000
    batch.innerFlows = [InnerFlow(encapsulation: .icmpError), inner]
    var flow = Flow()
    flow.transport = 17
    flow.source = IPAddress(v4: 0x0a00_0009)
    flow.destination = IPAddress(v4: 0x0a00_0008)
    flow.sourcePort = 1
    flow.destinationPort = 4789
    flow.fragment = .first
    flow.direction = .sent
    flow.socketCookie = .max
    var event = DropEvent(
      time: 1_795_140_000_000_000_000,
      site: DropSite(
        reason: 0x9_0001, location: 0x1000, ifindex: 2, interface: KernelName("eth0"), netns: 9,
        etherType: 0x0800,
        origin: .hardware, trap: 5),
      context: .softirq, flow: flow, length: 60, cpu: 3, pid: 7, comm: KernelName("x"))
    event.inner = 1
    event.tcpSequence = .max
    batch.events.append(event)
    var arp = Flow()
    arp.arpOperation = 2
    arp.direction = .received
    arp.source = IPAddress(v4: 0x0a00_0009)
    arp.destination = IPAddress(v4: 0x0a00_0008)
    event = DropEvent(
      time: 1_795_140_001_000_000_000, site: DropSite(ifindex: 2, etherType: 0x0806), flow: arp, pid: 8,
      comm: KernelName("y"))
    event.inner = 0
    batch.events.append(event)
    event = DropEvent(
      time: 1_795_140_002_000_000_000, site: DropSite(origin: .hardware, trap: 6), pid: 9,
      comm: KernelName("z"))
    event.inner = 77
    batch.events.append(event)
    return batch
  }()

  private func written(isJSON: Bool, to path: String) throws -> [String] {
    let names = try ProtocolNames(DropReader(path: path))
    var writer = LiveDropWriter(isJSON: isJSON, protocolNames: names, routineReasons: [3]) { _ in
      ("core", "?")
    }
    writer.learn(Self.batch)
    var output = ""
    for event in Self.batch.events { writer.append(event, into: &output) }
    return output.split(separator: "\n").map(String.init)
  }

  @Test func `a JSON object has the names and values of the view`() throws {
    let sample = try SampleDatabase(Self.batch)
    let reader = try DropReader(path: sample.path)
    for (line, event) in zip(try written(isJSON: true, to: sample.path), Self.batch.events) {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let keys = object.keys.sorted()
      var query = try reader.prepare(
        "SELECT \(keys.map { "\"\($0)\"" }.joined(separator: ", ")) FROM drops WHERE ts = ?",
        [.integer(event.time)])
      let row = try #require(try query.next())
      for (key, value) in zip(keys, row) {
        let shown: SQLValue? =
          switch object[key] {
          case let number as NSNumber: .integer(number.int64Value)
          case let text as String: .text(text)
          default: .null
          }
        #expect(shown == value, "\(key)")
      }
    }
  }

  @Test func `a line shows what is inside, fragments, ARP, direction and traps`() throws {
    let sample = try SampleDatabase(Self.batch)
    let lines = try written(isJSON: false, to: sample.path).map { $0.dropFirst(15) }
    #expect(
      lines == [
        "  TOO_BAD (routine)  f+0x1  eth0 out  UDP 10.0.0.9:1 > 10.0.0.8:4789 first fragment "
          + "(VXLAN 42: UDP 10.0.0.1:53 > [fd00::2]:4000)  60B  netns blue  softirq during x[7]",
        "  -  -  if2 in  ARP reply 10.0.0.9 > 10.0.0.8 (ICMP error)  y[8]",
        "  trap 6  -  -  -  z[9]",
      ])
  }
}

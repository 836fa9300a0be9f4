import DropEvents
import DropStore
import Foundation
import SampleDatabase
import Testing

@testable import dropdb

/// What the screen shows is compared with what was written.
@Suite struct TopReaderTests {
  private static let second = SampleDatabase.second
  /// Ten seconds into a minute.
  private static let start = SampleDatabase.start + 10 * second

  private static func site(_ reason: UInt32, _ interface: String) -> DropSite {
    DropSite(reason: reason, ifindex: 2, interface: KernelName(interface))
  }

  /// Drops of one site in one second, counted, and some of them recorded.
  private static func batch(_ site: DropSite, second: Int64, counted: UInt64, recorded: Int = 0) -> DropBatch
  {
    var batch = DropBatch()
    let time = start + second * Self.second
    let minute = time / SampleDatabase.minute * 60
    batch.tallies = [DropTally(site: site, minute: minute, packets: counted, bytes: counted * 60)]
    var flow = Flow()
    flow.transport = 17
    flow.source = IPAddress(v4: 0x0a00_0001)
    flow.destination = IPAddress(v4: 0x0a00_0002)
    flow.sourcePort = 4000
    flow.destinationPort = 53
    for index in 0..<recorded {
      batch.events.append(DropEvent(time: time + Int64(index), site: site, flow: flow, length: 60))
    }
    return batch
  }

  private static func reader(_ path: String, second: Int64) throws -> TopReader {
    try TopReader(
      path: path, every: Self.second, slotCount: 60, now: start + second * Self.second,
      isRunning: { pid, _ in pid == 1 })
  }

  private static func rows(_ reader: TopReader, _ grouping: TopGrouping) -> [String: TopModel.Row] {
    Dictionary(uniqueKeysWithValues: reader.model.rows(grouping).map { ($0.label, $0) })
  }

  @Test("What the tallies grow by between two looks is the rate, over the end of a minute too")
  func counted() throws {
    let folder = try LiveFolder()
    var writer = try folder.writer(at: "drops.db")
    try writer.write(Self.batch(Self.site(3, "eth0"), second: 0, counted: 60))
    let reader = try Self.reader(folder.file("drops.db"), second: 1)
    try reader.look(now: Self.start + Self.second, .reason, detail: nil)
    #expect(reader.model.rates == nil)
    #expect(Self.rows(reader, .reason)["NO_SOCKET"]?.packets == 60)
    var expected: Int64 = 60
    for second in Int64(1)..<100 {
      // Two in one second, and some that belong to a minute before.
      try writer.write(Self.batch(Self.site(3, "eth0"), second: second, counted: UInt64(second), recorded: 1))
      try writer.write(Self.batch(Self.site(3, "eth1"), second: max(1, second - 30), counted: 2))
      try reader.look(now: Self.start + (second + 1) * Self.second, .reason, detail: nil)
      let row = try #require(Self.rows(reader, .reason)["NO_SOCKET"])
      #expect(row.rate == Double(second + 2))
      expected += second + 2
      if second == 40 { #expect(row.packets == expected) }
    }
    let interfaces = Self.rows(reader, .interface)
    #expect(interfaces["eth1"]?.packets == Int64(120))
    #expect(interfaces["eth0"]?.packets == (40..<100).reduce(0, +))
    #expect(reader.model.rates?.counted == 101)
    #expect(reader.model.rates?.recorded == 1)
    #expect(reader.model.totals.recorded == 99)
    #expect(reader.model.captures.map(\.pid) == [1])
    // Nothing is written any more.
    try reader.look(now: Self.start + 101 * Self.second, .reason, detail: nil)
    #expect(reader.model.rates?.counted == 0)
    #expect(Self.rows(reader, .reason)["NO_SOCKET"]?.rate == 0)
  }

  @Test("What was counted before the first look is spread over its minutes, and none is lost")
  func spread() throws {
    let folder = try LiveFolder()
    var writer = try folder.writer(at: "drops.db")
    try writer.write(Self.batch(Self.site(3, "eth0"), second: 30, counted: 601))
    let reader = try Self.reader(folder.file("drops.db"), second: 49)
    try reader.look(now: Self.start + 49 * Self.second, .reason, detail: nil)
    let row = try #require(Self.rows(reader, .reason)["NO_SOCKET"])
    #expect(row.packets == 601)
    #expect(row.series.filter { $0 > 0 }.allSatisfy { (10...11).contains($0) })
  }

  @Test("Flows come from recorded drops by their time, late ones too")
  func recorded() throws {
    let folder = try LiveFolder()
    var writer = try folder.writer(at: "drops.db")
    for second in Int64(0)..<50 {
      try writer.write(Self.batch(Self.site(3, "eth0"), second: second, counted: 3, recorded: 3))
    }
    let reader = try Self.reader(folder.file("drops.db"), second: 50)
    try reader.look(now: Self.start + 50 * Self.second, .flow, detail: nil)
    let name = "UDP 10.0.0.1:4000 > 10.0.0.2:53"
    let row = try #require(Self.rows(reader, .flow)[name])
    #expect(row.packets == 150 && row.rate == 3 && row.series.suffix(50).allSatisfy { $0 == 3 })
    try writer.write(Self.batch(Self.site(3, "eth0"), second: 50, counted: 7, recorded: 7))
    try reader.look(now: Self.start + 51 * Self.second, .flow, detail: nil)
    var late = Self.batch(Self.site(3, "eth0"), second: 50, counted: 1, recorded: 1)
    late.events[0].time += 500
    try writer.write(late)
    try reader.look(now: Self.start + 52 * Self.second, .flow, detail: nil)
    #expect(Self.rows(reader, .flow)[name]?.series.suffix(2) == [8, 0])
    try reader.look(now: Self.start + 52 * Self.second, .service, detail: nil)
    #expect(Self.rows(reader, .service)["(no control group)"]?.packets == 158)
  }

  @Test("A group's detail is of its own recorded drops")
  func detail() throws {
    let folder = try LiveFolder()
    var writer = try folder.writer(at: "drops.db")
    var batch = Self.batch(Self.site(3, "eth0"), second: 1, counted: 4, recorded: 4)
    batch.symbols = [KernelSymbol(address: 0x1000, name: "udp_rcv\u{1b}", offset: 0x91, module: nil)]
    batch.stacks = [StackDefinition(id: StackID(1), frames: [0x1000, 0x1000])]
    for index in 1..<4 {
      batch.events[index].stack = StackID(1)
      batch.events[index].site.location = 0x1000
    }
    try writer.write(batch)
    try writer.write(Self.batch(Self.site(4, "eth0"), second: 1, counted: 9, recorded: 9))
    let reader = try Self.reader(folder.file("drops.db"), second: 2)
    let key: [SQLValue] = [.text("NO_SOCKET"), .text("core")]
    try reader.look(now: Self.start + 2 * Self.second, .reason, detail: (.reason, key))
    let detail = try #require(reader.model.detail)
    #expect(detail.packets == 4 && detail.withoutStack == 1)
    #expect(detail.stack?.packets == 3)
    #expect(detail.stack?.frames == ["udp_rcv\\x1b+0x91", "udp_rcv\\x1b+0x91"])
    #expect(detail.parts.map(\.grouping) == [.location, .flow])
    #expect(detail.parts[0].entries.map(\.packets) == [3, 1])
  }

  @Test("A file that goes is told, and another in its place is shown")
  func replaced() throws {
    let folder = try LiveFolder()
    let path = folder.file("drops.db")
    var writer = try folder.writer(at: "drops.db")
    try writer.write(Self.batch(Self.site(3, "eth0"), second: 0, counted: 60))
    let reader = try Self.reader(path, second: 1)
    try reader.look(now: Self.start + Self.second, .reason, detail: nil)
    for name in ["drops.db", "drops.db-wal", "drops.db-shm"] {
      try FileManager.default.removeItem(atPath: folder.file(name))
    }
    try reader.look(now: Self.start + 2 * Self.second, .reason, detail: nil)
    #expect(reader.model.trouble?.contains("gone") == true)
    var next = try folder.writer(at: "drops.db")
    try next.write(Self.batch(Self.site(4, "eth0"), second: 2, counted: 5))
    try reader.look(now: Self.start + 3 * Self.second, .reason, detail: nil)
    #expect(reader.model.trouble == nil)
    #expect(Self.rows(reader, .reason).mapValues(\.packets) == ["SOCKET_RCVBUFF": 5])
  }
}

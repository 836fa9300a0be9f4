import DropEvents
import DropStore
import Foundation
import Testing

/// What came with version 2: inner packets, first bytes, traps, and what was left out on purpose.
@Suite struct PacketFieldTests {
  let folder: TemporaryFolder
  var path: String { folder.file("drops.db") }

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [(1, "request"), (2, "reply"), (0, "0"), (3, "3"), (65_535, "65535")])
  func `ARP operations are shown by name or number`(operation: UInt16, text: String) throws {
    var flow = Flow()
    flow.arpOperation = operation
    #expect(try column("arp_op", flow) == .text(text))
  }

  @Test func `fragments and directions are shown by name`() throws {
    for (fragment, text) in [(Fragment.first, "first"), (.later, "later")] {
      var flow = Flow()
      flow.fragment = fragment
      #expect(try column("fragment", flow) == .text(text))
    }
    for (direction, text) in [(Direction.received, "received"), (.sent, "sent")] {
      var flow = Flow()
      flow.direction = direction
      #expect(try column("direction", flow) == .text(text))
    }
  }

  @Test(arguments: zip(Encapsulation.allCases, ["ICMP error", "IPIP", "GRE", "VXLAN", "Geneve"]))
  func `encapsulations are shown by name`(encapsulation: Encapsulation, text: String) throws {
    var batch = DropBatch()
    batch.events = [DropEvent(time: 1, site: DropSite())]
    batch.events[0].inner = 0
    batch.innerFlows = [InnerFlow(encapsulation: encapsulation)]
    try write(batch)
    #expect(
      try rows(path, "SELECT encapsulation, tunnel_id, inner_transport, inner_saddr, inner_dport FROM drops")
        == [
          [.text(text), .null, .null, .null, .null]
        ])
  }

  @Test(arguments: [(0, 0), (1, 1), (UInt64(Int64.max), Int64.max), (.max, -1), (1 << 63, Int64.min)])
  func `a cookie of any 64 bits is kept`(cookie: UInt64, shown: Int64) throws {
    var flow = Flow()
    flow.socketCookie = cookie
    #expect(try column("cookie", flow) == .integer(shown))
  }

  @Test(arguments: [0, 1, 0x7fff_ffff, 0x8000_0000, UInt32.max])
  func `a sequence number of any 32 bits comes back`(number: UInt32) throws {
    var batch = DropBatch()
    batch.events = [DropEvent(time: 1, site: DropSite())]
    batch.events[0].tcpSequence = number
    try write(batch)
    #expect(try rows(path, "SELECT tcp_seq FROM drops") == [[.integer(Int64(number))]])
    // A number of five bytes would take six in the file.
    #expect(try rows(path, "SELECT abs(tcp_seq) <= 2147483648 FROM event") == [[.integer(1)]])
  }

  @Test func `flows that differ in any one field are different rows, also when remembered`() throws {
    var flows: [Flow] = [Flow()]
    func add(_ change: (inout Flow) -> Void) {
      var flow = Flow()
      change(&flow)
      flows.append(flow)
    }
    // Known and 0 differs from unknown, and no field's value stands for another's.
    for value in [0, 1, 2] {
      add { $0.transport = UInt8(value) }
      add { $0.source = IPAddress(v4: UInt32(value)) }
      add { $0.source = IPAddress(v6High: 0, low: UInt64(value)) }
      add { $0.source = IPAddress(v6High: UInt64(value), low: 9) }
      add { $0.destination = IPAddress(v4: UInt32(value)) }
      add { $0.destination = IPAddress(v6High: 0, low: UInt64(value)) }
      add { $0.destination = IPAddress(v6High: UInt64(value), low: 9) }
      add { $0.sourcePort = UInt16(value) }
      add { $0.destinationPort = UInt16(value) }
      add { $0.icmpType = UInt8(value) }
      add { $0.icmpCode = UInt8(value) }
      add { $0.tcpFlags = UInt8(value) }
      add { $0.arpOperation = UInt16(value) }
      add { $0.vlan = UInt16(value) }
      add { $0.mark = UInt32(value) }
      add { $0.socketCookie = UInt64(value) }
      add { $0.uid = UInt32(value) }
      add { $0.cgroup = UInt64(value) }
    }
    for fragment in [Fragment.first, .later] { add { $0.fragment = fragment } }
    for direction in [Direction.received, .sent] { add { $0.direction = direction } }
    var batch = DropBatch()
    for _ in 0..<2 { batch.events += flows.map { DropEvent(time: 1, site: DropSite(), flow: $0) } }
    for encapsulation in Encapsulation.allCases {
      var event = DropEvent(time: 1, site: DropSite())
      event.inner = UInt32(batch.innerFlows.count)
      batch.innerFlows.append(InnerFlow(encapsulation: encapsulation))
      batch.events.append(event)
    }
    try write(batch)
    let distinct = Set(flows).count + Encapsulation.allCases.count
    #expect(try rows(path, "SELECT count(*) FROM flow") == [[.integer(Int64(distinct))]])
    #expect(try rows(path, "PRAGMA foreign_key_check").isEmpty)
  }

  @Test func `sites and paths that differ in any one field are different rows, also when remembered`() throws
  {
    var sites = [DropSite(), DropSite(origin: .hardware)]
    for value in [UInt32(0), 1, 2] {
      sites += [
        DropSite(reason: value), DropSite(location: UInt64(value)), DropSite(ifindex: value),
        DropSite(interface: KernelName("eth\(value)")), DropSite(netns: value),
        DropSite(etherType: UInt16(value)),
        DropSite(trap: UInt64(value)),
      ]
    }
    var batch = DropBatch()
    batch.stacks = [
      StackDefinition(id: StackID(0), frames: [1]), StackDefinition(id: StackID(1), frames: [2]),
    ]
    for _ in 0..<2 { batch.events += sites.map { DropEvent(time: 1, site: $0) } }
    for context in [nil, ExecutionContext.task, .softirq, .hardirq, .nmi] {
      for stack in [nil, StackID(0), StackID(1)] {
        batch.events.append(DropEvent(time: 1, site: DropSite(), stack: stack, context: context))
      }
    }
    try write(batch)
    #expect(try rows(path, "SELECT count(*) FROM site") == [[.integer(Int64(sites.count))]])
    #expect(try rows(path, "SELECT count(*) FROM path") == [[.integer(Int64(sites.count + 14))]])
  }

  @Test func `a packet stands under the time its event really got`() throws {
    var batch = DropBatch()
    batch.packetBytes = Array(0..<100)
    batch.packets = [
      CapturedPacket(link: .ethernet, start: 0, count: 60, networkOffset: 14),
      CapturedPacket(link: .rawIP, start: 60, count: 40, networkOffset: 0),
      CapturedPacket(link: .rawIP, start: 60, count: 0, networkOffset: 0),
    ]
    for index in 0..<4 {
      var event = DropEvent(time: 1_000, site: DropSite(), length: index == 2 ? nil : 1_500)
      event.packet = index == 0 ? nil : UInt32(index - 1)
      batch.events.append(event)
    }
    try write(batch)
    #expect(
      try rows(path, "SELECT * FROM packets") == [
        [
          .text("1970-01-01T00:00:00.000001Z"), .integer(1_001), .text("Ethernet"), .integer(1), .integer(14),
          .blob(Array(0..<60)), .integer(1_514),
        ],
        [
          .text("1970-01-01T00:00:00.000001Z"), .integer(1_002), .text("IP"), .integer(101), .integer(0),
          .blob(Array(60..<100)), .null,
        ],
        [
          .text("1970-01-01T00:00:00.000001Z"), .integer(1_003), .text("IP"), .integer(101), .integer(0),
          .blob([]), .integer(1_500),
        ],
      ])
    #expect(try rows(path, "SELECT count(*) FROM packets JOIN drops USING (ts)") == [[.integer(3)]])
  }

  @Test func `an event that refers to nothing in its batch is stored without it`() throws {
    var batch = DropBatch()
    batch.packetBytes = [1, 2, 3]
    batch.packets = [(4, 0), (0, 4), (-1, 1), (1, -1), (Int.max, 1), (1, Int.max)].map {
      CapturedPacket(link: .rawIP, start: $0.0, count: $0.1, networkOffset: 0)
    }
    for index in 0..<8 {
      var event = DropEvent(time: 1, site: DropSite())
      event.packet = index < 6 ? UInt32(index) : .max
      event.inner = UInt32(index)
      batch.events.append(event)
    }
    try write(batch)
    #expect(
      try rows(path, "SELECT count(*), count(encapsulation) FROM drops") == [[.integer(8), .integer(0)]])
    #expect(try rows(path, "SELECT count(*) FROM packets") == [[.integer(0)]])
  }

  @Test func `a trap is named by what was announced last, and before by its number`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    let site = DropSite(origin: .hardware, trap: 7)
    for (index, trap) in [
      nil, HardwareTrap(id: 7, name: "a", group: "g"), nil, HardwareTrap(id: 7, name: "b", group: ""),
    ]
    .enumerated() {
      var batch = DropBatch()
      if let trap { batch.traps = [trap] }
      batch.events = [DropEvent(time: Int64(index), site: site)]
      batch.tallies = [DropTally(site: site, minute: 0, packets: 1, bytes: 0)]
      try writer.write(batch)
    }
    #expect(
      try rows(path, "SELECT trap, trap_group, origin FROM drops ORDER BY ts") == [
        [.text("7"), .null, .text("hardware")], [.text("a"), .text("g"), .text("hardware")],
        [.text("a"), .text("g"), .text("hardware")], [.text("b"), .null, .text("hardware")],
      ])
    #expect(
      try rows(path, "SELECT trap, packets FROM tallies ORDER BY trap") == [
        [.text("7"), .integer(1)], [.text("a"), .integer(2)], [.text("b"), .integer(1)],
      ])
    #expect(try faults(of: path) == [])
  }

  @Test func `names that come with a batch are stored with it, also when it must be written again`() throws {
    var writer = try DropWriter(path: path, capture: .sample(subsystems: []))
    var batch = DropBatch()
    batch.reasons = [
      ReasonName(
        value: 0x9_0001, subsystem: "extra", name: "TOO_BAD", symbol: "S", isSentinel: false, isRoutine: true)
    ]
    batch.subsystems = [SubsystemName(number: 9, name: "extra")]
    batch.events = [DropEvent(time: -1, site: DropSite(reason: 0x9_0001))]
    #expect(throws: StoreError.self) { try writer.write(batch) }
    #expect(try rows(path, "SELECT count(*) FROM reasons WHERE name = 'TOO_BAD'") == [[.integer(0)]])
    batch.reasons = []
    batch.subsystems = []
    batch.events = [
      DropEvent(time: 1, site: DropSite(reason: 0x9_0001)),
      DropEvent(time: 2, site: DropSite(reason: 0x9_0002)),
      DropEvent(time: 3, site: DropSite(reason: 3)), DropEvent(time: 4, site: DropSite()),
    ]
    try writer.write(batch)
    #expect(
      try rows(path, "SELECT reason, routine FROM drops ORDER BY ts") == [
        [.text("TOO_BAD"), .integer(1)], [.text("extra:2"), .null], [.text("NO_SOCKET"), .integer(0)],
        [.null, .null],
      ])
    #expect(try rows(path, "SELECT routine FROM reasons WHERE name = 'TOO_BAD'") == [[.integer(1)]])
  }

  @Test(arguments: [2, 8, 1 << 16]) func `everything refers to rows that are there, also after failures`(
    remembered: Int
  ) throws {
    var writer = try DropWriter(path: path, capture: .sample(), remembered: remembered)
    var announcedTraps = 0
    for round in 0..<40 {
      var batch = DropBatch.sample(50, from: round * 50)
      batch.packetBytes = Array(repeating: UInt8(round), count: 64)
      for index in batch.events.indices {
        let number = (round * 7 + index) % 23
        var inner = InnerFlow(encapsulation: .gre)
        inner.tunnelID = UInt32(number)
        batch.innerFlows.append(inner)
        batch.packets.append(CapturedPacket(link: .rawIP, start: index, count: 14, networkOffset: 0))
        batch.events[index].inner = UInt32(index)
        batch.events[index].packet = UInt32(index)
        batch.events[index].flow.cgroup = UInt64(number)
        batch.events[index].flow.sourcePort = UInt16(number)
        batch.events[index].pid = UInt32(number)
        batch.events[index].site.trap = UInt64(number % 5)
        batch.tallies[index].site = batch.events[index].site
      }
      if round % 4 == 0 {
        batch.traps = [HardwareTrap(id: UInt64(announcedTraps % 5), name: "trap\(round)", group: "g")]
        announcedTraps += 1
      }
      // Every third batch fails at its last event, when all it needs has been entered.
      if round % 3 == 0 {
        var failing = batch
        failing.events.append(DropEvent(time: -1, site: DropSite()))
        #expect(throws: StoreError.self) { try writer.write(failing) }
        batch.traps = []
        batch.symbols = []
        batch.stacks = []
      }
      try writer.write(batch)
    }
    #expect(try faults(of: path) == [])
    #expect(
      try rows(
        path, "SELECT count(*), count(stack), count(encapsulation), count(trap), count(symbol) FROM drops")
        == [[.integer(2000), .integer(2000), .integer(2000), .integer(2000), .integer(2000)]])
    #expect(try rows(path, "SELECT count(*) FROM packets JOIN drops USING (ts)") == [[.integer(2000)]])
  }

  @Test func `what was left out on purpose is told from what was lost`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch.sample(10)
    for (index, cause) in LossCause.allCases.enumerated() {
      batch.losses.append(DropLoss(cause: cause, second: threeTen, packets: 1 << UInt64(index)))
    }
    batch.tallies.append(DropTally(site: DropSite(), minute: threeTen, packets: 63, bytes: 0))
    try writer.write(batch)
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(
      try rows(path, "SELECT counted, recorded, lost, left_out, lost_by_cause FROM captures") == [
        [
          .integer(73), .integer(10), .integer(1 + 2 + 4 + 8), .integer(16 + 32),
          .text(#"{"filtered":32,"nested":2,"not_stored":8,"ring_full":1,"sampled":16,"thinned":4}"#),
        ]
      ])
    for cause in LossCause.allCases {
      let page = try ViewPage.text(of: "losses", column: "cause")
      #expect(page.contains("`\(cause.rawValue)`"), "the page explains \(cause.rawValue)")
    }
  }

  private func write(_ batch: DropBatch) throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(batch)
  }

  /// One column of one event of this flow, in a database of its own.
  private func column(_ name: String, _ flow: Flow) throws -> SQLValue? {
    let path = folder.file("\(UUID().uuidString).db")
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch()
    batch.events = [DropEvent(time: 1, site: DropSite(), flow: flow)]
    try writer.write(batch)
    return try rows(path, "SELECT \"\(name)\" FROM drops").first?.first
  }
}

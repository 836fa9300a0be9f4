import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct DropWriterTests {
  let folder: TemporaryFolder
  var path: String { folder.file("drops.db") }

  init() throws { folder = try TemporaryFolder() }

  @Test func `counts what was counted, recorded and lost, in the totals and in captures`() throws {
    var writer = try DropWriter(path: path, capture: .sample(options: #"{"stacks":true}"#))
    var batch = DropBatch.sample(10)
    batch.losses = [
      DropLoss(cause: .ringFull, second: threeTen, packets: 2),
      DropLoss(cause: .nested, second: threeTen, packets: 1),
      DropLoss(cause: .ringFull, second: threeTen + 1, packets: 3),
      DropLoss(cause: .ringFull, second: threeTen, packets: 4),
    ]
    batch.tallies.append(DropTally(site: DropSite(), minute: threeTen, packets: 10, bytes: 0))
    try writer.write(batch)
    try writer.write(.sample(5, from: 10))
    #expect(writer.totals.counted == 25)
    #expect(writer.totals.recorded == 15)
    #expect(writer.totals.lost == [.ringFull: 9, .nested: 1])
    #expect(try rows(path, "SELECT end, end_ts FROM captures") == [[.null, .null]])
    let totals = try writer.finish(at: threeTenNanoseconds + 5_000_000_000)
    #expect(totals.counted == 25)
    #expect(
      try rows(
        path,
        """
        SELECT id, start, end, host, kernel, boot, program, pid, options, counted, recorded, lost, lost_by_cause
        FROM captures
        """) == [
          [
            .integer(1), .text("2026-11-20T03:10:00.000000Z"), .text("2026-11-20T03:10:05.000000Z"),
            .text("web1"), .text("6.12.1"), .text("boot-1"), .text("dropdb 1.0"), .integer(4242),
            .text(#"{"stacks":true}"#), .integer(25), .integer(15), .integer(10),
            .text(#"{"nested":1,"ring_full":9}"#),
          ]
        ])
    #expect(
      try rows(path, "SELECT time, cause, packets FROM losses ORDER BY ts, cause") == [
        [.text("2026-11-20T03:10:00.000000Z"), .text("nested"), .integer(1)],
        [.text("2026-11-20T03:10:00.000000Z"), .text("ring_full"), .integer(6)],
        [.text("2026-11-20T03:10:01.000000Z"), .text("ring_full"), .integer(3)],
      ])
    #expect(try faults(of: path) == [])
  }

  @Test func `tallies add up over batches, and know how many of their packets are events`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    let site = DropSite(reason: 3)
    var batch = DropBatch()
    batch.tallies = [
      DropTally(site: site, minute: threeTen, packets: 5, bytes: 500),
      DropTally(site: site, minute: threeTen + 60, packets: 1, bytes: 70),
    ]
    batch.events = [
      DropEvent(time: threeTenNanoseconds, site: site),
      DropEvent(time: threeTenNanoseconds + 59_999_999_999, site: site),
      DropEvent(time: threeTenNanoseconds + 60_000_000_000, site: site),
    ]
    try writer.write(batch)
    batch.tallies.removeLast()
    batch.events.removeLast(2)
    try writer.write(batch)
    #expect(
      try rows(path, "SELECT time, packets, bytes, recorded FROM tallies ORDER BY ts") == [
        [.text("2026-11-20T03:10:00.000000Z"), .integer(10), .integer(1000), .integer(3)],
        [.text("2026-11-20T03:11:00.000000Z"), .integer(1), .integer(70), .integer(1)],
      ])
  }

  @Test func `an event whose time is taken stands at the next free one`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch()
    let times: [Int64] = [100, 100, 101, 100, 99, 99, 104, 100]
    batch.events = times.enumerated().map {
      DropEvent(time: $1, site: DropSite(reason: 3), cpu: UInt32($0))
    }
    try writer.write(batch)
    // A batch's in the order of their times, those of one time in the order in which they came.
    let cpus: [Int64: Int64] = [99: 4, 100: 5, 101: 0, 102: 1, 103: 3, 104: 7, 105: 2, 106: 6]
    #expect(
      try rows(path, "SELECT ts, cpu FROM drops ORDER BY ts")
        == cpus.sorted { $0.key < $1.key }.map { [.integer($0.key), .integer($0.value)] })
    try writer.write(batch)
    #expect(
      try rows(path, "SELECT count(*), min(ts), max(ts) FROM drops") == [
        [.integer(16), .integer(99), .integer(114)]
      ])
  }

  @Test(.timeLimit(.minutes(2))) func `many events at few times are stored in bearable time`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch()
    // A clock of 4 ms, read by two CPUs in turn: without memory each would try all times before it.
    batch.events = (0..<40_000).map { DropEvent(time: Int64($0 % 2) * 10_000, site: DropSite()) }
    try writer.write(batch)
    #expect(try rows(path, "SELECT count(*), max(ts) FROM drops") == [[.integer(40_000), .integer(39_999)]])
  }

  @Test func `late events find free times among and behind those of batches before`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var expected: [Int64] = []
    var number: UInt64 = 5
    for _ in 0..<8 {
      var batch = DropBatch()
      for _ in 0..<300 {
        // Numbers of Knuth's MMIX, most of them taken by some batch or other.
        number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let time = Int64(number >> 33) % 2_000
        batch.events.append(DropEvent(time: time, site: DropSite(reason: 3)))
      }
      try writer.write(batch)
      expected += batch.events.map(\.time)
    }
    // Whatever the order, the first free time behind each makes the same set.
    var taken: Set<Int64> = []
    for var time in expected {
      while !taken.insert(time).inserted { time += 1 }
    }
    #expect(try rows(path, "SELECT ts FROM drops ORDER BY ts") == taken.sorted().map { [.integer($0)] })
  }

  @Test func `an event at the end of time is refused, not wrapped around`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch()
    batch.events = [DropEvent(time: .max, site: DropSite()), DropEvent(time: .max, site: DropSite())]
    let error = #expect(throws: StoreError.self) { try writer.write(batch) }
    #expect(error?.code == .constraint)
    #expect(try rows(path, "SELECT count(*) FROM event") == [[.integer(0)]])
  }

  @Test func `a clock set back puts events among the earlier ones`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(10))
    try writer.write(.sample(10))
    #expect(
      try rows(path, "SELECT count(*), count(DISTINCT ts) FROM drops") == [[.integer(20), .integer(20)]])
    #expect(try faults(of: path) == [])
  }

  @Test func `nothing of a batch that fails is stored, and it can be written again`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(4))
    let totals = writer.totals
    var batch = DropBatch.sample(20, from: 4)
    batch.namespaces = [NetworkNamespace(inode: 7, name: "blue")]
    batch.losses = [DropLoss(cause: .nested, second: threeTen, packets: 1)]
    batch.events.append(DropEvent(time: -1, site: DropSite()))
    let before = try rows(
      path, "SELECT (SELECT count(*) FROM flow), (SELECT count(*) FROM netns), max(id) FROM path")
    let error = #expect(throws: StoreError.self) { try writer.write(batch) }
    #expect(error?.code == .constraint)
    #expect(writer.totals == totals)
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(4)]])
    #expect(
      try rows(path, "SELECT (SELECT count(*) FROM flow), (SELECT count(*) FROM netns), max(id) FROM path")
        == before)
    // What could not be stored was announced all the same.
    batch.events.removeLast()
    batch.symbols = []
    batch.stacks = []
    batch.namespaces = []
    try writer.write(batch)
    #expect(
      try rows(path, "SELECT count(*), count(stack), count(symbol) FROM drops") == [
        [.integer(24), .integer(24), .integer(24)]
      ])
    #expect(
      try rows(
        path, "SELECT DISTINCT netns FROM drops WHERE ts > ?1", [.integer(threeTenNanoseconds + 3_500)]) == [
          [.text("blue")]
        ])
    #expect(try faults(of: path) == [])
  }

  @Test func `a name given anew holds from then on and not before`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var flow = Flow()
    flow.cgroup = 5
    var batch = DropBatch()
    let meanings: [(namespace: String?, path: String?, symbol: String?)] = [
      (nil, nil, nil), ("blue", "/a", "f"), (nil, nil, nil), ("green", "/b", "g"), ("blue", "/a", "f"),
    ]
    for (index, meaning) in meanings.enumerated() {
      batch.removeAll()
      if let name = meaning.namespace { batch.namespaces = [NetworkNamespace(inode: 9, name: name)] }
      if let path = meaning.path { batch.controlGroups = [ControlGroup(id: 5, path: path)] }
      if let name = meaning.symbol {
        batch.symbols = [KernelSymbol(address: 0x10, name: name, offset: 0, module: nil)]
        batch.stacks = [StackDefinition(id: StackID(1), frames: [0x10])]
      }
      batch.events = [
        DropEvent(time: Int64(index), site: DropSite(location: 0x10, netns: 9), stack: StackID(1), flow: flow)
      ]
      batch.tallies = [
        DropTally(site: DropSite(location: 0x10, netns: 9), minute: 0, packets: 1, bytes: 0)
      ]
      try writer.write(batch)
    }
    let expected: [(String, String, String, String?)] = [
      ("9", "5", "0x10", nil), ("blue", "/a", "f+0x0", "f+0x0"), ("blue", "/a", "f+0x0", "f+0x0"),
      ("green", "/b", "g+0x0", "g+0x0"), ("blue", "/a", "f+0x0", "f+0x0"),
    ]
    #expect(
      try rows(
        path,
        "SELECT netns, cgroup, location, frames FROM drops LEFT JOIN stacks ON stacks.id = stack ORDER BY ts"
      ) == expected.map { [.text($0), .text($1), .text($2), $3.map(SQLValue.text) ?? .null] })
    #expect(try faults(of: path) == [])
  }

  @Test func `a namespace that loses its name is shown by number`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    for (index, name) in ["blue", nil].enumerated() {
      var batch = DropBatch()
      batch.namespaces = [NetworkNamespace(inode: 9, name: name)]
      batch.events = [DropEvent(time: Int64(index), site: DropSite(netns: 9))]
      try writer.write(batch)
    }
    #expect(try rows(path, "SELECT netns FROM drops ORDER BY ts") == [[.text("blue")], [.text("9")]])
  }

  @Test(arguments: [1, 2, 3, 7]) func `forgetting rows makes no doubles and no errors`(remembered: Int) throws
  {
    var writer = try DropWriter(path: path, capture: .sample(), remembered: remembered)
    var first = DropBatch.sample(64)
    first.namespaces = (1...9).map { NetworkNamespace(inode: $0, name: "ns\($0)") }
    first.controlGroups = (1...9).map { ControlGroup(id: $0, path: "/\($0)") }
    try writer.write(first)
    var batch = DropBatch.sample(64, from: 64)
    batch.symbols = []
    batch.stacks = []
    for index in batch.events.indices {
      batch.events[index].site.netns = UInt32(1 + index % 9)
      batch.events[index].flow.cgroup = UInt64(1 + index % 9)
    }
    batch.tallies = batch.events.map {
      DropTally(site: $0.site, minute: threeTen, packets: 1, bytes: 0)
    }
    try writer.write(batch)
    #expect(try faults(of: path) == [])
    #expect(try rows(path, "SELECT count(*), count(stack) FROM drops") == [[.integer(128), .integer(128)]])
    #expect(
      try rows(
        path, "SELECT count(*) FROM drops WHERE cgroup IS NOT NULL AND netns <> 'ns' || substr(cgroup, 2)")
        == [[.integer(0)]])
    #expect(try rows(path, "SELECT count(DISTINCT symbol) FROM drops") == [[.integer(4)]])
  }

  @Test func `the new flows of a batch are added in the order of their index, each once`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    for round in 0..<2 {
      var batch = DropBatch()
      for index in 0..<600 {
        var flow = Flow()
        flow.source = IPAddress(v4: UInt32(round * 100 + index % 200))
        batch.events.append(
          DropEvent(time: threeTenNanoseconds + Int64(round * 600 + index), site: DropSite(), flow: flow))
      }
      try writer.write(batch)
    }
    #expect(
      try rows(path, "SELECT saddr, count(*) FROM drops GROUP BY saddr ORDER BY 2 DESC, 1").map { $0[1] }
        == [SQLValue](repeating: .integer(6), count: 100) + [SQLValue](repeating: .integer(3), count: 200))
    #expect(try rows(path, "SELECT count(*) FROM flow") == [[.integer(300)]])
    #expect(
      try rows(
        path,
        """
        SELECT count(*) FROM flow JOIN flow AS next ON next.id = flow.id + 1
        WHERE next.fingerprint < flow.fingerprint AND flow.id != 200
        """) == [[.integer(0)]])
    let sources = try rows(path, "SELECT ts, saddr FROM drops WHERE ts % 7 = 0 ORDER BY ts")
    #expect(
      sources
        == sources.map { row in
          guard case .integer(let time) = row[0] else { return [] }
          let (round, index) = (time - threeTenNanoseconds).quotientAndRemainder(dividingBy: 600)
          return [
            row[0], .text("0.0.\((round * 100 + index % 200) / 256).\((round * 100 + index % 200) % 256)"),
          ]
        })
  }

  @Test func `a later capture uses the rows of an earlier one`() throws {
    var sizes: [[SQLValue]] = []
    for _ in 0..<2 {
      var writer = try DropWriter(path: path, capture: .sample())
      try writer.write(.sample(32))
      _ = try writer.finish(at: threeTenNanoseconds + 1)
      sizes += try rows(
        path,
        """
        SELECT (SELECT count(*) FROM flow), (SELECT count(*) FROM site), (SELECT count(*) FROM path),
          (SELECT count(*) FROM stack), (SELECT count(*) FROM task), (SELECT count(*) FROM kernel),
          (SELECT count(*) FROM boot), (SELECT count(*) FROM host), (SELECT count(*) FROM reason)
        """)
    }
    #expect(sizes[0] == sizes[1])
    #expect(try rows(path, "SELECT count(*) FROM captures") == [[.integer(2)]])
    #expect(try faults(of: path) == [])
  }

  @Test func `the same stack of another boot is the same row`() throws {
    for (boot, slide) in [("boot-1", UInt64(0)), ("boot-2", 0x20_0000)] {
      var writer = try DropWriter(path: path, capture: .sample(boot: boot))
      var batch = DropBatch()
      batch.symbols = [KernelSymbol(address: 0x1000 + slide, name: "f", offset: 1, module: "m")]
      batch.stacks = [StackDefinition(id: StackID(UInt32(slide)), frames: [0x1000 + slide])]
      try writer.write(batch)
    }
    #expect(try rows(path, "SELECT frames FROM stacks") == [[.text("f+0x1 [m]")]])
  }

  @Test func `a capture without an end is ended by the next at its last sign of life`() throws {
    do {
      var writer = try DropWriter(path: path, capture: .sample())
      try writer.write(.sample(1))
    }
    #expect(try rows(path, "SELECT end FROM captures") == [[.null]])
    let seen = try rows(path, "SELECT last_seen_ts FROM captures")[0]
    let writer = try DropWriter(path: path, capture: .sample())
    #expect(try rows(path, "SELECT end_ts FROM captures ORDER BY id") == [seen, [.null]])
    _ = try writer.finish(at: threeTenNanoseconds + 1)
    #expect(try rows(path, "SELECT count(*) FROM captures WHERE end IS NULL") == [[.integer(0)]])
  }

  @Test(arguments: ["", "{", "[]", "null"]) func `options that are no JSON object are refused`(
    options: String
  ) {
    let error = #expect(throws: StoreError.self) {
      _ = try DropWriter(path: path, capture: .sample(options: options))
    }
    #expect(error?.code == .constraint)
  }

  @Test func `an empty batch is a sign of life and nothing else`() throws {
    var writer = try DropWriter(path: path, capture: .sample(start: 0))
    try writer.write(DropBatch())
    #expect(writer.totals == CaptureTotals())
    #expect(try rows(path, "SELECT last_seen_ts > 0, end_ts FROM captures") == [[.integer(1), .null]])
  }

  @Test func `counts beyond what SQLite holds stay at its largest`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch()
    batch.tallies = [
      DropTally(site: DropSite(), minute: threeTen, packets: .max, bytes: .max),
      DropTally(site: DropSite(), minute: threeTen, packets: .max, bytes: .max),
    ]
    try writer.write(batch)
    #expect(writer.totals.counted == .max)
    #expect(try rows(path, "SELECT packets FROM tallies") == [[.integer(.max)]])
  }

  @Test(arguments: [Int64.min, -60, Int64.max]) func `a minute that is no time is refused`(minute: Int64)
    throws
  {
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch()
    batch.tallies = [DropTally(site: DropSite(), minute: minute, packets: 1, bytes: 1)]
    #expect(throws: StoreError.self) { try writer.write(batch) }
    batch.tallies = []
    batch.losses = [DropLoss(cause: .nested, second: minute, packets: 1)]
    #expect(throws: StoreError.self) { try writer.write(batch) }
    #expect(try faults(of: path) == [])
  }

  @Test func `after the end the file alone is complete`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(10))
    _ = try writer.finish(at: threeTenNanoseconds + 1)
    let copy = folder.file("copy.db")
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    #expect(try rows(copy, "SELECT count(*) FROM drops") == [[.integer(10)]])
    #expect(try bytes(path + "-wal").isEmpty)
  }

  @Test func `leaves no descriptor open`() throws {
    func descriptors() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
      }.filter { $0.hasPrefix(folder.path) }
    }
    do {
      var writer = try DropWriter(path: path, capture: .sample())
      try writer.write(.sample(1))
      #expect(throws: StoreError.self) { _ = try DropWriter(path: path, capture: .sample()) }
      #expect(try !descriptors().isEmpty)
      _ = try rows(path, "SELECT 1")
      _ = try writer.finish(at: threeTenNanoseconds)
    }
    try Data("nothing".utf8).write(to: URL(fileURLWithPath: folder.file("text")))
    #expect(throws: StoreError.self) { _ = try DropWriter(path: folder.file("text"), capture: .sample()) }
    #expect(throws: StoreError.self) { _ = try DropReader(path: folder.file("text")) }
    #expect(try descriptors().isEmpty)
  }
}

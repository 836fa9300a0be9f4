import CSQLite
import DropEvents
import Foundation
import Testing

@testable import DropStore

/// Reading with several threads, beside reading with one and beside SQLite's own `GROUP BY`.
@Suite struct CompanionTests {
  /// Many enough for several turns of the blocks that are handed over, in a range that ends within one.
  private static let count = 70_123
  private static let spacing: Int64 = 150_000_000
  private static let flow: [DropColumn] = [.transport, .saddr, .sport, .daddr, .dport]
  private static let range =
    threeTenNanoseconds + 777 * spacing..<threeTenNanoseconds + Int64(count - 777) * spacing

  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
  }

  private func write() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var state: UInt64 = 11
    func pick(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    var batch = DropBatch()
    for index in 0..<Self.count {
      let site = DropSite(
        reason: UInt32(2 + pick(3)), location: 0x1000 + pick(40), ifindex: UInt32(1 + pick(3)),
        etherType: 0x0800)
      var flow = Flow()
      flow.transport = pick(9) == 0 ? nil : 6
      flow.source = pick(50) == 0 ? nil : IPAddress(v4: UInt32(pick(7000)))
      flow.destinationPort = UInt16(pick(3))
      var event = DropEvent(
        time: threeTenNanoseconds + Int64(index) * Self.spacing, site: site, flow: flow,
        length: UInt32(pick(2000)))
      event.tcpSequence = pick(9) == 0 ? nil : UInt32(pick(50_000))
      batch.events.append(event)
      batch.tallies.append(
        DropTally(site: site, minute: event.time / 60_000_000_000 * 60, packets: 1, bytes: 100))
    }
    try writer.write(batch)
    _ = try writer.finish(at: threeTenNanoseconds + Int64(Self.count) * Self.spacing)
  }

  private func reader(_ use: Companions.Use) throws -> DropReader {
    let reader = try DropReader(path: path)
    reader.companions.use = use
    return reader
  }

  // MARK: - The same answers

  @Test func `tallies are those of one thread and of SQLite`() throws {
    try write()
    let one = try reader(.never)
    let two = try reader(.always)
    for range in [0..<Int64.max, Self.range] {
      let groupings: [[DropColumn]] = [[.reason], [.location, .interface], []]
      let alone = try one.tallies(in: range, groupedBy: groupings)
      let helped = try two.tallies(in: range, groupedBy: groupings)
      #expect(helped.count == alone.count && helped.count > 20_000)
      #expect(helped.total == alone.total && helped.groups == alone.groups)
      #expect(helped.buckets.map(\.start) == alone.buckets.map(\.start))
      #expect(helped.buckets.map(\.sums) == alone.buckets.map(\.sums))
      let condition = "WHERE ts >= \(range.lowerBound) AND ts < \(range.upperBound)"
      #expect(
        try rows(path, "SELECT ts, sum(packets) FROM tallies \(condition) GROUP BY ts ORDER BY ts")
          == helped.buckets.map { [.integer($0.start), .integer($0.sums.packets)] })
      for every in [nil, 3_600_000_000_000] as [Int64?] {
        let alone = try one.countedSeries(groupedBy: [.location], every: every, in: range)
        let helped = try two.countedSeries(groupedBy: [.location], every: every, in: range)
        #expect(Self.lines(helped) == Self.lines(alone))
      }
      let middle = Self.range.lowerBound + 1_000_000_000_000
      let segments = [
        SeriesSegment(buckets: [Self.range.lowerBound..<middle, middle..<Self.range.upperBound])
      ]
      let series = try two.tallySeries(groupedBy: [[.reason]], over: segments)
      #expect(try Self.lines(series) == Self.lines(one.tallySeries(groupedBy: [[.reason]], over: segments)))
    }
  }

  @Test(
    arguments: [
      [.saddr], [.length], [.reason, .saddr], [.tcpSequence, .saddr], [.tcpSequence, .length, .reason], [],
      flow,
    ] as [[DropColumn]])
  func `events are those of one thread and of SQLite`(columns: [DropColumn]) throws {
    try write()
    let one = try reader(.never)
    let two = try reader(.always)
    let names = columns.map(\.name).joined(separator: ", ")
    for range in [0..<Int64.max, Self.range] {
      for fewGroups in [100, EventPartitions.fewGroups] {
        let alone = try one.series(
          groupedBy: columns, every: nil, in: range, where: [], largest: nil, partitionedAbove: fewGroups)
        let helped = try two.series(
          groupedBy: columns, every: nil, in: range, where: [], largest: nil, partitionedAbove: fewGroups)
        #expect(Set(Self.lines(helped)) == Set(Self.lines(alone)))
        #expect(helped.largest(20).map(\.key) == alone.largest(20).map(\.key))
        let group = columns.isEmpty ? "" : "GROUP BY \(names)"
        let expected = try rows(
          path,
          """
          SELECT \(columns.isEmpty ? "" : names + ",") min(ts), max(ts), count(*) FROM drops
          WHERE ts >= \(range.lowerBound) AND ts < \(range.upperBound) \(group)
          """)
        #expect(Set(Self.lines(helped).map { Array($0.dropFirst()) }) == Set(expected))
      }
      for newest in [nil, 0, 1, 8191, 8192, 8193, 40_960, 1_000_000] as [Int64?] {
        let alone = try one.counts(groupedBy: columns, in: range, newest: newest)
        let helped = try two.counts(groupedBy: columns, in: range, newest: newest)
        #expect(helped.total == alone.total && helped.hasOlder == alone.hasOlder)
        #expect(helped.top(50).map(\.key) == alone.top(50).map(\.key))
        #expect(helped.top(50).map(\.count) == alone.top(50).map(\.count))
      }
    }
  }

  @Test(arguments: [nil, 5000, 30_000] as [Int64?])
  func `events over time are those of one thread, their flows told apart by hashes`(newest: Int64?) throws {
    try write()
    let middle = Self.range.lowerBound + 3_000_000_000_000
    let segments = [
      SeriesSegment(
        buckets: [Self.range.lowerBound..<middle, middle..<Self.range.upperBound], newest: newest),
      SeriesSegment(buckets: [0..<Self.range.lowerBound]),
    ]
    let groupings = [Self.flow, [.reason], [.daddr, .dport, .reason]]
    let one = try reader(.never)
    let two = try reader(.always)
    for hashedAbove in [0, Int64.max] {
      let alone = try one.eventSeries(groupedBy: groupings, over: segments, hashedAbove: hashedAbove)
      let moment = try DropMoment(two)
      let helped = try two.eventSeries(groupedBy: groupings, over: segments, hashedAbove: hashedAbove)
      #expect(helped.segments == alone.segments)
      #expect(try Self.lines(helped.groupings) == Self.lines(alone.groupings))
      moment.end()
    }
  }

  /// An entry a line: its interval, its key, when the first and the last was, how many.
  private static func lines(_ series: GroupedSeries) -> [[SQLValue]] {
    series.entries.map {
      [.integer($0.interval)] + series.key($0.group)
        + [.integer($0.first), .integer($0.last), .integer($0.packets)]
    }
  }

  private static func lines(_ groupings: [BucketSeries]) throws -> [[[SQLValue]]] {
    try groupings.map { series in
      try (0..<series.groupCount).flatMap { group in
        try series.points(group).map {
          try series.key(group) + [.integer(Int64($0.bucket)), .integer($0.count)]
        }
      }
    }
  }

  // MARK: - One state of the database

  @Test func `a companion joins only if nothing was committed since it looked`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(10))
    let reader = try DropReader(path: path)
    let companion = try Companion(of: reader.connection.handle, hashSecret: (1, 2))
    for (isWrittenBefore, isWrittenAfter) in [(false, false), (true, false), (false, true)] {
      try companion.look()
      if isWrittenBefore { try writer.write(.sample(1, from: 100)) }
      let transaction = try ReadTransaction(reader.connection)
      if isWrittenAfter { try writer.write(.sample(1, from: 200)) }
      #expect(try companion.join() == (!isWrittenBefore && !isWrittenAfter))
      companion.leave()
      transaction.end()
    }
  }

  @Test func `all is of one commit while a capture writes`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(20_000, spacing: 1_000_000))
    let reader = try self.reader(.always)
    let alone = try self.reader(.never)
    var helped = 0
    for round in 1...60 {
      try writer.write(.sample(50, from: 20_000 + round * 50, spacing: 1_000_000))
      let moment = try DropMoment(reader)
      if reader.companions.idle() != nil { helped += 1 }
      try writer.write(.sample(1, from: 100_000 + round, spacing: 1_000_000))
      let events = try reader.counts(groupedBy: [.reason])
      let tallies = try reader.tallies(groupedBy: [[.reason]])
      #expect(events.total == tallies.total.recorded && events.total == Int64(20_000 + round * 51 - 1))
      moment.end()
      #expect(try alone.counts(groupedBy: []).total == events.total + 1)
    }
    #expect(helped == 60)
  }

  @Test func `the sums of one moment agree while another thread commits all the time`() throws {
    let first = DropBatch.sample(20_000, spacing: 1_000_000)
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(first)
    let path = self.path
    _ = try writer.finish(at: threeTenNanoseconds)
    let committing = Thread {
      guard var writer = try? DropWriter(path: path, capture: .sample()) else { return }
      for number in 0..<400 {
        try? writer.write(.sample(7, from: 20_000 + number * 7, spacing: 1_000_000))
      }
      _ = try? writer.finish(at: threeTenNanoseconds)
    }
    committing.start()
    let reader = try self.reader(.always)
    repeat {
      let moment = try DropMoment(reader)
      let events = try reader.counts(groupedBy: [.saddr])
      let tallies = try reader.tallies()
      #expect(events.total == tallies.total.recorded)
      moment.end()
      // Without a moment each answer is of one state, some of them with companions and some not.
      #expect((try reader.counts(groupedBy: [.length]).total - 20_000) % 7 == 0)
    } while !committing.isFinished
    #expect(try reader.counts(groupedBy: []).total == 22_800)
  }

  @Test func `a reader of a file that has been replaced reads alone`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(3000))
    _ = try writer.finish(at: threeTenNanoseconds)
    let reader = try self.reader(.always)
    #expect(try reader.counts(groupedBy: []).total == 3000)
    let other = folder.file("other.db")
    var second = try DropWriter(path: other, capture: .sample())
    try second.write(.sample(5))
    _ = try second.finish(at: threeTenNanoseconds)
    // One whose companion was opened before, and one whose companion would get the other file.
    let late = try self.reader(.always)
    for end in ["", "-wal", "-shm"] {
      try FileManager.default.moveItem(atPath: path + end, toPath: folder.file("away.db") + end)
      try FileManager.default.moveItem(atPath: other + end, toPath: path + end)
    }
    let moment = try DropMoment(late)
    #expect(late.companions.idle() == nil)
    moment.end()
    #expect(try reader.counts(groupedBy: [.reason]).total == 3000)
    #expect(try late.counts(groupedBy: [.reason]).total == 3000)
    #expect(try self.reader(.always).counts(groupedBy: [.reason]).total == 5)
  }

  @Test func `a file that nobody writes to is known as such`() throws {
    try write()
    let uri = try Connection(
      path: "file:\(path)?immutable=1", flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, name: path)
    #expect(uri.handle.isImmutable)
    let reader = try DropReader(path: path)
    #expect(!reader.connection.handle.isImmutable && reader.connection.handle.isInPlace)
  }

  // MARK: - When not

  @Test func `few rows, and a reader that reads already, are read by one thread`() throws {
    try write()
    let reader = try self.reader(.automatic)
    let minute = threeTenNanoseconds..<threeTenNanoseconds + 60_000_000_000
    let few = try ReadTransaction(reader.connection, reader.companions, [.events, .tallies], in: minute)
    #expect(reader.companions.idle() == nil)
    few.end()
    reader.companions.use = .always
    var query = try reader.prepare("SELECT ts FROM drops")
    _ = try query.next()
    let late = try ReadTransaction(reader.connection, reader.companions, [.events], in: minute)
    #expect(reader.companions.idle() == nil)
    late.end()
    while try query.next() != nil {}
    let free = try ReadTransaction(reader.connection, reader.companions, [.events], in: minute)
    #expect(reader.companions.idle() != nil)
    free.end()
    #expect(reader.companions.idle() == nil)
  }

  @Test func `how many rows a range has is about known`() throws {
    try write()
    let reader = try DropReader(path: path)
    for (range, expected) in [
      (0..<Int64.max, Self.count), (Self.range, Self.count - 2 * 777),
      (Self.range.lowerBound..<Self.range.lowerBound + 20_000 * Self.spacing, 20_000),
    ] {
      let found = try OrderedTable.events.rows(in: range, reader.connection)
      #expect(abs(Double(found) / Double(expected) - 1) < 0.01)
    }
    #expect(try OrderedTable.events.rows(in: 0..<1, reader.connection) == 0)
    #expect(try OrderedTable.events.rows(in: 0..<threeTenNanoseconds + 9, reader.connection) < 5000)
  }

  // MARK: - Ends

  @Test func `an interrupted reader ends with its companions, and says so`() throws {
    try write()
    let reader = try self.reader(.always)
    let interrupter = reader.interrupter
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.02)
      interrupter.interrupt()
    }
    let error = #expect(throws: StoreError.self) {
      while true {
        _ = try reader.counts(groupedBy: [.tcpSequence, .saddr])
        _ = try reader.tallies(groupedBy: [[.reason]])
      }
    }
    #expect(error?.code == .interrupted)
    #expect(error?.message == "the query was interrupted")
    #expect(try self.reader(.always).counts(groupedBy: []).total == Int64(Self.count))
  }

  @Test(arguments: ["event", "tally"])
  func `a damaged page is the same error, and the reader reads on`(table: String) throws {
    try write()
    let leaves = try rows(
      path, "SELECT pageno FROM dbstat WHERE name = '\(table)' AND pagetype = 'leaf' ORDER BY path")
    for place in [0, leaves.count / 2, leaves.count - 1] {
      guard case .integer(let page) = leaves[place][0] else { continue }
      let damaged = folder.file("damaged-\(place).db")
      try FileManager.default.copyItem(atPath: path, toPath: damaged)
      let file = try #require(FileHandle(forUpdatingAtPath: damaged))
      try file.seek(toOffset: UInt64(page - 1) * 4096)
      file.write(Data(repeating: 0x5a, count: 4096))
      try file.close()
      var errors: [StoreError?] = []
      for use in [Companions.Use.never, .always] {
        let reader = try DropReader(path: damaged)
        reader.companions.use = use
        for _ in 0..<2 {
          errors.append(
            #expect(throws: StoreError.self) {
              if table == "event" {
                _ = try reader.counts(groupedBy: [.saddr])
              } else {
                _ = try reader.tallies()
              }
            })
        }
        let other =
          table == "event" ? try reader.tallies().total.recorded : try reader.counts(groupedBy: []).total
        #expect(other == Int64(Self.count))
      }
      #expect(errors.allSatisfy { $0?.code == .corrupt && $0?.message == errors[0]?.message })
    }
  }
}

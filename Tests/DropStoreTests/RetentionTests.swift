import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct RetentionTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
  }

  /// The wall clock, by which age is told, in nanoseconds.
  private static var now: Int64 { Int64(Date().timeIntervalSince1970) * 1_000_000_000 }

  /// What file and log take, as the file system says.
  private var size: Int {
    [path, path + "-wal"].reduce(0) { sum, path in
      sum + ((try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0)
    }
  }

  /// Drops of many flows, one after the other.
  private func batch(_ count: Int, from first: Int, at start: Int64, flows: Int) -> DropBatch {
    batch(count, from: first, at: start) { $0 % flows }
  }

  private func batch(
    _ count: Int, from first: Int, at start: Int64, spacing: Int64 = 1_000, flow number: (Int) -> Int
  ) -> DropBatch {
    var batch = DropBatch.sample(0)
    for index in first..<first + count {
      let kind = UInt32(index % 4)
      let site = DropSite(
        reason: kind, location: 0x1000 + UInt64(kind), ifindex: 2, interface: KernelName("eth0"), netns: 7,
        etherType: 0x0800)
      var flow = Flow()
      flow.transport = 17
      let number = number(index)
      flow.source = IPAddress(v4: UInt32(truncatingIfNeeded: number))
      flow.destination = IPAddress(v4: 0x0a00_0001)
      flow.sourcePort = UInt16(truncatingIfNeeded: number)
      flow.destinationPort = 53
      let time = start + Int64(index) * spacing
      batch.events.append(
        DropEvent(
          time: time, site: site, stack: StackID(kind), context: .softirq, flow: flow, length: 100,
          cpu: kind, pid: UInt32(index % 100), comm: KernelName("worker")))
      batch.tallies.append(DropTally(site: site, minute: time / 60_000_000_000 * 60, packets: 1, bytes: 100))
    }
    return batch
  }

  private func number(_ sql: String) throws -> Int64 {
    guard case .integer(let value) = try rows(path, sql)[0][0] else { return -1 }
    return value
  }

  /// What must hold although events have gone.
  private func remainingFaults() throws -> [String] {
    try faults(of: path).filter { $0 != "events and tallies differ" }
  }

  @Test(arguments: [2_000, 100_000_000]) func `the file with its log stays under its size at full rate`(
    flows: Int
  ) throws {
    let limit = 16 << 20
    var writer = try DropWriter(
      path: path, capture: .sample(), retention: RetentionPolicy(size: Int64(limit)))
    var largest = 0
    let batches = 130
    let start = Self.now
    for index in 0..<batches {
      try writer.write(batch(4_000, from: index * 4_000, at: start, flows: flows))
      largest = max(largest, size)
    }
    #expect(largest <= limit * 105 / 100, "\(largest)")
    // Nothing went that there was room for.
    #expect(largest > limit / 2, "\(largest)")
    _ = try writer.finish(at: Self.now)
    #expect(try number("SELECT count(*) FROM event") < Int64(batches * 4_000))
    // The newest stay, without a hole.
    let kept = try number("SELECT count(*) FROM event")
    #expect(kept > 16_000)
    #expect(try number("SELECT (max(time) - min(time)) / 1000 + 1 FROM event") == kept)
    #expect(try number("SELECT sum(packets) FROM tally") == Int64(batches * 4_000))
    #expect(try number("SELECT sum(recorded) FROM tally") == Int64(batches * 4_000))
    #expect(try remainingFaults() == [])
    if flows > 1_000_000 { #expect(try number("SELECT count(*) FROM flow") < Int64(batches * 4_000 / 2)) }
  }

  // Both files hold some 80,000 events.

  @Test func `flows that are few and come again keep their rows`() throws {
    var writer = try DropWriter(path: path, capture: .sample(), retention: RetentionPolicy(size: 4 << 20))
    let start = Self.now
    var seen: Set<Int> = []
    // A fifth of the drops is of 12,500 flows in turn, each of which comes again when its last event may have gone.
    for index in 0..<200 {
      let batch = batch(4_000, from: index * 4_000, at: start) { index in
        let number = index % 5 == 0 ? 500 + index / 5 % 12_500 : index % 500
        seen.insert(number)
        return number
      }
      try writer.write(batch)
    }
    _ = try writer.finish(at: Self.now)
    #expect(try number("SELECT count(*) FROM event") < 62_500)
    #expect(try number("SELECT count(DISTINCT flow) FROM event") < Int64(seen.count))
    // Had one gone, it would have a greater number now.
    #expect(try number("SELECT max(id) FROM flow") == Int64(seen.count))
    #expect(try remainingFaults() == [])
  }

  @Test func `flows that do not come again go, few as they are`() throws {
    var writer = try DropWriter(path: path, capture: .sample(), retention: RetentionPolicy(size: 4 << 20))
    let start = Self.now
    for index in 0..<75 {
      try writer.write(
        batch(4_000, from: index * 4_000, at: start) { $0 < 6_000 ? 1_000 + $0 : $0 % 500 })
    }
    _ = try writer.finish(at: Self.now)
    #expect(try number("SELECT count(*) FROM flow") == 500)
    #expect(try number("SELECT count(*) FROM event") > 50_000)
    #expect(try remainingFaults() == [])
  }

  @Test func `flows that do not come again do not take the room of the events`() throws {
    var writer = try DropWriter(path: path, capture: .sample(), retention: RetentionPolicy(size: 8 << 20))
    let start = Self.now
    var kept: [Int64] = []
    var most: Int64 = 0
    for index in 0..<200 {
      try writer.write(
        batch(4_000, from: index * 4_000, at: start) { $0 % 3 == 0 ? 1_000 + $0 : $0 % 500 })
      guard index % 5 == 0 else { continue }
      let events = try number("SELECT count(*) FROM event")
      most = max(most, events)
      if Int64(index + 1) * 4_000 > events { kept.append(events) }
    }
    _ = try writer.finish(at: Self.now)
    #expect(kept.count > 20)
    let least = try #require(kept.min())
    #expect(least * 3 > most * 2, "\(kept)")
    #expect(try remainingFaults() == [])
  }

  @Test func `events older than their time go, and younger ones stay`() throws {
    let hour: Int64 = 3_600_000_000_000
    let now = Self.now
    var writer = try DropWriter(path: path, capture: .sample(), retention: RetentionPolicy(events: 2 * hour))
    try writer.write(batch(3_000, from: 0, at: now - 3 * hour, flows: 10))
    try writer.write(batch(100, from: 0, at: now - hour, flows: 10))
    try writer.write(DropBatch())
    #expect(try number("SELECT count(*) FROM event") == 100)
    #expect(try number("SELECT sum(packets) FROM tally") == 3_100)
    try writer.write(DropBatch())
    #expect(try remainingFaults() == [])
  }
}

import DropEvents
import DropStore
import Foundation
import Testing

/// A file with a limit takes a storm: it never becomes larger, log and all, and stays sound.
@Suite struct RetentionUnderLoadTests {
  /// As many as the pump hands over at once in a storm.
  private static let batchSize = 10_000
  private static let hour: Int64 = 3_600_000_000_000

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

  /// A statement that has begun and not ended keeps what it sees, and with it the log.
  private final class StayingReader {
    private var query: DropQuery

    init(_ path: String) throws {
      query = try DropReader(path: path).prepare("SELECT name FROM sqlite_schema")
      try #require(try query.next() != nil)
    }
  }

  /// A storm, a batch after the other.
  private struct Storm {
    var batch = DropBatch()
    let scans: Bool
    let batchSize: Int
    var start: Int64
    var written: UInt64 = 0

    init(start: Int64, scans: Bool, batchSize: Int = RetentionUnderLoadTests.batchSize) {
      self.start = start
      self.scans = scans
      self.batchSize = batchSize
      batch = .sample(batchSize, spacing: 2_000)
      batch.tallies = []
      for kind in 0..<4 {
        batch.tallies.append(DropTally(site: batch.events[kind].site, minute: 0, packets: 0, bytes: 0))
      }
      advance()
    }

    /// Makes the next batch of the last one.
    mutating func advance() {
      for index in batch.events.indices {
        let number = written &+ UInt64(index)
        batch.events[index].time = start + Int64(number) * 2_000
        // A scan has a new flow in each event, in no order.
        let mixed = (scans ? number : number % 500) &* 0x9e37_79b9_7f4a_7c15
        batch.events[index].flow.source = IPAddress(v6High: 0x2001_0db8_0000_0000, low: mixed)
        batch.events[index].pid = UInt32(number % 200)
      }
      for kind in batch.tallies.indices {
        batch.tallies[kind].minute = batch.events[0].time / 60_000_000_000 * 60
        batch.tallies[kind].packets = UInt64(batchSize / 4)
        batch.tallies[kind].bytes = UInt64(batchSize / 4 * 100)
      }
      // One minute a batch, that of its first event, must not miss those of the next.
      if batch.events[0].time / 60_000_000_000 != batch.events[batchSize - 1].time / 60_000_000_000 {
        let minute = batch.events[0].time / 60_000_000_000
        for index in batch.events.indices where batch.events[index].time / 60_000_000_000 != minute {
          batch.events[index].time = (minute + 1) * 60_000_000_000 - 1
        }
      }
      written += UInt64(batch.events.count)
    }
  }

  private func number(_ sql: String) throws -> Int64 {
    guard case .integer(let value) = try rows(path, sql)[0][0] else { return -1 }
    return value
  }

  private func remainingFaults() throws -> [String] {
    try faults(of: path).filter { $0 != "events and tallies differ" }
      + DatabaseCheck(path: path).findings.map(\.text)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var mebibytes: Int
    var scans = false
    var hasReader = false
    var retain: Int64?
    /// How many events are written.
    var events: Int

    var testDescription: String {
      "\(mebibytes) MiB\(scans ? ", a new flow in each event" : "")\(hasReader ? ", beside readers that stay" : "")"
        + (retain == nil ? "" : ", with an age")
    }
  }

  @Test(arguments: [
    Case(mebibytes: 16, events: 700_000), Case(mebibytes: 16, scans: true, events: 300_000),
    Case(mebibytes: 16, hasReader: true, events: 500_000),
    Case(mebibytes: 16, scans: true, hasReader: true, events: 250_000),
    Case(mebibytes: 16, retain: hour, events: 900_000),
    Case(mebibytes: 64, scans: true, hasReader: true, events: 600_000),
  ]) func `file and log stay within the limit`(_ given: Case) throws {
    let limit = given.mebibytes << 20
    // With an age, the first half is too old from the beginning.
    let start = given.retain == nil ? Self.now : Self.now - 2 * Self.hour
    var writer = try DropWriter(
      path: path, capture: .sample(),
      retention: RetentionPolicy(events: given.retain, size: Int64(limit)))
    var storm = Storm(start: start, scans: given.scans)
    var reader: StayingReader?
    var largest = 0
    var refused = 0
    while storm.written <= UInt64(given.events) {
      do {
        try writer.write(storm.batch)
      } catch {
        // It has stayed until nothing more could be stored.
        try #require(error.code == .busy && reader != nil, "\(error)")
        largest = max(largest, size)
        refused += 1
        reader = nil
        try writer.write(storm.batch)
      }
      largest = max(largest, size)
      if given.retain != nil, storm.written >= UInt64(given.events / 2) { storm.start = Self.now }
      storm.advance()
      if given.hasReader, reader == nil {
        reader = try StayingReader(path)
      }
    }
    reader = nil
    #expect(largest <= limit * 105 / 100, "\(largest)")
    #expect(largest > limit / 2, "\(largest)")
    #expect((refused > 0) == given.hasReader)
    let stored = Int64(storm.written) - Int64(Self.batchSize)
    #expect(writer.totals.recorded == UInt64(stored))
    _ = try writer.finish(at: Self.now)
    #expect(try number("SELECT sum(packets) FROM tallies") == stored)
    #expect(try number("SELECT sum(recorded) FROM tallies") == stored)
    // Some have gone, and the newest are there.
    let kept = try number("SELECT count(*) FROM event")
    #expect(kept < stored && kept >= Int64(Self.batchSize), "\(kept)")
    #expect(try remainingFaults() == [])
  }

  @Test func `new flows beside readers that stay keep the log short and cost no history`() throws {
    let limit = 32 << 20
    let logLimit = 7 << 20
    let policy = RetentionPolicy(size: Int64(limit))
    var writer = try DropWriter(
      path: path, capture: .sample(), retention: policy, logLimit: Int64(logLimit))
    var storm = Storm(start: Self.now, scans: true)
    var reader: StayingReader?
    var largest = 0
    var largestLog = 0
    var kept: [Int64] = []
    for number in 0..<60 {
      do {
        try writer.write(storm.batch)
      } catch {
        try #require(error.code == .busy && reader != nil, "\(error)")
        // Now the log can be emptied, once.
        reader = nil
        try writer.write(storm.batch)
      }
      largest = max(largest, size)
      largestLog = max(largestLog, try bytes(path + "-wal").count)
      storm.advance()
      if number >= 30 { kept.append(try self.number("SELECT count(*) FROM event")) }
      if reader == nil { reader = try StayingReader(path) }
    }
    reader = nil
    #expect(largest <= limit * 105 / 100, "\(largest)")
    #expect(largestLog <= logLimit, "\(largestLog)")
    // Orphans that stay would take the room of events.
    #expect(kept.reduce(0, +) / Int64(kept.count) > 60_000, "\(kept)")
    let stored = Int64(storm.written) - Int64(Self.batchSize)
    _ = try writer.finish(at: Self.now)
    #expect(try number("SELECT sum(packets) FROM tallies") == stored)
    #expect(try number("SELECT sum(recorded) FROM tallies") == stored)
    #expect(try remainingFaults() == [])
  }

  @Test func `orphans that a reader kept from going do not all go with one batch when it has gone`() throws {
    var writer = try DropWriter(path: path, capture: .sample(), retention: RetentionPolicy(size: 16 << 20))
    var full = Storm(start: Self.now, scans: true, batchSize: 2_000)
    while full.written < 300_000 {
      try writer.write(full.batch)
      full.advance()
    }
    // So few that some batches find room in the log beside a reader, and the orphans do not.
    let count = 200
    var storm = Storm(start: full.start, scans: true, batchSize: count)
    storm.written = full.written
    storm.advance()
    var reader: StayingReader?
    var flows = try number("SELECT count(*) FROM flow")
    var most: Int64 = 0
    var total: Int64 = 0
    var alone = 0
    for _ in 0..<600 {
      var deleted: Int64 = 0
      func note() throws {
        let left = try number("SELECT count(*) FROM flow")
        deleted += max(0, flows - left)
        flows = left
      }
      do {
        try writer.write(storm.batch)
      } catch {
        try #require(error.code == .busy && reader != nil, "\(error)")
        try note()
        reader = nil
        alone = 0
        try writer.write(storm.batch)
      }
      flows += Int64(count)
      try note()
      most = max(most, deleted)
      total += deleted
      storm.advance()
      alone += 1
      if reader == nil, alone > 2 { reader = try StayingReader(path) }
    }
    reader = nil
    #expect(total > 50_000, "\(total)")
    // A batch bears 5,000, and a quarter more while some are made up for; twice as many where there is not room enough.
    #expect(most > 5_000 && most <= 12_500, "\(most)")
    _ = try writer.finish(at: Self.now)
    #expect(try remainingFaults() == [])
  }

  @Test func `a clock set back by an hour while events go damages nothing and miscounts nothing`() throws {
    let limit: Int64 = 4 << 20
    let now = Self.now
    var writer = try DropWriter(path: path, capture: .sample(), retention: RetentionPolicy(size: limit))
    var storm = Storm(start: now, scans: true, batchSize: 3_000)
    var largest = 0
    for batch in 0..<40 {
      try writer.write(storm.batch)
      largest = max(largest, size)
      // And forward again: some of the times have been there, and what was there is gone.
      if batch == 15 { storm.start -= Self.hour }
      if batch == 30 { storm.start += Self.hour - Int64(40 * 3_000) * 1_000 }
      storm.advance()
    }
    _ = try writer.finish(at: now - Self.hour)
    #expect(largest <= Int(limit) * 105 / 100, "\(largest)")
    #expect(try number("SELECT sum(packets) FROM tally") == 40 * 3_000)
    #expect(try number("SELECT sum(recorded) FROM tally") == 40 * 3_000)
    #expect(try number("SELECT count(*) FROM event") < 40 * 3_000)
    #expect(try remainingFaults() == [])
  }

  // MARK: Tallies of years

  /// Puts tallies and losses of the past into a new database, as a long capture would have left them.
  ///
  /// - Returns: what all of them count.
  private func makePast(_ past: [(days: Range<Int64>, step: Int64)], now: Int64) throws -> Int64 {
    var writer = try DropWriter(path: path, capture: .sample(start: now - 600 * 24 * Self.hour))
    var batch = DropBatch.sample(4)
    for index in batch.events.indices { batch.events[index].time = now - Self.hour }
    for index in batch.tallies.indices {
      batch.tallies[index].minute = (now - Self.hour) / 60_000_000_000 * 60
    }
    try writer.write(batch)
    _ = try writer.finish(at: now)
    let sqlite = try #require(Shell.sqlite, "sqlite3 is not installed")
    var script = ""
    for (days, step) in past {
      let first = (now / 1_000_000_000 - days.upperBound * 86_400) / 60 * 60
      let count = (days.upperBound - days.lowerBound) * 86_400 / step
      script += """
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < \(count))
        INSERT INTO tally (ts, seconds, site, packets, bytes, recorded)
        SELECT (\(first) + i * \(step)) * 1000000000, 60, site.id, 3, 300, 0 FROM n, site;
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < \(count / 10))
        INSERT INTO loss (ts, seconds, capture, cause, packets)
        SELECT (\(first) + i * \(step)) * 1000000000, 1, 1, 'ring_full', 1 FROM n;
        """
    }
    script += """
      UPDATE capture SET counted = (SELECT sum(packets) FROM tally);
      INSERT INTO capture_loss (capture, cause, packets) SELECT 1, 'ring_full', sum(packets) FROM loss;
      """
    let made = try sqlite.run([path, "BEGIN; \(script) COMMIT; PRAGMA wal_checkpoint(TRUNCATE)"])
    try #require(made.status == 0, "\(made.errors)")
    return try number("SELECT sum(packets) FROM tally")
  }

  /// Writes a storm of now, and returns the largest size on the way.
  private func storm(_ batches: Int, of count: Int, limit: Int64, now: Int64) throws -> Int {
    var writer = try DropWriter(
      path: path, capture: .sample(boot: "boot-2", start: now), retention: RetentionPolicy(size: limit))
    var storm = Storm(start: now, scans: false, batchSize: count)
    var largest = 0
    for _ in 0..<batches {
      try writer.write(storm.batch)
      largest = max(largest, size)
      storm.advance()
    }
    _ = try writer.finish(at: now + Self.hour)
    return largest
  }

  @Test func `tallies of years become hours and days while a storm is written, within the limit`() throws {
    let now = Self.now
    let past = try makePast([(days: 400..<440, step: 3_600), (days: 32..<60, step: 600)], now: now)
    let losses = try number("SELECT sum(packets) FROM loss")
    let limit: Int64 = 16 << 20
    let (batches, count) = (130, 3_000)
    let largest = try storm(batches, of: count, limit: limit, now: now)
    #expect(largest <= Int(limit) * 105 / 100 && largest > Int(limit) / 2, "\(largest)")
    #expect(try number("SELECT sum(packets) FROM tally") == past + Int64(batches * count))
    #expect(try number("SELECT sum(packets) FROM loss") == losses)
    // All of the past is as coarse as its age asks, but for the days and hours that were not over at the border.
    let day = 24 * Self.hour
    #expect(try number("SELECT count(*) FROM tally WHERE seconds < 86400 AND ts < \(now - 362 * day)") == 0)
    #expect(try number("SELECT count(*) FROM tally WHERE seconds < 3600 AND ts < \(now - 31 * day)") == 0)
    #expect(try number("SELECT count(*) FROM tally WHERE seconds = 86400") >= 40 * 4)
    #expect(try number("SELECT count(*) FROM tally WHERE seconds = 3600") >= 28 * 24 * 4)
    #expect(try number("SELECT count(DISTINCT seconds) FROM loss") == 2)
    #expect(try remainingFaults() == [])
  }

  @Test func `where tallies alone fill the file the oldest become coarse, and the storm is stored`() throws {
    let now = Self.now
    let past = try makePast([(days: 1..<25, step: 60)], now: now)
    // So small that next to no event fits beside them.
    let limit = Int64(try bytes(path).count) * 4 / 3 + 256 << 10
    let (batches, count) = (60, 3_000)
    let largest = try storm(batches, of: count, limit: limit, now: now)
    #expect(largest <= Int(limit) * 105 / 100, "\(largest) of \(limit)")
    #expect(try number("SELECT sum(packets) FROM tally") == past + Int64(batches * count))
    #expect(try number("SELECT count(*) FROM tally WHERE seconds = 3600") > 0)
    // The newest are as fine as they were.
    #expect(try number("SELECT max(seconds) FROM tally WHERE ts > \(now - 2 * 24 * Self.hour)") == 60)
    #expect(try number("SELECT count(*) FROM event") >= Int64(count))
    #expect(try remainingFaults() == [])
  }
}

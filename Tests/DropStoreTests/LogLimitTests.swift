import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct LogLimitTests {
  @Test(arguments: [false, true])
  func `a reader that stays does not make the log grow without end`(isLink: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("drops.db")
    // SQLite's log is beside the file itself.
    let given = isLink ? folder.file("link.db") : path
    if isLink { try FileManager.default.createSymbolicLink(atPath: given, withDestinationPath: path) }
    let limit = 1 << 20
    var writer = try DropWriter(path: given, capture: .sample(), logLimit: Int64(limit))
    try writer.write(.sample(500))
    var written = 500
    var refused = false
    do {
      let reader = try DropReader(path: given)
      var query = try reader.prepare("SELECT ts FROM drops")
      #expect(try query.next() != nil)
      while !refused && written < 100_000 {
        do {
          try writer.write(.sample(500, from: written))
          written += 500
        } catch {
          #expect(error.code == .busy)
          refused = true
        }
      }
      #expect(refused)
      // At most by one batch more.
      #expect(try bytes(path + "-wal").count < limit + 256 << 10)
      let size = try bytes(path + "-wal").count
      #expect(throws: StoreError.self) { try writer.write(.sample(500, from: written)) }
      #expect(try bytes(path + "-wal").count == size)
      // It still sees what it saw.
      var count = 1
      while try query.next() != nil { count += 1 }
      #expect(count == 500)
    }
    try writer.write(.sample(500, from: written))
    #expect(try bytes(path + "-wal").count < limit / 2)
    #expect(writer.totals.recorded == UInt64(written + 500))
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(Int64(written + 500))]])
    #expect(try faults(of: path) == [])
  }

  @Test func `readers that come and go do not stop the writer`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("drops.db")
    // Twice of what SQLite lets the log have before it looks whether it can be emptied (1000 pages).
    let limit = 8 << 20
    var writer = try DropWriter(path: path, capture: .sample(), logLimit: Int64(limit))
    for round in 0..<80 {
      try writer.write(.sample(500, from: round * 500))
      // Each stays for a batch.
      let reader = try DropReader(path: path)
      var query = try reader.prepare("SELECT ts FROM drops")
      #expect(try query.next() != nil)
      try writer.write(.sample(500, from: 40_000 + round * 500))
    }
    #expect(try bytes(path + "-wal").count < limit)
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(80_000)]])
  }

  /// Drops with a flow each that was not there before.
  private static func newFlows(_ count: Int, from first: Int) -> DropBatch {
    var batch = DropBatch.sample(count, from: first)
    for index in batch.events.indices {
      let number = UInt64(first + index) &* 0x9e37_79b9_7f4a_7c15
      batch.events[index].flow.source = IPAddress(v6High: 0x2001_0db8_0000_0000, low: number)
    }
    return batch
  }

  @Test func `new flows that may not fit into the log beside a reader are refused before they are in it`()
    throws
  {
    let folder = try TemporaryFolder()
    let path = folder.file("drops.db")
    let limit = 16 << 20
    _ = try DropWriter(path: path, capture: .sample()).finish(at: threeTenNanoseconds + 1)
    // So many flows that nearly each new one goes to another page of their index.
    let sqlite = try #require(Shell.sqlite, "sqlite3 is not installed")
    let made = try sqlite.run([
      path,
      """
      PRAGMA cache_size = -64000;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000)
      INSERT INTO flow (fingerprint, transport, saddr) SELECT i * 2654435761 % 4294967296, 17, 'a' || i FROM n;
      PRAGMA wal_checkpoint(TRUNCATE)
      """,
    ])
    try #require(made.status == 0, "\(made.errors)")
    var writer = try DropWriter(
      path: path, capture: .sample(boot: "boot-2", start: threeTenNanoseconds + 2), logLimit: Int64(limit))
    var written = 0
    do {
      let reader = try DropReader(path: path)
      var query = try reader.prepare("SELECT name FROM sqlite_schema")
      #expect(try query.next() != nil)
      while try bytes(path + "-wal").count < limit * 3 / 4 {
        try writer.write(.sample(2_000, from: written))
        written += 2_000
      }
      let size = try bytes(path + "-wal").count
      for _ in 0..<2 {
        #expect {
          try writer.write(Self.newFlows(3_000, from: written))
        } throws: {
          ($0 as? StoreError)?.code == .busy
        }
        #expect(writer.eventsStored == 0)
      }
      #expect(try bytes(path + "-wal").count == size)
      // What brings no new flows still fits.
      try writer.write(.sample(500, from: written))
      written += 500
    }
    for _ in 0..<3 {
      try writer.write(Self.newFlows(3_000, from: written))
      written += 3_000
      #expect(try bytes(path + "-wal").count <= limit)
    }
    #expect(try rows(path, "SELECT count(*) FROM event") == [[.integer(Int64(written))]])
    #expect(try faults(of: path) == [])
  }

  @Test func `a batch of many new flows is stored in parts, and what stands of it is told`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("drops.db")
    let limit = 2 << 20
    var writer = try DropWriter(path: path, capture: .sample(), logLimit: Int64(limit), newFlows: 300)
    var written = 0
    var rest: DropBatch?
    do {
      let reader = try DropReader(path: path)
      var query = try reader.prepare("SELECT name FROM sqlite_schema")
      #expect(try query.next() != nil)
      while rest == nil, written < 100_000 {
        let batch = Self.newFlows(2_000, from: written)
        do {
          try writer.write(batch)
          #expect(writer.eventsStored == 2_000)
        } catch {
          #expect(error.code == .busy)
          rest = batch
        }
        written += 2_000
      }
    }
    let stored = writer.eventsStored
    #expect(stored > 0 && stored < 2_000 && stored % 300 == 0, "\(stored)")
    #expect(try rows(path, "SELECT count(*) FROM event") == [[.integer(Int64(written - 2_000 + stored))]])
    #expect(try rows(path, "SELECT sum(packets) FROM tally") == [[.integer(Int64(written))]])
    #expect(try bytes(path + "-wal").count <= limit)
    var batch = try #require(rest)
    batch.events.removeFirst(stored)
    batch.tallies = []
    try writer.write(batch)
    #expect(writer.totals.recorded == UInt64(written))
    #expect(writer.totals.counted == UInt64(written))
    #expect(
      try rows(path, "SELECT count(*), count(DISTINCT flow) FROM event")
        == [[.integer(Int64(written)), .integer(Int64(written))]])
    #expect(try faults(of: path) == [])
  }
}

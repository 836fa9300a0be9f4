import DropEvents
import DropStore
import Testing

@Suite struct LogLimitTests {
  @Test func `a reader that stays does not make the log grow without end`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("drops.db")
    let limit = 1 << 20
    var writer = try DropWriter(path: path, capture: .sample(), logLimit: Int64(limit))
    try writer.write(.sample(500))
    var written = 500
    var refused = false
    do {
      let reader = try DropReader(path: path)
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
}

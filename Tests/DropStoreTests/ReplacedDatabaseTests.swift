import DropEvents
import DropStore
import Foundation
import Testing

/// What becomes of a database under a writer's hands.
@Suite struct ReplacedDatabaseTests {
  let folder: TemporaryFolder
  var path: String { folder.file("drops.db") }

  init() throws { folder = try TemporaryFolder() }

  @Test func `a file that was deleted takes nothing more`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(10))
    try FileManager.default.removeItem(atPath: path)
    let error = #expect(throws: StoreError.self) { try writer.write(.sample(10, from: 10)) }
    #expect(error?.code == .replaced)
    #expect(error?.message.contains("was deleted") == true)
    #expect(writer.totals.recorded == 10)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `a file that was moved away is complete where it is`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(10))
    let moved = folder.file("moved.db")
    try FileManager.default.moveItem(atPath: path, toPath: moved)
    #expect(throws: StoreError.self) { try writer.write(.sample(10, from: 10)) }
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try rows(moved, "SELECT count(*) FROM drops") == [[.integer(10)]])
    #expect(try faults(of: moved) == [])
  }

  @Test func `a file that another has replaced is not written to, nor the other`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(10))
    let other = folder.file("other.db")
    var second = try DropWriter(path: other, capture: .sample())
    try second.write(.sample(5))
    _ = try second.finish(at: threeTenNanoseconds)
    let before = try bytes(other)
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: other, toPath: path)
    let error = #expect(throws: StoreError.self) { try writer.write(.sample(10, from: 10)) }
    #expect(error?.code == .replaced)
    #expect(error?.message.contains("replaced by another file") == true)
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try bytes(path) == before)
  }

  @Test func `a log that was deleted is noticed, and what was written is saved at the end`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(10))
    try FileManager.default.removeItem(atPath: path + "-wal")
    let error = #expect(throws: StoreError.self) { try writer.write(.sample(10, from: 10)) }
    #expect(error?.code == .replaced)
    #expect(error?.path == path + "-wal")
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(10)]])
    #expect(try faults(of: path) == [])
  }

  /// What only looking for the names tells is looked for every few seconds.
  @Test(arguments: ["folder", "folder/drops.db-wal"])
  func `what was moved away is noticed soon`(what: String) async throws {
    try FileManager.default.createDirectory(atPath: folder.file("folder"), withIntermediateDirectories: false)
    var writer = try DropWriter(path: folder.file("folder/drops.db"), capture: .sample())
    try writer.write(.sample(10))
    try FileManager.default.moveItem(atPath: folder.file(what), toPath: folder.file("moved"))
    var found: StoreError?
    for _ in 0..<3000 {
      do throws(StoreError) {
        try writer.write(.sample(1))
      } catch {
        found = error
        break
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(found?.code == .replaced)
    let message = try #require(found?.message)
    #expect(message.contains("moved away") || message.contains("log was deleted"))
  }

  @Test func `the log of a deleted database does not come into the next`() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      var writer = try DropWriter(path: path, capture: .sample())
      try writer.write(.sample(50))
      kill(getpid(), SIGKILL)
    }
    try FileManager.default.removeItem(atPath: path)
    try #require(!bytes(path + "-wal").isEmpty)
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(3))
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(3)]])
    #expect(try rows(path, "SELECT count(*) FROM captures") == [[.integer(1)]])
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try faults(of: path) == [])
  }

  @Test func `the log of a crash is read, and taken in by the next capture`() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      var writer = try DropWriter(path: path, capture: .sample())
      try writer.write(.sample(50))
      kill(getpid(), SIGKILL)
    }
    try #require(!bytes(path + "-wal").isEmpty)
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(50)]])
    #expect(try DatabaseCheck(path: path).isSound)
    // The file without its log is an older state of it, or nothing, and never a damaged one.
    let alone = folder.file("alone.db")
    try FileManager.default.copyItem(atPath: path, toPath: alone)
    #expect((try? faults(of: alone)) ?? [] == [])
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(1, from: 50))
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try bytes(path + "-wal").isEmpty)
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(51)]])
    #expect(try faults(of: path) == [])
  }

  @Test func `a clock set back by an hour loses nothing and contradicts nothing`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(300, spacing: 1_000_000_000))
    let hour: Int64 = 3_600_000_000_000
    // The same times once more, from an hour before on: within minutes that are there, and before them.
    for back in [hour, 0] {
      var batch = DropBatch.sample(300, spacing: 1_000_000_000)
      for index in batch.events.indices {
        batch.events[index].time -= back
        batch.tallies[index].minute -= back / 1_000_000_000
      }
      batch.losses = [DropLoss(cause: .nested, second: threeTen - back / 1_000_000_000, packets: 0)]
      try writer.write(batch)
    }
    // The end comes before the beginning by this clock.
    let totals = try writer.finish(at: threeTenNanoseconds - hour)
    #expect(totals.recorded == 900 && totals.counted == 900)
    #expect(
      try rows(path, "SELECT count(*), count(DISTINCT ts) FROM drops") == [[.integer(900), .integer(900)]])
    #expect(
      try rows(path, "SELECT sum(recorded), sum(packets) FROM tallies") == [[.integer(900), .integer(900)]])
    #expect(
      try rows(path, "SELECT end_ts >= start_ts, last_seen_ts >= end_ts FROM captures") == [
        [.integer(1), .integer(1)]
      ])
    #expect(try faults(of: path) == [])
    #expect(try DatabaseCheck(path: path).isSound)
  }

  @Test func `triggers somebody has put into the file do not run`() throws {
    _ = try DropWriter(path: path, capture: .sample()).finish(at: threeTenNanoseconds)
    let shell = try #require(Shell.sqlite, "sqlite3 is not installed")
    let made = try shell.run([
      path,
      "CREATE TRIGGER evil AFTER INSERT ON event BEGIN DELETE FROM host; UPDATE capture SET counted = 0; END",
    ])
    try #require(made.status == 0, "\(made.errors)")
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(10))
    #expect(try rows(path, "SELECT count(*) FROM host") == [[.integer(1)]])
    #expect(try faults(of: path) == [])
    #expect(try DatabaseCheck(path: path).findings.map(\.subject) == [.schema])
  }
}

import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct DropPrunerTests {
  private static let hour: Int64 = 3_600_000_000_000

  let folder: TemporaryFolder
  let path: String
  let sqlite: Shell

  /// Two hours of drops, one a second, the last flow of each ten new.
  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    sqlite = try #require(Shell.sqlite)
    var writer = try DropWriter(path: path, capture: .sample())
    for start in stride(from: 0, to: 7_200, by: 600) {
      var batch = DropBatch.sample(600, from: start, spacing: 1_000_000_000)
      for index in stride(from: 0, to: 600, by: 10) {
        batch.events[index].flow.destination = IPAddress(v4: UInt32(start + index))
      }
      batch.losses = (0..<600).map {
        DropLoss(cause: .nested, second: threeTen + Int64(start + $0), packets: 2)
      }
      try writer.write(batch)
    }
    _ = try writer.finish(at: threeTenNanoseconds + 2 * Self.hour)
  }

  private func ask(_ sql: String) throws -> String {
    try sqlite.run([path, sql]).output.trimmingCharacters(in: .newlines)
  }

  private static let sums =
    "SELECT sum(packets), sum(bytes), sum(recorded), (SELECT sum(packets) FROM losses) FROM tallies"

  @Test func `events of before go, and what was counted stays to the last packet`() throws {
    let before = try ask(Self.sums)
    let flows = try ask("SELECT count(*) FROM flow")
    let bytesBefore = try bytes(path)
    // 03:10 + 1 h: the hours of 03:00 are not over at 03:30.
    let request = DropPruner.Request(before: threeTenNanoseconds + Self.hour)
    let dry = try DropPruner.prune(path: path, request, isDryRun: true)
    #expect(try bytes(path) == bytesBefore)
    let result = try DropPruner.prune(path: path, request)
    #expect(dry == result)
    #expect(result.events == 3_600)
    #expect(result.range == threeTenNanoseconds...threeTenNanoseconds + 3_599_000_000_000)
    #expect(try ask("SELECT count(*), min(ts) FROM drops") == "3600|\(threeTenNanoseconds + Self.hour)")
    #expect(try ask(Self.sums) == before)
    // 50 minutes of four sites, and their losses, became one hour each.
    #expect(try ask("SELECT count(*), sum(packets) FROM tallies WHERE seconds = 3600") == "4|3000")
    #expect(try ask("SELECT seconds, packets FROM losses WHERE seconds > 1") == "3600|6000")
    #expect(result.widened == 200 + 3_000)
    #expect(try Int(ask("SELECT count(*) FROM flow")) == Int(flows).map { $0 - 360 })
    #expect(result.sizeAfter < result.sizeBefore)
    #expect(try result.sizeAfter == Int64(bytes(path).count))
    #expect(try faults(of: path).filter { $0 != "events and tallies differ" } == [])
  }

  @Test func `dictionary rows that are in use stay`() throws {
    _ = try DropPruner.prune(
      path: path, DropPruner.Request(before: .max, talliesBefore: threeTenNanoseconds + Self.hour))
    #expect(try ask("SELECT count(*) FROM event") == "0")
    for table in ["flow", "task", "path", "stack", "inner_flow", "trap", "cgroup"] {
      #expect(try ask("SELECT count(*) FROM \(table)") == "0", "\(table)")
    }
    // Of the tallies that are left.
    #expect(try ask("SELECT count(*) FROM site") == "4")
    #expect(try ask("SELECT count(*) FROM tallies WHERE location IS NULL OR interface IS NULL") == "0")
    #expect(try ask("PRAGMA foreign_key_check") == "")
    #expect(try ask("SELECT count(*) FROM reasons") == "2")
  }

  @Test func `a file becomes as small as it is asked to`() throws {
    let size = Int64(try bytes(path).count) / 2
    let dry = try DropPruner.prune(path: path, DropPruner.Request(size: size), isDryRun: true)
    let result = try DropPruner.prune(path: path, DropPruner.Request(size: size))
    #expect(dry == result)
    #expect(Int64(try bytes(path).count) <= size)
    #expect(try ask("SELECT sum(packets) FROM tally") == "7200")
    #expect(try ask("PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok")
    #expect(throws: StoreError.self) {
      _ = try DropPruner.prune(path: path, DropPruner.Request(size: 1), isDryRun: true)
    }
  }

  @Test func `a file that cannot shrink becomes one that can`() throws {
    _ = try ask("PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = NONE; VACUUM")
    let size = Int64(try bytes(path).count) / 2
    let result = try DropPruner.prune(path: path, DropPruner.Request(before: threeTenNanoseconds + Self.hour))
    #expect(result.free > 0 && result.sizeAfter == result.sizeBefore)
    _ = try DropPruner.prune(path: path, DropPruner.Request(size: size))
    #expect(Int64(try bytes(path).count) <= size)
    #expect(try ask("PRAGMA auto_vacuum") == "2")
  }

  @Test func `nothing is pruned while a capture writes, and no file is made`() throws {
    let writer = try DropWriter(path: path, capture: .sample())
    #expect(throws: StoreError.self) {
      _ = try DropPruner.prune(path: path, DropPruner.Request(before: .max), isDryRun: true)
    }
    _ = try writer.finish(at: threeTenNanoseconds + 3 * Self.hour)
    #expect(throws: StoreError.self) {
      _ = try DropPruner.prune(path: folder.file("none.db"), DropPruner.Request(before: .max))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("none.db")))
  }

  @Test(arguments: [true, false])
  func `a file that is empty, or of another program, stays as it is`(isDryRun: Bool) throws {
    let empty = folder.file("empty.db")
    try Data().write(to: URL(fileURLWithPath: empty))
    let foreign = folder.file("foreign.db")
    #expect(try sqlite.run([foreign, "CREATE TABLE t (a); INSERT INTO t VALUES (1)"]).status == 0)
    for file in [empty, foreign] {
      let before = try bytes(file)
      let error = #expect(throws: StoreError.self) {
        _ = try DropPruner.prune(path: file, DropPruner.Request(before: .max), isDryRun: isDryRun)
      }
      #expect(error?.code == .foreignDatabase)
      #expect(try bytes(file) == before)
      for suffix in ["-wal", "-shm", "-journal"] {
        #expect(!FileManager.default.fileExists(atPath: file + suffix), "\(file + suffix)")
      }
    }
  }
}

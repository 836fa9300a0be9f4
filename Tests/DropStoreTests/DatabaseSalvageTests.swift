import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct DatabaseSalvageTests {
  /// What views show that does not depend on the numbers of rows.
  private static let columns = "ts, reason, location, saddr, sport, interface, netns, comm, length, host"

  let folder: TemporaryFolder
  var path: String { folder.file("drops.db") }
  var saved: String { folder.file("saved.db") }

  init() throws {
    folder = try TemporaryFolder()
    var writer = try DropWriter(path: path, capture: .sample())
    for first in stride(from: 0, to: 4_000, by: 500) {
      var batch = DropBatch.sample(500, from: first, spacing: 60_000_000)
      for index in batch.events.indices {
        batch.events[index].flow.sourcePort = UInt16((first + index) % 997)
        batch.events[index].comm = KernelName("task\((first + index) % 701)")
        batch.events[index].pid = UInt32((first + index) % 701)
      }
      batch.losses = [DropLoss(cause: .ringFull, second: threeTen + Int64(first), packets: 2)]
      batch.tallies.append(
        DropTally(
          site: batch.events[0].site, minute: batch.tallies[0].minute, packets: 2, bytes: 0))
      try writer.write(batch)
    }
    _ = try writer.finish(at: threeTenNanoseconds + 600_000_000_000)
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
  }

  private func damage(_ path: String, page: Int, with byte: UInt8 = 0x5a) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seek(toOffset: UInt64(page - 1) * 4096)
    try handle.write(contentsOf: Data(repeating: byte, count: 4096))
    try handle.close()
  }

  /// The pages of a table, by what they are in its tree.
  private func pages(_ table: String, _ kind: String) throws -> [Int] {
    try rows(
      path, "SELECT pageno FROM dbstat WHERE name = ?1 AND pagetype = ?2 ORDER BY path",
      [
        .text(table), .text(kind),
      ]
    ).compactMap { if case .integer(let page) = $0[0] { Int(page) } else { nil } }
  }

  @Test func `all of a sound database is saved`() throws {
    let before = try bytes(path)
    let salvage = try DatabaseSalvage(path, into: saved)
    #expect(salvage.tables.allSatisfy { !$0.isDamaged && $0.refused == 0 })
    #expect(salvage.placeholders == 0 && salvage.orphans == 0 && salvage.changedTallies == 0)
    for view in try ViewPage.views() {
      #expect(try rows(saved, "SELECT * FROM \(view)") == rows(path, "SELECT * FROM \(view)"))
    }
    #expect(try DatabaseCheck(path: saved).isSound)
    #expect(try bytes(path) == before)
    // And a capture goes on in it.
    var writer = try DropWriter(path: saved, capture: .sample())
    try writer.write(.sample(100))
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try faults(of: saved) == [])
  }

  @Test func `events of other pages are saved, however many pages in their midst cannot be read`() throws {
    let leaves = try pages("event", "leaf")
    try #require(leaves.count > 12)
    let all = try rows(path, "SELECT \(Self.columns) FROM drops")
    for leaf in stride(from: 1, to: leaves.count - 1, by: 4) { try damage(path, page: leaves[leaf]) }
    let broken = stride(from: 1, to: leaves.count - 1, by: 4).reduce(0) { count, _ in count + 1 }
    let salvage = try DatabaseSalvage(path, into: saved)
    let event = try #require(salvage.tables.first { $0.name == "event" })
    #expect(event.isDamaged)
    let kept = try rows(saved, "SELECT \(Self.columns) FROM drops")
    #expect(Set(kept).isSubset(of: Set(all)))
    // As many pages' rows are gone as were damaged.
    let lost = Double(all.count - kept.count) / (Double(all.count) / Double(leaves.count))
    #expect(abs(lost - Double(broken)) < 1.5, "\(lost) pages of \(broken)")
    let check = try DatabaseCheck(path: saved)
    #expect(check.isSound, "\(check.findings)")
    // What was counted is still known.
    #expect(try rows(saved, "SELECT sum(packets) FROM tallies") == [[.integer(4_016)]])
  }

  /// Debian builds the client without what its command needs.
  private static let clientRecovers =
    (try? Shell.sqlite?.run([":memory:", "CREATE TABLE t (x)", ".recover"]).output.contains("CREATE TABLE"))
    ?? false

  @Test(.enabled(if: clientRecovers, "this sqlite3 has no .recover"))
  func `as much is saved as by sqlite3's own recovery, where only leaves are damaged`() throws {
    let shell = try #require(Shell.sqlite, "sqlite3 is not installed")
    for table in ["event", "flow", "task", "tally"] {
      let leaves = try pages(table, "leaf")
      try damage(path, page: leaves[leaves.count / 2])
    }
    try Data(try shell.run([path, ".recover"]).output.utf8).write(
      to: URL(fileURLWithPath: folder.file("sql")))
    let recovered = folder.file("recovered.db")
    _ = try shell.run([recovered, ".read \(folder.file("sql"))"])
    let salvage = try DatabaseSalvage(path, into: saved)
    for table in ["event", "flow", "task", "tally"] {
      let theirs = try shell.run([recovered, "SELECT count(*) FROM \(table)"]).output
      let ours = try #require(salvage.tables.first { $0.name == table })
      #expect(Int64(theirs.dropLast()) == ours.kept, "\(table)")
    }
  }

  @Test func `whichever page is damaged, what is saved is sound and was there`() throws {
    let data = try bytes(path)
    let drops = Set(try rows(path, "SELECT ts FROM drops"))
    var saves = 0
    for page in 1...data.count / 4096 {
      for byte in [UInt8(0), 0x5a] {
        let damaged = folder.file("damaged.db")
        try data.write(to: URL(fileURLWithPath: damaged))
        try damage(damaged, page: page, with: byte)
        do {
          _ = try DatabaseSalvage(damaged, into: saved)
          saves += 1
          let check = try DatabaseCheck(path: saved)
          #expect(check.isSound, "page \(page): \(check.findings)")
          #expect(Set(try rows(saved, "SELECT ts FROM drops")).isSubset(of: drops))
          try FileManager.default.removeItem(atPath: saved)
        } catch {
          #expect(error is StoreError)
          #expect(!FileManager.default.fileExists(atPath: saved))
        }
      }
    }
    // All but those that hold the schema.
    #expect(saves > data.count / 4096 * 2 - 32)
  }

  @Test func `what is lost of dictionaries is called unreadable`() throws {
    let tasks = try pages("task", "leaf")
    try damage(path, page: tasks[0])
    let salvage = try DatabaseSalvage(path, into: saved)
    #expect(salvage.placeholders > 0)
    #expect(try rows(saved, "SELECT count(*) FROM drops") == [[.integer(4_000)]])
    #expect(
      try rows(saved, "SELECT count(*) FROM drops WHERE comm LIKE 'unreadable %' AND pid IS NULL") != [
        [.integer(0)]
      ])
    #expect(try DatabaseCheck(path: saved).isSound)
  }

  @Test func `an older version is saved in the form of this one`() throws {
    let old = try #require(
      Bundle.module.url(forResource: "version-1", withExtension: "db", subdirectory: "Fixtures"))
    let copy = folder.file("old.db")
    try FileManager.default.copyItem(at: old, to: URL(fileURLWithPath: copy))
    _ = try DatabaseSalvage(copy, into: saved)
    #expect(try DatabaseCheck(path: saved).isSound)
    // Migrated by a capture of another boot, which changes nothing of what is there.
    let other = KernelIdentity(release: "0", version: "0", machine: "0", btfHash: nil)
    _ = try DropWriter(path: copy, capture: .sample(boot: "other", kernel: other)).finish(
      at: threeTenNanoseconds)
    #expect(
      try rows(saved, "SELECT \(Self.columns) FROM drops") == rows(copy, "SELECT \(Self.columns) FROM drops"))
  }

  @Test func `nothing is replaced`() throws {
    try Data().write(to: URL(fileURLWithPath: saved))
    let error = #expect(throws: StoreError.self) { _ = try DatabaseSalvage(path, into: saved) }
    #expect(error?.code == .exists)
    #expect(try bytes(saved).isEmpty)
  }
}

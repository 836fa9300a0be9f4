import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct DatabaseBackupTests {
  let folder: TemporaryFolder
  var path: String { folder.file("drops.db") }
  var copy: String { folder.file("copy.db") }

  init() throws { folder = try TemporaryFolder() }

  private func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }

  @Test func `a copy made while a capture writes is complete, sound and of one moment`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    for first in 0..<20 { try writer.write(.sample(500, from: first * 500)) }
    var asked = 0
    var isWritten = false
    let size = try DatabaseBackup.copy(path, to: copy) { done, all in
      asked += 1
      #expect(done <= all)
      return true
    }
    #expect(Int(size) == (try bytes(copy)).count)
    // Nothing of the log is needed, and nothing is left behind.
    #expect(try files().sorted() == ["copy.db", "drops.db", "drops.db-shm", "drops.db-wal"])
    isWritten = true
    try writer.write(.sample(500, from: 10_000))
    #expect(isWritten && asked >= 0)
    #expect(try rows(copy, "SELECT count(*) FROM drops") == [[.integer(10_000)]])
    #expect(try faults(of: copy) == [])
    #expect(try DatabaseCheck(path: copy).isSound)
    // The copy is a database like any other.
    var again = try DropWriter(path: copy, capture: .sample())
    try again.write(.sample(10))
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(10_500)]])
  }

  @Test func `what is written between two steps is not in the copy`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    // More pages than one step takes.
    var batch = DropBatch()
    batch.packetBytes = [UInt8](repeating: 0x45, count: 4_000)
    for index in 0..<6_000 {
      var event = DropEvent(time: Int64(index), site: DropSite())
      event.packet = 0
      batch.events.append(event)
    }
    batch.packets = [CapturedPacket(link: .rawIP, start: 0, count: 4_000, networkOffset: 0)]
    batch.tallies = [DropTally(site: DropSite(), minute: 0, packets: 6_000, bytes: 0)]
    try writer.write(batch)
    let writing = Writing(writer)
    var steps = 0
    try DatabaseBackup.copy(path, to: copy) { _, _ in
      steps += 1
      do { try writing.writer.write(.sample(100, from: steps * 100)) } catch { Issue.record(error) }
      return true
    }
    #expect(steps > 0)
    #expect(try rows(copy, "SELECT count(*) FROM drops") == [[.integer(6_000)]])
    #expect(try faults(of: copy) == [])
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(6_000 + Int64(steps) * 100)]])
  }

  @Test func `one that is interrupted leaves nothing`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch()
    batch.packetBytes = [UInt8](repeating: 0x45, count: 4_000)
    batch.packets = [CapturedPacket(link: .rawIP, start: 0, count: 4_000, networkOffset: 0)]
    for index in 0..<6_000 {
      var event = DropEvent(time: Int64(index), site: DropSite())
      event.packet = 0
      batch.events.append(event)
    }
    try writer.write(batch)
    let error = #expect(throws: StoreError.self) {
      try DatabaseBackup.copy(path, to: copy) { _, _ in false }
    }
    #expect(error?.code == .interrupted)
    #expect(try files().allSatisfy { $0.hasPrefix("drops.db") })
  }

  @Test func `no file is replaced, nor a link that leads nowhere, nor a log that waits for its database`()
    throws
  {
    _ = try DropWriter(path: path, capture: .sample()).finish(at: threeTenNanoseconds)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: copy))
    for destination in [copy, path] {
      let error = #expect(throws: StoreError.self) { try DatabaseBackup.copy(path, to: destination) }
      #expect(error?.code == .exists)
    }
    #expect(try bytes(copy) == Data("mine".utf8))
    let link = folder.file("link.db")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.file("nowhere"))
    #expect(throws: StoreError.self) { try DatabaseBackup.copy(path, to: link) }
    try Data().write(to: URL(fileURLWithPath: folder.file("other.db-wal")))
    #expect(throws: StoreError.self) { try DatabaseBackup.copy(path, to: folder.file("other.db")) }
    #expect(try files().allSatisfy { !$0.contains("partial") && $0 != "nowhere" && $0 != "other.db" })
  }

  @Test(.enabled(if: Mount.isPossible, "needs root to mount"))
  func `where there is no room nothing is left`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(5_000))
    let mount = try #require(try Mount(folder.file("small"), "size=128k"))
    let error = #expect(throws: StoreError.self) {
      try DatabaseBackup.copy(path, to: mount.path + "/copy.db")
    }
    #expect(error?.code == .full)
    #expect(try FileManager.default.contentsOfDirectory(atPath: mount.path) == [])
  }

  @Test func `an older version is copied as it is`() throws {
    let old = try #require(
      Bundle.module.url(forResource: "version-1", withExtension: "db", subdirectory: "Fixtures"))
    try FileManager.default.copyItem(at: old, to: URL(fileURLWithPath: path))
    try DatabaseBackup.copy(path, to: copy)
    let error = #expect(throws: StoreError.self) { _ = try DropReader(path: copy) }
    #expect(error?.code == .olderVersion)
    _ = try DropWriter(path: copy, capture: .sample()).finish(at: threeTenNanoseconds)
    #expect(try faults(of: copy) == [])
  }

  @Test func `another program's database, and no database, are not copied`() throws {
    try Data("no database".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: StoreError.self) { try DatabaseBackup.copy(path, to: copy) }
    #expect(throws: StoreError.self) { try DatabaseBackup.copy(folder.file("none"), to: copy) }
    #expect(try files() == ["drops.db"])
  }
}

/// A writer that closures share.
private final class Writing {
  var writer: DropWriter

  init(_ writer: consuming DropWriter) { self.writer = writer }
}

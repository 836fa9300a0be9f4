import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct HostileDatabaseTests {
  let folder: TemporaryFolder
  var path: String { folder.file("drops.db") }

  init() throws { folder = try TemporaryFolder() }

  private func sound() throws -> Data {
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(200))
    _ = try writer.finish(at: threeTenNanoseconds + 1)
    let data = try bytes(path)
    for suffix in ["-wal", "-shm"] { try FileManager.default.removeItem(atPath: path + suffix) }
    return data
  }

  /// Reads all there is, where errors are as good as answers.
  private func readEverything(_ path: String) -> Bool {
    do {
      _ = try? DatabaseCheck(path: path)
      _ = try? DatabaseInfo(reading: DropReader(path: path))
      for view in try ViewPage.views() { _ = try rows(path, "SELECT * FROM \(view)") }
      _ = try rows(path, "PRAGMA integrity_check")
      return true
    } catch {
      #expect(error is StoreError)
      return false
    }
  }

  @Test func `flipped bytes give errors or answers`() throws {
    let data = try sound()
    #expect(readEverything(path))
    let seed = UInt64.random(in: 1 ... .max)
    var generator = SeededGenerator(state: seed)
    var errors = 0
    let copy = folder.file("flipped.db")
    for round in 0..<400 {
      var damaged = data
      // The header and the schema page in turn, then anywhere.
      let range = round % 2 == 0 ? 0..<min(4096, data.count) : 0..<data.count
      for _ in 0..<(round % 8 + 1) {
        damaged[Int.random(in: range, using: &generator)] ^= UInt8(1) << UInt8(generator.next() % 8)
      }
      try damaged.write(to: URL(fileURLWithPath: copy))
      if !readEverything(copy) { errors += 1 }
      for suffix in ["-wal", "-shm", "-journal"] {
        try? FileManager.default.removeItem(atPath: copy + suffix)
      }
    }
    #expect(errors > 0, "seed \(seed)")
  }

  @Test func `what is saved of flipped bytes is a database, or an error`() throws {
    let data = try sound()
    let seed = UInt64.random(in: 1 ... .max)
    var generator = SeededGenerator(state: seed)
    var saves = 0
    let copy = folder.file("flipped.db")
    let saved = folder.file("saved.db")
    for _ in 0..<100 {
      var damaged = data
      for _ in 0..<4 {
        damaged[Int.random(in: 100..<data.count, using: &generator)] ^=
          UInt8(1) << UInt8(generator.next() % 8)
      }
      try damaged.write(to: URL(fileURLWithPath: copy))
      do {
        _ = try DatabaseSalvage(copy, into: saved)
        saves += 1
        // Flipped contents may contradict each other; the file is whole.
        let check = try DatabaseCheck(path: saved)
        #expect(
          !check.findings.contains { $0.subject == .integrity || $0.subject == .schema }, "seed \(seed)")
        _ = readEverything(saved)
        try FileManager.default.removeItem(atPath: saved)
      } catch {
        #expect(error is StoreError, "seed \(seed): \(error)")
      }
    }
    #expect(saves > 0, "seed \(seed)")
  }

  @Test func `a capture into a flipped file is refused or goes on, and does not crash`() throws {
    let data = try sound()
    let seed = UInt64.random(in: 1 ... .max)
    var generator = SeededGenerator(state: seed)
    let copy = folder.file("flipped.db")
    var refusals = 0
    for _ in 0..<100 {
      var damaged = data
      for _ in 0..<8 {
        damaged[Int.random(in: 100..<data.count, using: &generator)] ^=
          UInt8(1) << UInt8(generator.next() % 8)
      }
      try damaged.write(to: URL(fileURLWithPath: copy))
      do {
        var writer = try DropWriter(path: copy, capture: .sample())
        try writer.write(.sample(50, from: 500))
        _ = try writer.finish(at: threeTenNanoseconds)
      } catch {
        refusals += 1
      }
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) }
    }
    #expect(refusals > 0, "seed \(seed)")
  }

  @Test func `a log with flipped bytes ends where they are`() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      var writer = try DropWriter(path: path, capture: .sample())
      for first in 0..<10 { try writer.write(.sample(20, from: first * 20)) }
      kill(getpid(), SIGKILL)
    }
    let files = try ["", "-wal"].map { try bytes(path + $0) }
    let seed = UInt64.random(in: 1 ... .max)
    var generator = SeededGenerator(state: seed)
    let copy = folder.file("flipped.db")
    for _ in 0..<60 {
      var log = files[1]
      log[Int.random(in: 0..<log.count, using: &generator)] ^= UInt8(1) << UInt8(generator.next() % 8)
      try files[0].write(to: URL(fileURLWithPath: copy))
      try log.write(to: URL(fileURLWithPath: copy + "-wal"))
      // An older state of it, or a file without tables, and never a damaged one.
      do {
        #expect(try faults(of: copy) == [], "seed \(seed)")
      } catch let error as StoreError {
        #expect(error.code == .foreignDatabase, "seed \(seed): \(error)")
      }
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) }
    }
  }

  @Test func `a file cut short gives errors or answers`() throws {
    let data = try sound()
    let copy = folder.file("cut.db")
    for length in stride(from: 0, to: data.count, by: 1777) {
      try data.prefix(length).write(to: URL(fileURLWithPath: copy))
      _ = readEverything(copy)
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) }
    }
    #expect(throws: StoreError.self) {
      try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: copy))
      _ = try rows(copy, "SELECT * FROM drops JOIN tallies")
    }
  }

  @Test func `views and triggers made to harm do nothing`() throws {
    _ = try sound()
    let shell = try #require(Shell.sqlite, "sqlite3 is not installed")
    let made = try shell.run([
      path, "DROP VIEW drops; CREATE VIEW drops AS SELECT load_extension('/tmp/evil') AS time",
      "CREATE VIEW other AS SELECT * FROM pragma_user_version",
    ])
    try #require(made.status == 0, "\(made.errors)")
    let error = #expect(throws: StoreError.self) { _ = try rows(path, "SELECT * FROM drops") }
    #expect(error?.message.contains("load_extension") == true)
  }
}

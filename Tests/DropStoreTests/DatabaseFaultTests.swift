import DropEvents
import DropStore
import Foundation
import Testing

/// What a user meets: the wrong file, no permission, no room.
///
/// Nothing is damaged by any of it.
@Suite struct DatabaseFaultTests {
  let folder: TemporaryFolder
  var path: String { folder.file("drops.db") }

  init() throws { folder = try TemporaryFolder() }

  /// The error of opening to read, and to write.
  private func read(_ path: String) -> StoreError? {
    #expect(throws: StoreError.self) { _ = try DropReader(path: path) }
  }

  private func write(_ path: String) -> StoreError? {
    #expect(throws: StoreError.self) { _ = try DropWriter(path: path, capture: .sample()) }
  }

  /// Makes a database with the stock client.
  private func make(_ commands: String...) throws {
    let shell = try #require(Shell.sqlite, "sqlite3 is not installed")
    let result = try shell.run([path] + commands)
    try #require(result.status == 0, "\(result.errors)")
  }

  @Test func `there is no such file`() {
    #expect(read(path)?.code == .notFound)
    #expect(
      read(path)?.description == "\(path): there is no such file; check the path, or run a capture first")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `there is no such folder`() {
    #expect(write(folder.file("none/drops.db"))?.code == .notFound)
    #expect(
      write(folder.file("none/drops.db"))?.message == "its folder does not exist; create it or choose another"
    )
    #expect(read(folder.file("none/drops.db"))?.code == .notFound)
  }

  @Test func `the path is a folder, or no file at all`() {
    #expect(read(folder.path)?.code == .notADatabase)
    #expect(write(folder.path)?.code == .notADatabase)
    #expect(read("/dev/null")?.code == .notADatabase)
    #expect(write("/dev/null")?.code == .notADatabase)
    #expect(read("")?.code == .notFound)
    #expect(write("")?.code == .notFound)
  }

  @Test(arguments: ["short", String(repeating: "some text that is no database\n", count: 1000)])
  func `the file is no database`(text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    #expect(read(path)?.code == .notADatabase)
    #expect(write(path)?.code == .notADatabase)
    #expect(try bytes(path) == Data(text.utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["drops.db"])
  }

  @Test(arguments: [
    "CREATE TABLE t (x); INSERT INTO t VALUES (1)", "PRAGMA application_id = 5; PRAGMA user_version = 1",
    "PRAGMA application_id = 1685221232; CREATE TABLE t (x)",
    "PRAGMA journal_mode = WAL; CREATE TABLE event (time)", "PRAGMA user_version = 1",
  ])
  func `the database is another program's`(sql: String) throws {
    try make(sql)
    let before = try bytes(path)
    #expect(read(path)?.code == .foreignDatabase)
    #expect(write(path)?.code == .foreignDatabase)
    #expect(try bytes(path) == before)
  }

  @Test func `the log of another program's database stays where it is`() throws {
    try make(
      "PRAGMA journal_mode = WAL; CREATE TABLE t (x)", ".dbconfig no_ckpt_on_close on",
      "INSERT INTO t VALUES (1)")
    let files = ["", "-wal"].map { path + $0 }
    let before = try files.map(bytes)
    try #require(!before[1].isEmpty)
    #expect(write(path)?.code == .foreignDatabase)
    #expect(try files.map(bytes) == before)
  }

  @Test func `the database is empty, which a capture may fill and nobody read`() throws {
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(read(path)?.code == .foreignDatabase)
    let writer = try DropWriter(path: path, capture: .sample())
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try rows(path, "SELECT count(*) FROM captures") == [[.integer(1)]])
  }

  @Test func `the database is of a newer version`() throws {
    _ = try DropWriter(path: path, capture: .sample()).finish(at: threeTenNanoseconds)
    try make("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)")
    let before = try bytes(path)
    #expect(read(path)?.code == .newerVersion)
    #expect(write(path)?.code == .newerVersion)
    #expect(write(path)?.message.contains("version 99 and this dropdb knows up to 4") == true)
    #expect(try bytes(path) == before)
  }

  @Test func `another capture writes into it`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    let locks = try locksOfSQLite()
    try #require(!locks.isEmpty)
    let error = write(path)
    #expect(error?.code == .busy)
    #expect(error?.message.contains("process \(getpid()) is capturing into this database") == true)
    let link = folder.file("link.db")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(write(link)?.code == .busy)
    // The refused, opening and closing the file, would have taken away the locks of the first.
    #expect(try locksOfSQLite() == locks)
    try writer.write(.sample(3))
    _ = try writer.finish(at: threeTenNanoseconds)
    _ = try DropWriter(path: path, capture: .sample()).finish(at: threeTenNanoseconds)
    #expect(try faults(of: path) == [])
  }

  /// The locks that SQLite has on the file itself.
  private func locksOfSQLite() throws -> [String] {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    let inode = try #require(attributes[.systemFileNumber] as? Int)
    return try String(contentsOfFile: "/proc/locks", encoding: .utf8).split(separator: "\n").filter {
      $0.contains("POSIX") && $0.contains(":\(inode) ")
    }.map { String($0.drop { $0 != " " }) }
  }

  @Test func `another process captures into it, and is named`() async throws {
    let writer = try DropWriter(path: path, capture: .sample())
    await #expect(processExitsWith: .success) { [path = path as String, pid = getpid() as Int32] in
      let error = #expect(throws: StoreError.self) { _ = try DropWriter(path: path, capture: .sample()) }
      #expect(error?.code == .busy)
      #expect(error?.message.contains("process \(pid) is capturing") == true)
    }
    _ = try writer.finish(at: threeTenNanoseconds)
  }

  @Test func `a shell has it locked`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    let shell = try #require(Shell.sqlite, "sqlite3 is not installed")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: shell.program)
    process.arguments = ["-interactive", path]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    input.fileHandleForWriting.write(Data("BEGIN IMMEDIATE; SELECT 'loc' || 'ked';\n".utf8))
    var text = ""
    while !text.contains("locked") {
      let data = output.fileHandleForReading.availableData
      try #require(!data.isEmpty)
      text += String(decoding: data, as: UTF8.self)
    }
    let error = #expect(throws: StoreError.self) { try writer.write(.sample(3)) }
    #expect(error?.code == .busy)
    input.fileHandleForWriting.write(Data("ROLLBACK;\n.quit\n".utf8))
    process.waitUntilExit()
    try writer.write(.sample(3))
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(3)]])
    #expect(try faults(of: path) == [])
  }

  @Test(.enabled(if: getuid() == 0, "needs root to become somebody else"))
  func `permission is denied`() async throws {
    _ = try DropWriter(path: path, capture: .sample()).finish(at: threeTenNanoseconds)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let before = try bytes(path)
    await #expect(processExitsWith: .success) {
      [path = path as String, new = folder.file("new.db") as String] in
      try #require(becomeNobody())
      #expect(throws: StoreError.self) { _ = try DropReader(path: path) }
      for path in [path, new] {
        let error = #expect(throws: StoreError.self) { _ = try DropWriter(path: path, capture: .sample()) }
        #expect(error?.code == .permission)
        #expect(error?.message.hasPrefix("permission denied") == true)
      }
      let error = #expect(throws: StoreError.self) { _ = try DropReader(path: path) }
      #expect(error?.code == .permission)
    }
    #expect(try bytes(path) == before)
  }

  @Test(.enabled(if: Mount.isPossible, "needs root to mount"))
  func `the file system is full`() throws {
    let mount = try #require(try Mount(folder.file("small"), "size=512k"))
    let path = mount.path + "/drops.db"
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(10))
    var stored = 10
    var failure: StoreError?
    for _ in 0..<1_000 {
      do {
        try writer.write(.sample(100, from: stored))
        stored += 100
      } catch {
        failure = error
        break
      }
    }
    #expect(failure?.code == .full)
    #expect(failure?.message == "the file system is full; make room or move the database")
    #expect(writer.totals.recorded == UInt64(stored))
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(Int64(stored))]])
    #expect(try faults(of: path) == [])
    // With room again it goes on, and everything fits together.
    try mount.remount("size=8m")
    try writer.write(.sample(100, from: stored))
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(Int64(stored) + 100)]])
    #expect(try faults(of: path) == [])
    _ = try writer.finish(at: threeTenNanoseconds)
  }

  @Test(.enabled(if: Mount.isPossible, "needs root to mount"))
  func `there is not even room for an empty database, and nothing of it stays`() throws {
    // From no room for a page to room for nearly all tables.
    for size in stride(from: 4, through: 96, by: 8) {
      let mount = try #require(try Mount(folder.file("tiny-\(size)"), "size=\(size)k"))
      let path = mount.path + "/drops.db"
      let failure: StoreError?
      do throws(StoreError) {
        _ = try DropWriter(path: path, capture: .sample())
        failure = nil
      } catch {
        failure = error
      }
      #expect(failure?.code == .full, "\(size) KiB")
      #expect(try FileManager.default.contentsOfDirectory(atPath: mount.path) == [], "\(size) KiB")
      try mount.remount("size=8m")
      _ = try DropWriter(path: path, capture: .sample()).finish(at: threeTenNanoseconds)
      #expect(try faults(of: path) == [])
    }
  }

  @Test(.enabled(if: Mount.isPossible, "needs root to mount"))
  func `an empty file that was there stays where there is no room, and can be used later`() throws {
    let mount = try #require(try Mount(folder.file("tiny"), "size=16k"))
    let path = mount.path + "/drops.db"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(write(path)?.code == .full)
    #expect(FileManager.default.fileExists(atPath: path))
    try mount.remount("size=8m")
    _ = try DropWriter(path: path, capture: .sample()).finish(at: threeTenNanoseconds)
    #expect(try faults(of: path) == [])
  }

  @Test(.enabled(if: Mount.isPossible, "needs root to mount"))
  func `the file system is read-only: it can be read and not written`() throws {
    let mount = try #require(try Mount(folder.file("disc"), "size=8m"))
    let path = mount.path + "/drops.db"
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(10))
    _ = try writer.finish(at: threeTenNanoseconds)
    // As it is after the end, and as a copy of the file alone.
    let copy = mount.path + "/odd name?#%.db"
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    try mount.remount("ro")
    for path in [path, copy] {
      #expect(write(path)?.code == .readOnly)
      #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(10)]])
    }
    #expect(write(mount.path + "/new.db")?.code == .readOnly)
  }
}

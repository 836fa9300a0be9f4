import DropEvents
import DropStore
import Foundation
import Testing

@testable import dropdb

/// A capture that goes on while its database cannot be written to.
@Suite struct PatientWriterTests {
  private static let start: Int64 = 1_795_144_200

  /// A clock that only the test moves, and what was said.
  private final class Watch {
    var now = ContinuousClock.now
    var said: [String] = []
  }

  private final class Folder {
    let path = FileManager.default.temporaryDirectory.path + "/dropdb-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private static func writer(_ path: String, _ watch: Watch, eventLimit: Int = 1 << 16) throws
    -> PatientWriter
  {
    let writer = try DropWriter(
      path: path,
      capture: CaptureDescription(
        host: HostIdentity(name: "web1", machineID: nil), bootID: "boot-1",
        kernel: KernelIdentity(release: "6.12", version: "#1", machine: "x86_64", btfHash: nil), reasons: [],
        subsystems: [], options: "{}", program: "dropdb test", pid: 1, start: start * 1_000_000_000))
    return PatientWriter(
      writer, eventLimit: eventLimit, clock: { watch.now }, tell: { watch.said.append($0) })
  }

  /// Drops with flows of their own, from so many seconds after the start.
  private static func batch(_ count: Int, second: Int) -> DropBatch {
    var batch = DropBatch()
    let site = DropSite(reason: 3, location: 0x1000)
    for index in 0..<count {
      var flow = Flow()
      flow.source = IPAddress(v4: UInt32(second * 1_000 + index))
      batch.events.append(
        DropEvent(
          time: (start + Int64(second)) * 1_000_000_000 + Int64(index), site: site, flow: flow, length: 100))
    }
    batch.tallies = [
      DropTally(
        site: site, minute: (start + Int64(second)) / 60 * 60, packets: UInt64(count + 1), bytes: 100)
    ]
    batch.losses = [DropLoss(cause: .ringFull, second: start + Int64(second), packets: 1)]
    return batch
  }

  private static func numbers(_ path: String, _ sql: String) throws -> [Int64] {
    var query = try DropReader(path: path).prepare(sql)
    return try query.next()?.map { if case .integer(let number) = $0 { number } else { -1 } } ?? []
  }

  @Test func `what stands of a batch that a reader stopped midway is not stored again`() throws {
    let folder = try Folder()
    let path = folder.path + "/drops.db"
    let watch = Watch()
    let writer = try DropWriter(
      path: path,
      capture: CaptureDescription(
        host: HostIdentity(name: "web1", machineID: nil), bootID: "boot-1",
        kernel: KernelIdentity(release: "6.12", version: "#1", machine: "x86_64", btfHash: nil), reasons: [],
        subsystems: [], options: "{}", program: "dropdb test", pid: 1, start: Self.start * 1_000_000_000),
      logLimit: 1 << 20, newFlows: 100)
    var patient = PatientWriter(
      writer, eventLimit: 1 << 16, clock: { watch.now }, tell: { watch.said.append($0) })
    let count = 20_000
    do {
      let reader = try DropReader(path: path)
      var query = try reader.prepare("SELECT name FROM sqlite_schema")
      #expect(try query.next() != nil)
      try patient.write(Self.batch(count, second: 1))
      let waiting = patient.waiting?.events ?? 0
      #expect(waiting > 0 && waiting < count, "\(waiting)")
      #expect(try Self.numbers(path, "SELECT count(*) FROM event") == [Int64(count - waiting)])
      #expect(try Self.numbers(path, "SELECT sum(packets) FROM tally") == [Int64(count + 1)])
      // And again, with more behind it.
      watch.now += .seconds(2)
      try patient.write(Self.batch(500, second: 30))
      let still = patient.waiting?.events
      #expect(still == waiting + 500)
    }
    watch.now += .seconds(2)
    try patient.write(DropBatch())
    let isWaiting = patient.waiting != nil
    #expect(!isWaiting)
    _ = try patient.finish(at: (Self.start + 60) * 1_000_000_000)
    #expect(try Self.numbers(path, "SELECT count(*) FROM event") == [Int64(count + 500)])
    #expect(
      try Self.numbers(path, "SELECT sum(packets), sum(recorded) FROM tally")
        == [Int64(count + 502), Int64(count + 500)])
    #expect(try Self.numbers(path, "SELECT sum(packets) FROM loss") == [2])
  }

  /// Makes the stock client hold a lock for as long as this lives.
  private final class Lock {
    private let process = Process()
    private let input = Pipe()

    init(_ path: String) throws {
      process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
      process.arguments = ["-interactive", path]
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
    }

    func release() {
      input.fileHandleForWriting.write(Data("ROLLBACK;\n.quit\n".utf8))
      process.waitUntilExit()
    }
  }

  @Test(
    "While another has it locked nothing is lost, it is said once a minute, and all of it is stored afterwards",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3"), "sqlite3 is not installed")
  )
  func locked() throws {
    let folder = try Folder()
    let path = folder.path + "/drops.db"
    let watch = Watch()
    var writer = try Self.writer(path, watch)
    try writer.write(Self.batch(10, second: 0))
    let lock = try Lock(path)
    var second = 1
    try writer.write(Self.batch(10, second: second))
    #expect(watch.said.count == 1)
    #expect(watch.said[0].contains("locked") && watch.said[0].contains("10 recorded there"), "\(watch.said)")
    // Quarter by quarter of a second, without trying each time.
    for _ in 0..<3 {
      watch.now += .milliseconds(250)
      second += 1
      try writer.write(Self.batch(10, second: second))
    }
    #expect(watch.said.count == 1)
    watch.now += .seconds(60)
    second += 1
    try writer.write(Self.batch(10, second: second))
    #expect(watch.said.count == 2)
    #expect(watch.said.last?.contains("for 60 s now") == true, "\(watch.said)")
    #expect(writer.totals.recorded == 10)
    #expect(try Self.numbers(path, "SELECT count(*) FROM drops") == [10])
    lock.release()
    watch.now += .seconds(1)
    second += 1
    try writer.write(Self.batch(10, second: second))
    #expect(watch.said.count == 3)
    #expect(watch.said.last?.contains("can be written to again") == true, "\(watch.said)")
    try writer.write(Self.batch(10, second: second + 1))
    let totals = try writer.finish(at: (Self.start + 100) * 1_000_000_000)
    #expect(totals.recorded == UInt64((second + 2) * 10) && totals.counted == UInt64((second + 2) * 11))
    #expect(totals.lost == [.ringFull: UInt64(second + 2)])
    #expect(try DatabaseCheck(path: path).isSound)
    #expect(
      try Self.numbers(path, "SELECT count(*), count(symbol) FROM drops") == [Int64(second + 2) * 10, 0])
  }

  /// If each try waited for two seconds, as the first does, this would take two minutes.
  @Test(
    "While another has it locked the ring is emptied, and what cannot be held is counted as not stored",
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3"), "sqlite3 is not installed")
  )
  func lockedForLong() throws {
    let folder = try Folder()
    let path = folder.path + "/drops.db"
    let watch = Watch()
    var writer = try Self.writer(path, watch, eventLimit: 100)
    let lock = try Lock(path)
    for second in 0..<60 {
      try writer.write(Self.batch(10, second: second))
      watch.now += .seconds(1)
    }
    #expect(writer.totals.recorded == 0)
    lock.release()
    try writer.write(Self.batch(10, second: 60))
    let totals = try writer.finish(at: (Self.start + 100) * 1_000_000_000)
    // One more was counted each second, and lost in the ring.
    #expect(totals.counted == 61 * 11)
    #expect(totals.recorded == 100)
    #expect(totals.lost == [.ringFull: 61, .notStored: 51 * 10])
    #expect(
      try Self.numbers(path, "SELECT count(*), sum(packets) FROM losses WHERE cause = 'not_stored'")
        == [51, 510])
    #expect(
      try Self.numbers(path, "SELECT sum(packets), sum(recorded) FROM tallies") == [61 * 11, 100])
    #expect(try DatabaseCheck(path: path).isSound)
  }

  @Test(
    "A full disk costs detail and no count, and the gap is in the file",
    .enabled(if: getuid() == 0, "needs root to mount"))
  func full() throws {
    let folder = try Folder()
    let mount = try DropDBProcess.run(
      "/bin/mount", ["-t", "tmpfs", "-o", "size=640k", "tmpfs", folder.path], environment: [:])
    try #require(mount.status == 0, "\(mount.error)")
    defer { _ = try? DropDBProcess.run("/bin/umount", ["-l", folder.path], environment: [:]) }
    let path = folder.path + "/drops.db"
    let watch = Watch()
    var writer = try Self.writer(path, watch, eventLimit: 1_000)
    var second = 0
    var counted: UInt64 = 0
    func write(_ writer: inout PatientWriter) throws {
      try writer.write(Self.batch(200, second: second))
      counted += 201
      second += 1
      watch.now += .seconds(1)
    }
    while watch.said.isEmpty {
      try write(&writer)
      try #require(second < 1_000)
    }
    #expect(watch.said[0].contains("file system is full"), "\(watch.said)")
    let stored = writer.totals.recorded
    #expect(stored > 0 && stored == UInt64(second - 1) * 200)
    for _ in 0..<130 { try write(&writer) }
    // At once, and after one and two minutes.
    #expect(watch.said.count == 3, "\(watch.said)")
    #expect(watch.said[1].contains("could not be kept"))
    // No committed row is lost, and what is there agrees with itself.
    #expect(try Self.numbers(path, "SELECT count(*) FROM drops")[0] >= Int64(stored))
    #expect(try DatabaseCheck(path: path).isSound)

    let room = try DropDBProcess.run(
      "/bin/mount", ["-o", "remount,size=16m", folder.path], environment: [:])
    try #require(room.status == 0, "\(room.error)")
    try write(&writer)
    #expect(watch.said.count == 4)
    #expect(watch.said.last?.contains("can be written to again") == true, "\(watch.said)")
    try write(&writer)
    let totals = try writer.finish(at: (Self.start + 1_000) * 1_000_000_000)
    #expect(totals.counted == counted)
    let lost = try #require(totals.lost[.notStored])
    #expect(lost > 0 && totals.recorded + lost + UInt64(second) == counted)
    let sums = try Self.numbers(
      path,
      """
      SELECT (SELECT count(*) FROM drops), (SELECT sum(packets) FROM tallies), (SELECT sum(recorded) FROM tallies),
        (SELECT sum(packets) FROM losses WHERE cause = 'not_stored'), (SELECT lost FROM captures),
        (SELECT count(*) FROM losses WHERE cause = 'not_stored')
      """)
    #expect(
      sums.dropLast() == [
        Int64(totals.recorded), Int64(counted), Int64(totals.recorded), Int64(lost),
        Int64(lost) + Int64(second),
      ])
    // By the second.
    #expect(sums.last ?? 0 > 100)
    #expect(try DatabaseCheck(path: path).isSound)
  }

  @Test(
    "A disk that stays full until the end is an error, and what was stored stands",
    .enabled(if: getuid() == 0, "needs root to mount"))
  func fullToTheEnd() throws {
    let folder = try Folder()
    let mount = try DropDBProcess.run(
      "/bin/mount", ["-t", "tmpfs", "-o", "size=640k", "tmpfs", folder.path], environment: [:])
    try #require(mount.status == 0, "\(mount.error)")
    defer { _ = try? DropDBProcess.run("/bin/umount", ["-l", folder.path], environment: [:]) }
    let path = folder.path + "/drops.db"
    let watch = Watch()
    var writer = try Self.writer(path, watch)
    var second = 0
    while watch.said.isEmpty {
      try writer.write(Self.batch(200, second: second))
      second += 1
    }
    let stored = writer.totals.recorded
    do {
      _ = try writer.finish(at: (Self.start + 1_000) * 1_000_000_000)
      Issue.record("it did not fail")
    } catch {
      #expect(error.code == .full)
    }
    #expect(try Self.numbers(path, "SELECT count(*) FROM drops") == [Int64(stored)])
    #expect(try DatabaseCheck(path: path).isSound)
  }

  /// A script that makes a file system in a file, and says the name of its device; nothing where that cannot be.
  private static let makeDisk = """
    set -e
    PATH=$PATH:/usr/sbin:/sbin
    truncate -s 16M "$0.image"
    mkfs.ext4 -q "$0.image"
    mount -o loop,errors=remount-ro "$0.image" "$0"
    device=$(basename "$(findmnt -no SOURCE "$0")")
    test -w "/sys/fs/ext4/$device/trigger_fs_error"
    echo "$device"
    """

  @Test(
    "A file system that becomes read-only costs what comes then, which is told, and nothing of before",
    .enabled(if: getuid() == 0, "needs root to mount"))
  func readOnlyMeanwhile() throws {
    let folder = try Folder()
    defer {
      _ = try? DropDBProcess.run("/bin/umount", ["-l", folder.path], environment: [:])
      try? FileManager.default.removeItem(atPath: folder.path + ".image")
    }
    let made = try DropDBProcess.run("/bin/sh", ["-c", Self.makeDisk, folder.path], environment: [:])
    let device = made.text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard made.status == 0 else {
      try Test.cancel("no ext4 can be mounted from a file here: \(made.error)")
    }
    let path = folder.path + "/drops.db"
    let watch = Watch()
    var writer = try Self.writer(path, watch)
    try writer.write(Self.batch(10, second: 0))
    // What ext4 does when its disk fails.
    try Data("1\n".utf8).write(to: URL(fileURLWithPath: "/sys/fs/ext4/\(device)/trigger_fs_error"))
    for second in 1..<4 {
      try writer.write(Self.batch(10, second: second))
      watch.now += .seconds(60)
    }
    #expect(watch.said.count == 3, "\(watch.said)")
    #expect(watch.said.last?.contains("30 recorded there") == true, "\(watch.said)")
    #expect(writer.totals.recorded == 10 && writer.totals.counted == 11)
    #expect(try Self.numbers(path, "SELECT count(*) FROM drops") == [10])
    do {
      _ = try writer.finish(at: (Self.start + 100) * 1_000_000_000)
      Issue.record("it did not fail")
    } catch {
      #expect(error.code == .io || error.code == .readOnly, "\(error)")
    }
    #expect(try Self.numbers(path, "SELECT count(*), sum(length) FROM drops") == [10, 1_000])
    #expect(try DatabaseCheck(path: path).isSound)
  }

  @Test("What no waiting mends ends it")
  func replaced() throws {
    let folder = try Folder()
    let path = folder.path + "/drops.db"
    let watch = Watch()
    var writer = try Self.writer(path, watch)
    try writer.write(Self.batch(10, second: 0))
    try FileManager.default.removeItem(atPath: path)
    do {
      try writer.write(Self.batch(10, second: 1))
      Issue.record("it did not fail")
    } catch {
      #expect(error.code == .replaced)
    }
    #expect(watch.said.isEmpty)
  }
}

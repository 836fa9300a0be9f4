import CPowerCut
import DropEvents
import DropStore
import Foundation
import Testing

/// What deletes, adds, copies or migrates is killed in the middle, and done once more.
///
/// The kill comes after a number of writes and syncs, spread over all that the work has: 20 times each, or as
/// often as `DROPDB_KILLS` says.
@Suite struct KilledWhileKeepingTests {
  private static let rounds = KilledWriterTests.rounds
  private static let hour: Int64 = 3_600_000_000_000

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: What is done

  enum Work: String, CaseIterable, Codable {
    case retention, prune, pruneToSize, merge, backup, migrationFrom1, migrationFrom2, migrationFrom4

    /// Does all of it in a folder.
    func run(in folder: String) throws {
      let path = folder + "/drops.db"
      switch self {
      case .retention:
        // A storm into a small file, which is full soon.
        var writer = try DropWriter(
          path: path, capture: .sample(), retention: RetentionPolicy(size: KilledWhileKeepingTests.smallSize),
          remembered: 64)
        for number in 0..<KilledWhileKeepingTests.batches {
          try writer.write(KilledWriterTests.batch(number))
          try Data("\(number + 1)".utf8).write(to: URL(fileURLWithPath: folder + "/acknowledged"))
        }
        _ = try writer.finish(at: threeTenNanoseconds + KilledWhileKeepingTests.hour)
      case .prune:
        _ = try DropPruner.prune(
          path: path,
          DropPruner.Request(
            before: threeTenNanoseconds + KilledWhileKeepingTests.hour,
            talliesBefore: threeTenNanoseconds - KilledWhileKeepingTests.hour / 60 * 10))
      case .pruneToSize:
        _ = try DropPruner.prune(path: path, DropPruner.Request(size: KilledWhileKeepingTests.smallSize))
      case .merge:
        for name in ["web1.db", "web2.db"] { _ = try DropMerger.merge(folder + "/" + name, into: path) }
      case .backup:
        let copy = folder + "/copy.db"
        // What is there is complete, and was what was wanted.
        if FileManager.default.fileExists(atPath: copy) { return }
        try DatabaseBackup.copy(path, to: copy)
      case .migrationFrom1, .migrationFrom2, .migrationFrom4:
        var writer = try DropWriter(path: path, capture: .sample(boot: "boot-3"))
        try writer.write(.sample(10))
        _ = try writer.finish(at: threeTenNanoseconds + KilledWhileKeepingTests.hour)
      }
    }
  }

  static let smallSize: Int64 = 1 << 20
  static let batches = 50

  /// Makes what the work begins with.
  private func prepare(_ work: Work) throws -> String {
    let template = folder.file("template")
    try FileManager.default.createDirectory(atPath: template, withIntermediateDirectories: true)
    let path = template + "/drops.db"
    switch work {
    case .retention: break
    case .prune, .backup: try makeHours(path, boot: "boot-1")
    case .pruneToSize:
      // A file that cannot shrink, which is written anew as a whole.
      try makeHours(path, boot: "boot-1", flows: 20_000)
      let shell = try #require(Shell.sqlite, "sqlite3 is not installed")
      let made = try shell.run([path, "PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = NONE; VACUUM"])
      try #require(made.status == 0, "\(made.errors)")
    case .merge:
      try makeHours(template + "/web1.db", boot: "boot-1")
      try makeHours(template + "/web2.db", boot: "boot-2")
    case .migrationFrom1, .migrationFrom2, .migrationFrom4:
      let name = "version-\(work.rawValue.suffix(1))"
      let fixture = try #require(
        Bundle.module.url(forResource: name, withExtension: "db", subdirectory: "Fixtures"))
      try FileManager.default.copyItem(at: fixture, to: URL(fileURLWithPath: path))
    }
    return template
  }

  /// Two hours of drops, one a second, every tenth of a flow of its own.
  private func makeHours(_ path: String, boot: String, flows: Int = 720) throws {
    var writer = try DropWriter(
      path: path, capture: .sample(boot: boot, host: HostIdentity(name: boot, machineID: nil)))
    let each = max(1, 7_200 / flows)
    let drops = flows * each
    for start in stride(from: 0, to: drops, by: 600) {
      var batch = DropBatch.sample(
        min(600, drops - start), from: start, spacing: 2 * Self.hour / Int64(drops))
      for index in stride(from: 0, to: batch.events.count, by: each) {
        batch.events[index].flow.destination = IPAddress(v4: UInt32(start + index))
      }
      batch.losses = [
        DropLoss(cause: .ringFull, second: batch.events[0].time / 1_000_000_000, packets: 2)
      ]
      batch.tallies[0].packets += 2
      try writer.write(batch)
    }
    _ = try writer.finish(at: threeTenNanoseconds + 2 * Self.hour)
  }

  // MARK: What must hold

  /// What an undisturbed run and one that was killed and done again have in common.
  private func outcome(_ work: Work, in folder: String) throws -> [[[SQLValue]]] {
    let path = folder + (work == .backup ? "/copy.db" : "/drops.db")
    let questions: [String] =
      switch work {
      case .retention: []
      case .migrationFrom1, .migrationFrom2, .migrationFrom4:
        ["SELECT * FROM drops WHERE boot <> 'boot-3'", "SELECT * FROM tallies WHERE boot <> 'boot-3'"]
      // How much goes at once depends on how far it had come.
      case .pruneToSize:
        ["SELECT sum(packets), sum(bytes), sum(recorded) FROM tallies", "SELECT sum(packets) FROM losses"]
      default:
        [
          "SELECT * FROM drops ORDER BY ts",
          "SELECT * FROM tallies ORDER BY host, ts, seconds, reason, location",
          "SELECT * FROM losses ORDER BY 1, 2, 3", "SELECT * FROM captures ORDER BY id",
          "SELECT count(*) FROM flow", "SELECT count(*) FROM site", "SELECT count(*) FROM task",
        ]
      }
    return try questions.map { try rows(path, $0) }
  }

  /// What is wrong with the files as the kill left them.
  private func damage(_ work: Work, in folder: String) throws -> [String] {
    let path = folder + "/drops.db"
    var databases: [String] = []
    switch work {
    case .backup:
      databases = [path]
      let copy = folder + "/copy.db"
      if FileManager.default.fileExists(atPath: copy) { databases.append(copy) }
    case .merge:
      databases = [folder + "/web1.db", folder + "/web2.db", path]
    default: databases = [path]
    }
    var found: [String] = []
    for database in databases where FileManager.default.fileExists(atPath: database) {
      // What is empty is anybody's; what is of an older version only its own program can check.
      let shell = try #require(Shell.sqlite, "sqlite3 is not installed")
      let asked = try shell.run([
        "-readonly", database, "PRAGMA user_version; PRAGMA integrity_check; PRAGMA foreign_key_check",
      ])
      let answer = asked.output.split(separator: "\n").map(String.init)
      let name = URL(fileURLWithPath: database).lastPathComponent
      if answer.dropFirst() != ["ok"] { found.append("\(name): \(answer) \(asked.errors)") }
      guard (try? DropReader(path: database)) != nil else { continue }
      found += try DatabaseCheck(path: database).findings.map { "\(name): \($0.text)" }
    }
    return found
  }

  // MARK: The test

  @Test(arguments: Work.allCases) func `what is killed in the middle is whole, and done again completes`(
    work: Work
  ) async throws {
    let template = try prepare(work)
    let undisturbed = folder.file("undisturbed")
    try FileManager.default.copyItem(atPath: template, toPath: undisturbed)
    await #expect(processExitsWith: .success) { [work = work as Work, folder = undisturbed as String] in
      let installed = unsafe CPowerCut_install("/dev/null", 0)
      try #require(installed == 0)
      try work.run(in: folder)
      try Data("\(CPowerCut_changes())".utf8).write(to: URL(fileURLWithPath: folder + "/changes"))
    }
    let changes = try #require(Int(String(contentsOfFile: undisturbed + "/changes", encoding: .utf8)))
    try #require(changes >= 10, "\(changes)")
    let expected = try outcome(work, in: undisturbed)
    // The samples of versions 2 and 4 contradict themselves from the beginning: they lost more than they counted.
    let known = try damage(work, in: undisturbed)
    if work != .migrationFrom2, work != .migrationFrom4 { try #require(known == [], "\(known)") }
    for round in 0..<Self.rounds {
      // From the first to the last, at places that differ from round to round.
      let moment = 1 + round * (changes - 1) / max(1, Self.rounds - 1)
      let killed = folder.file("killed-\(round)")
      try FileManager.default.copyItem(atPath: template, toPath: killed)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [work = work as Work, folder = killed as String, moment = moment as Int] in
        let installed = unsafe CPowerCut_install("/dev/null", 0)
        try #require(installed == 0)
        CPowerCut_kill_after(Int64(moment))
        try work.run(in: folder)
      }
      let place = "\(work.rawValue), after change \(moment) of \(changes)"
      let left = try damage(work, in: killed).filter { !known.contains($0) }
      #expect(left == [], "\(place)")
      if work == .retention { try checkAcknowledged(killed, place) }
      try work.run(in: killed)
      let done = try damage(work, in: killed).filter { !known.contains($0) }
      #expect(done == [], "\(place), done again")
      // What only the killed one needed is not there any more.
      let remains = try FileManager.default.contentsOfDirectory(atPath: killed).filter {
        $0.contains("partial")
      }
      #expect(remains == [], "\(place)")
      let again = try outcome(work, in: killed)
      #expect(again == expected, "\(place)")
      try FileManager.default.removeItem(atPath: killed)
    }
  }

  /// Of what was acknowledged, the newest is there, and all was counted.
  private func checkAcknowledged(_ folder: String, _ place: String) throws {
    let text = (try? String(contentsOfFile: folder + "/acknowledged", encoding: .utf8)) ?? ""
    guard let batches = Int64(text) else { return }
    let count = batches * 500
    let found = try rows(
      folder + "/drops.db", "SELECT sum(recorded), (SELECT max(ts) FROM drops) FROM tallies")[0]
    guard case .integer(let recorded) = found[0], case .integer(let last) = found[1] else {
      Issue.record("\(place): \(found)")
      return
    }
    #expect(recorded == count || recorded == count + 500, "\(place)")
    #expect(last == threeTenNanoseconds + (recorded - 1) * 1_000, "\(place)")
  }
}

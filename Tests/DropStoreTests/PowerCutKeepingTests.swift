import CPowerCut
import DropEvents
import DropStore
import Foundation
import Testing

/// A disk without power, as in ``PowerCutTests``, while events are deleted and while databases are merged.
@Suite struct PowerCutKeepingTests {
  private static let cuts = 60
  private static let batches = 90
  private static let drops = 400
  private static let size: Int64 = 2 << 20

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Drops of flows that do not come again, so that flows go as events do.
  private static func batch(_ number: Int) -> DropBatch {
    var batch = DropBatch.sample(drops, from: number * drops)
    for index in batch.events.indices {
      let flow = UInt32(number * drops + index) &* 2_654_435_761
      batch.events[index].flow.destination = IPAddress(v4: flow)
    }
    return batch
  }

  /// Cuts the power at moments chosen by chance, and looks at what is there afterwards.
  ///
  /// - Returns: what was wrong, and how many cuts took or tore something.
  private func play(
    _ journal: DiskJournal, seed: UInt64, _ look: (_ path: String, _ promised: Int64) throws -> [String]
  ) throws -> (faults: [String], damaged: Int) {
    var generator = SeededGenerator(state: seed)
    var found: [String] = []
    var damaged = 0
    for cut in 0..<Self.cuts {
      let path = folder.file("cut-\(cut).db")
      let moment = Int.random(in: 0...journal.entries.count, using: &generator)
      let (promised, isDamaged) = try journal.restore(at: moment, to: path, using: &generator)
      if isDamaged { damaged += 1 }
      do {
        found += try look(path, promised).map { "cut \(cut) at \(moment): \($0)" }
      } catch {
        found.append("cut \(cut) at \(moment): \(error)")
      }
      for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
    return (found, damaged)
  }

  @Test func `what is deleted and what is written then stand together`() async throws {
    let database = folder.file("written.db")
    let file = folder.file("journal")
    await #expect(processExitsWith: .success) { [database = database as String, file = file as String] in
      let installed = unsafe CPowerCut_install(file, 0)
      try #require(installed == 0)
      var writer = try DropWriter(
        path: database, capture: .sample(), retention: RetentionPolicy(size: PowerCutKeepingTests.size),
        remembered: 64)
      for number in 0..<PowerCutKeepingTests.batches {
        try writer.write(PowerCutKeepingTests.batch(number))
        try #require(CPowerCut_promise(Int64((number + 1) * PowerCutKeepingTests.drops)) == 0)
      }
      _ = try writer.finish(at: threeTenNanoseconds + 1)
    }
    // Much went, and tallies stayed.
    let kept = try rows(database, "SELECT count(*) FROM event")[0][0]
    guard case .integer(let count) = kept, count < Int64(Self.batches * Self.drops * 3 / 4) else {
      Issue.record("\(kept) are left")
      return
    }
    let journal = try DiskJournal(file, of: database)
    try #require(journal.checkpoints > 1)
    let seed = UInt64.random(in: 1 ... .max)
    let outcome = try play(journal, seed: seed) { path, promised in
      // As after the next start: the log is taken in, and deleting goes on.
      var writer = try DropWriter(
        path: path, capture: .sample(boot: "boot-2"), retention: RetentionPolicy(size: Self.size))
      var found = try DatabaseCheck(path: path).findings.map(\.text)
      let row = try rows(path, "SELECT ifnull(sum(recorded), 0), (SELECT max(ts) FROM drops) FROM tallies")[0]
      if case .integer(let recorded) = row[0] {
        if recorded < promised { found.append("\(promised) were promised, \(recorded) are there") }
        if recorded % Int64(Self.drops) != 0 { found.append("half a batch") }
        if recorded > 0, row[1] != .integer(threeTenNanoseconds + (recorded - 1) * 1_000) {
          found.append("the last of \(recorded) is \(row[1])")
        }
      }
      for number in 0..<3 { try writer.write(Self.batch(1_000 + number)) }
      _ = try writer.finish(at: threeTenNanoseconds + 2)
      found += try faults(of: path).filter { $0 != "events and tallies differ" }
      return try found + DatabaseCheck(path: path).findings.map(\.text)
    }
    #expect(outcome.faults == [], "seed \(seed)")
    #expect(outcome.damaged > Self.cuts / 4)
  }

  @Test func `a merge is there as a whole or not at all, and done again it is there`() async throws {
    let database = folder.file("merged.db")
    let file = folder.file("journal")
    let sources = try ["boot-1", "boot-2"].map { boot in
      let path = folder.file("\(boot).db")
      var writer = try DropWriter(
        path: path, capture: .sample(boot: boot, host: HostIdentity(name: boot, machineID: nil)))
      for number in 0..<5 { try writer.write(Self.batch(number)) }
      _ = try writer.finish(at: threeTenNanoseconds + 1_000_000_000)
      return path
    }
    await #expect(processExitsWith: .success) {
      [database = database as String, file = file as String, sources = sources as [String]] in
      let installed = unsafe CPowerCut_install(file, 0)
      try #require(installed == 0)
      for (index, source) in sources.enumerated() {
        _ = try DropMerger.merge(source, into: database)
        try #require(CPowerCut_promise(Int64((index + 1) * 5 * PowerCutKeepingTests.drops)) == 0)
      }
    }
    let question = "SELECT * FROM drops ORDER BY host, ts"
    let expected = try rows(database, question)
    try #require(expected.count == 10 * Self.drops)
    let journal = try DiskJournal(file, of: database)
    let seed = UInt64.random(in: 1 ... .max)
    let outcome = try play(journal, seed: seed) { path, promised in
      // Before the tables were made it is a file without any, or none.
      var found: [String] = []
      if let size = try? bytes(path).count, size > 0,
        let there = try? rows(path, "SELECT count(*) FROM drops")[0][0], case .integer(let count) = there
      {
        found += try DatabaseCheck(path: path).findings.map(\.text)
        if count < promised { found.append("\(promised) were promised, \(count) are there") }
        if count % Int64(5 * Self.drops) != 0 { found.append("half a database") }
      } else if promised > 0 {
        found.append("\(promised) were promised, nothing is there")
      }
      for source in sources { _ = try DropMerger.merge(source, into: path) }
      let again = try rows(path, question)
      if again != expected { found.append("merged again it is another") }
      return try found + faults(of: path) + DatabaseCheck(path: path).findings.map(\.text)
    }
    #expect(outcome.faults == [], "seed \(seed)")
    #expect(outcome.damaged > Self.cuts / 4)
  }
}

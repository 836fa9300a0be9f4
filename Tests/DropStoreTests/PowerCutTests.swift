import CPowerCut
import DropEvents
import DropStore
import Foundation
import Testing

/// A disk without power keeps what was synced, and of the rest any part: forgotten, in another order, or torn.
@Suite struct PowerCutTests {
  /// How many cuts there are.
  private static let cuts = 150
  /// How many batches are written, and drops in each.
  private static let batches = 60
  private static let drops = 120

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Drops that touch many pages: each has a flow of its own.
  private static func batch(_ number: Int) -> DropBatch {
    var batch = DropBatch.sample(drops, from: number * drops)
    for index in batch.events.indices {
      let flow = UInt32(number * drops + index) &* 2_654_435_761
      batch.events[index].flow.destination = IPAddress(v4: flow)
      batch.events[index].flow.destinationPort = UInt16(truncatingIfNeeded: flow)
    }
    batch.losses = [DropLoss(cause: .ringFull, second: threeTen + Int64(number), packets: 1)]
    batch.tallies[0].packets += 1
    return batch
  }

  /// Captures in a process of its own, and gives what its disk was asked for.
  private func capture(weakened: Bool) async throws -> DiskJournal {
    let database = folder.file("written.db")
    let journal = folder.file("journal")
    await #expect(processExitsWith: .success) {
      [database = database as String, journal = journal as String, weakened = weakened as Bool] in
      let installed = unsafe CPowerCut_install(journal, weakened ? 1 : 0)
      try #require(installed == 0)
      var writer = try DropWriter(path: database, capture: .sample(), remembered: 64)
      for number in 0..<PowerCutTests.batches {
        try writer.write(PowerCutTests.batch(number))
        try #require(CPowerCut_promise(Int64((number + 1) * PowerCutTests.drops)) == 0)
      }
      _ = try writer.finish(at: threeTenNanoseconds + 1)
      try #require(CPowerCut_promise(-1) == 0)
    }
    return try DiskJournal(journal, of: database)
  }

  @Test func `nothing is damaged and nothing acknowledged is lost`() async throws {
    let journal = try await capture(weakened: false)
    // Else checkpoints, which write into the database itself, would not be cut.
    try #require(journal.checkpoints > 1, "\(journal.checkpoints)")
    let seed = UInt64.random(in: 1 ... .max)
    let outcomes = try play(journal, seed: seed)
    #expect(outcomes.faults == [], "seed \(seed)")
    #expect(outcomes.losses == 0, "seed \(seed)")
    // Some cuts were after the first promise and some tore or forgot something.
    #expect(outcomes.damaged > Self.cuts / 2)
  }

  @Test func `where commits are not synced the same cuts lose some, and still damage nothing`() async throws {
    let journal = try await capture(weakened: true)
    let seed = UInt64.random(in: 1 ... .max)
    let outcomes = try play(journal, seed: seed)
    #expect(outcomes.faults == [], "seed \(seed)")
    #expect(outcomes.losses > Self.cuts / 10, "seed \(seed)")
  }

  /// Cuts the power at moments chosen by chance, and looks at what is there afterwards.
  private func play(
    _ journal: DiskJournal, seed: UInt64
  ) throws -> (faults: [String], losses: Int, damaged: Int) {
    var generator = SeededGenerator(state: seed)
    var faultsFound: [String] = []
    var losses = 0
    var damaged = 0
    for cut in 0..<Self.cuts {
      let path = folder.file("cut-\(cut).db")
      let moment = Int.random(in: 0...journal.entries.count, using: &generator)
      let (promised, isDamaged) = try journal.restore(at: moment, to: path, using: &generator)
      if isDamaged { damaged += 1 }
      do {
        // As after the next start: the log is taken in.
        let writer = try DropWriter(path: path, capture: .sample(boot: "boot-2"))
        _ = try writer.finish(at: threeTenNanoseconds + 2)
        faultsFound += try faults(of: path).map { "cut \(cut) at \(moment): \($0)" }
        faultsFound += try DatabaseCheck(path: path).findings.map { "cut \(cut) at \(moment): \($0.text)" }
        guard case .integer(let stored) = try rows(path, "SELECT count(*) FROM drops")[0][0] else { continue }
        if stored % Int64(Self.drops) != 0 { faultsFound.append("cut \(cut) at \(moment): half a batch") }
        if stored < promised { losses += 1 }
      } catch {
        faultsFound.append("cut \(cut) at \(moment): \(error)")
      }
      for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
    return (faultsFound, losses, damaged)
  }
}

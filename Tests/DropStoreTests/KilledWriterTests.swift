import DropEvents
import DropStore
import Foundation
import Testing

/// `DROPDB_KILLS=200` kills so often; 20 times where it is not set.
@Suite struct KilledWriterTests {
  /// How many drops one batch has: as many as come in a storm within the 250 ms that may be lost.
  private static let drops = 500

  static let rounds = Int(ProcessInfo.processInfo.environment["DROPDB_KILLS"] ?? "") ?? 20

  /// Drops with flows, tasks and namespaces of their own, so that every batch adds to every dictionary.
  static func batch(_ number: Int) -> DropBatch {
    var batch = DropBatch.sample(drops, from: number * drops)
    batch.namespaces = [NetworkNamespace(inode: UInt32(number % 50), name: "netns\(number % 70)")]
    batch.controlGroups = [ControlGroup(id: UInt64(number % 30), path: "/group\(number % 40)")]
    for index in batch.events.indices {
      let mix = UInt32(number * drops + index) &* 2_654_435_761
      batch.events[index].flow.destination = IPAddress(v4: mix % 5_000)
      batch.events[index].flow.cgroup = UInt64(mix % 30)
      batch.events[index].pid = mix % 300
      batch.events[index].site.netns = UInt32(number % 50)
      batch.tallies[index].site.netns = UInt32(number % 50)
    }
    // One more was counted and not recorded.
    batch.losses = [DropLoss(cause: .ringFull, second: threeTen, packets: 1)]
    batch.tallies[0].packets += 1
    return batch
  }

  @Test(arguments: 1...rounds) func `a writer killed at any moment leaves a sound database`(round: Int)
    async throws
  {
    let folder = try TemporaryFolder()
    let path = folder.file("drops.db")
    let acknowledged = folder.file("acknowledged")
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, acknowledged = acknowledged as String, round = round as Int] in
      let file = unsafe open(acknowledged, O_WRONLY | O_CREAT, 0o600)
      try #require(file >= 0)
      // Within the time of a few batches, the same moment every time this round comes.
      let delay = UInt32(truncatingIfNeeded: round &* 40_503) % 20_000
      let dieSoon: @Sendable () -> Void = {
        usleep(delay)
        kill(getpid(), SIGKILL)
      }
      // In one of four rounds while the database is being made, in the others while batch after batch is written.
      let isEarly = round % 4 == 1
      if isEarly { Thread.detachNewThread(dieSoon) }
      var writer = try DropWriter(path: path, capture: .sample(), remembered: 16)
      var number = 0
      while true {
        try writer.write(KilledWriterTests.batch(number))
        number += 1
        var count = Int64(number * KilledWriterTests.drops)
        let bytes = unsafe pwrite(file, &count, 8, 0)
        try #require(bytes == 8)
        if !isEarly, number == 1 + round % 13 { Thread.detachNewThread(dieSoon) }
      }
    }
    let count = (try? bytes(acknowledged))?.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) } ?? 0
    if round % 4 != 1 { #expect(count >= Int64(1 + round % 13) * Int64(Self.drops)) }
    // A kill before the tables were made leaves a file that anyone may make theirs.
    if count > 0 {
      #expect(try faults(of: path) == [])
      let check = try DatabaseCheck(path: path)
      #expect(check.isSound, "\(check.findings)")
      let stored = try rows(path, "SELECT count(*) FROM drops")[0][0]
      #expect(stored == .integer(count) || stored == .integer(count + Int64(Self.drops)))
      #expect(try rows(path, "SELECT end FROM captures") == [[.null]])
    }
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(Self.batch(0))
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try faults(of: path) == [])
    #expect(try rows(path, "SELECT count(*) FROM captures WHERE end IS NULL") == [[.integer(0)]])
  }
}

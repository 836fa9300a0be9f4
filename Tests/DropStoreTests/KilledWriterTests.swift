import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct KilledWriterTests {
  @Test(arguments: 1...20) func `a writer killed at any moment leaves a sound database`(round: Int)
    async throws
  {
    let folder = try TemporaryFolder()
    let path = folder.file("drops.db")
    let acknowledged = folder.file("acknowledged")
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, acknowledged = acknowledged as String, round = round as Int] in
      let file = unsafe open(acknowledged, O_WRONLY | O_CREAT, 0o600)
      try #require(file >= 0)
      let dieSoon: @Sendable () -> Void = {
        usleep(UInt32(round) * 431)
        kill(getpid(), SIGKILL)
      }
      // In the first rounds while the database is being made, then while batch after batch is written.
      if round <= 5 { Thread.detachNewThread(dieSoon) }
      var writer = try DropWriter(path: path, capture: .sample(), remembered: 16)
      var written = 0
      while true {
        var batch = DropBatch.sample(500, from: written)
        batch.losses = [DropLoss(cause: .ringFull, second: threeTen, packets: 1)]
        try writer.write(batch)
        written += 500
        var count = Int64(written)
        let bytes = unsafe pwrite(file, &count, 8, 0)
        try #require(bytes == 8)
        if written == round * 500, round > 5 { Thread.detachNewThread(dieSoon) }
      }
    }
    let count = (try? bytes(acknowledged))?.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
    if round > 5 { #expect(count ?? 0 >= Int64(round) * 500) }
    // A kill before the tables were made leaves a file that anyone may make theirs.
    if count ?? 0 > 0 {
      #expect(try faults(of: path) == [])
      let stored = try rows(path, "SELECT count(*) FROM drops")[0][0]
      #expect(stored == .integer(count ?? 0) || stored == .integer((count ?? 0) + 500))
      #expect(try rows(path, "SELECT end FROM captures") == [[.null]])
    }
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(100))
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try faults(of: path) == [])
    #expect(try rows(path, "SELECT count(*) FROM captures WHERE end IS NULL") == [[.integer(0)]])
  }
}

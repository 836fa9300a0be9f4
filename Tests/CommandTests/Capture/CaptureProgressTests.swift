import DropEvents
import Foundation
import Testing

@testable import dropdb

@Suite struct CaptureProgressTests {
  @Test("The counters tell lost from left out, each by cause, the time and the size on the disk")
  func text() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dropdb-\(UUID().uuidString)").path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(count: 2048).write(to: URL(filePath: "\(folder)/d.db"))
    try Data(count: 1024).write(to: URL(filePath: "\(folder)/d.db-wal"))
    let progress = CaptureProgress(database: "\(folder)/d.db", start: 5, ringBytes: 1 << 20)
    var totals = CaptureTotals()
    totals.counted = 20
    totals.recorded = 3
    totals.lost = [.ringFull: 7, .nested: 1, .thinned: 0, .filtered: 5, .sampled: 4]
    progress.update(totals, waiting: nil)
    let text = progress.text(now: 3_723_000_000_005)
    #expect(
      text == """
        dropdb: capturing for 01:02:03 into \(folder)/d.db (3.0 KiB, 1.0 KiB of them its log):
          counted   20
          recorded  3
          lost      8  (ring_full 7, nested 1)
          left out  9  (filtered 5, sampled 4)
          ring      1MiB
        """)
  }

  @Test("What waits for a database that cannot be written to is told as well")
  func waiting() {
    let progress = CaptureProgress(database: "/nonexistent/d.db", start: 0, ringBytes: 65536)
    progress.update(CaptureTotals(), waiting: WaitingDrops(events: 5, lost: 0))
    let trouble = "the database cannot be written to: 5 drops wait in memory"
    #expect(progress.text(now: 0).hasSuffix("\n  \(trouble), all are counted"))
    progress.update(CaptureTotals(), waiting: WaitingDrops(events: 5, lost: 2))
    #expect(progress.text(now: 0).hasSuffix("\n  \(trouble), 2 more could not be kept, all are counted"))
    progress.update(CaptureTotals(), waiting: nil)
    #expect(progress.text(now: 0).hasSuffix("\n  ring      64KiB"))
  }

  @Test("A database that is not there yet, and a clock that was set back, are no harm")
  func nothing() {
    let progress = CaptureProgress(database: "/nonexistent/d.db", start: 1_000_000_000, ringBytes: 65536)
    #expect(progress.text(now: 0).hasPrefix("dropdb: capturing for 00:00:00 into /nonexistent/d.db (0 B):"))
  }
}

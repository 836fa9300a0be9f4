import DropEvents
import DropStore
import Foundation
import Testing

@Suite(.enabled(if: Shell.sqlite != nil, "sqlite3 is not installed")) struct StockClientTests {
  @Test func `sqlite3 reads every view while a capture writes`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("drops.db")
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch.sample(10)
    batch.losses = [DropLoss(cause: .nested, second: threeTen, packets: 1)]
    batch.packets = [CapturedPacket(link: .rawIP, start: 0, count: 1, networkOffset: 0)]
    batch.packetBytes = [0x45]
    batch.events[0].packet = 0
    try writer.write(batch)
    let shell = try #require(Shell.sqlite)
    let expected = [
      "drops": 10, "tallies": 4, "losses": 1, "stacks": 4, "reasons": 2, "captures": 1, "packets": 1,
    ]
    for view in try ViewPage.views() {
      for script in ["", "PRAGMA trusted_schema = OFF;"] {
        let result = try shell.run(["-bail", path, script + "SELECT * FROM \(view)"])
        let lines = result.output.split(separator: "\n").count
        // A stack of two frames takes two lines, but the first, which is one twice.
        #expect(result.status == 0 && lines >= expected[view] ?? 0, "\(view): \(result.errors)")
      }
    }
    let result = try shell.run([
      "-header", "-csv", path,
      "SELECT time, reason, location, saddr, host FROM drops WHERE reason = 'NO_SOCKET' LIMIT 1",
    ])
    #expect(
      result.output == """
        time,reason,location,saddr,host
        2026-11-20T03:10:00.000003Z,NO_SOCKET,function3+0x4,10.0.0.3,web1

        """)
    try writer.write(.sample(10, from: 10))
    #expect(try shell.run([path, "SELECT count(*) FROM drops"]).output == "20\n")
    _ = try writer.finish(at: threeTenNanoseconds)
  }
}

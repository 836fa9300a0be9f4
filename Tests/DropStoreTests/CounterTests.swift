import DropEvents
import DropStore
import Foundation
import Testing

/// The kernel's counters, from the batch to the view and through all that keeps a database in order.
@Suite struct CounterTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
  }

  private static let hour: Int64 = 3_600

  private func write(
    _ rises: [CounterRise], to path: String, boot: String = "boot-1", start: Int64 = threeTenNanoseconds,
    namespaces: [NetworkNamespace] = [NetworkNamespace(inode: 7, name: "blue")], ends: Bool = true
  ) throws {
    var writer = try DropWriter(path: path, capture: .sample(boot: boot, start: start))
    var batch = DropBatch()
    batch.namespaces = namespaces
    batch.rises = rises
    try writer.write(batch)
    if ends { _ = try writer.finish(at: start + 60_000_000_000) }
  }

  @Test func `a rise comes back through the view`() throws {
    try write(
      [
        .sample("rx_dropped", delta: 17),
        CounterRise(
          counter: KernelCounter(source: .softnet, scope: "cpu3", netns: nil, name: "time_squeeze"),
          start: threeTen + 10, seconds: 12, delta: .max),
        CounterRise(
          counter: KernelCounter(source: .netstat, scope: nil, netns: 9, name: "TcpExtListenDrops"),
          start: threeTen + 20, seconds: 10, delta: 1),
      ], to: path)
    #expect(
      try rows(path, "SELECT * FROM counters ORDER BY ts") == [
        [
          .text("2026-11-20T03:10:00.000000Z"), .integer(threeTenNanoseconds), .integer(10),
          .text("interface"), .text("eth0"), .text("blue"), .text("rx_dropped"), .integer(17),
          .text("6.12.1"), .text("boot-1"), .text("web1"),
        ],
        [
          .text("2026-11-20T03:10:10.000000Z"), .integer(threeTenNanoseconds + 10_000_000_000), .integer(12),
          .text("softnet"), .text("cpu3"), .null, .text("time_squeeze"), .integer(.max), .text("6.12.1"),
          .text("boot-1"), .text("web1"),
        ],
        [
          .text("2026-11-20T03:10:20.000000Z"), .integer(threeTenNanoseconds + 20_000_000_000), .integer(10),
          .text("netstat"), .null, .text("9"), .text("TcpExtListenDrops"), .integer(1), .text("6.12.1"),
          .text("boot-1"), .text("web1"),
        ],
      ])
    #expect(try faults(of: path) == [])
    #expect(try DatabaseCheck(path: path).findings.isEmpty)
  }

  @Test func `a rise by nothing has no row, and two of one stretch are one`() throws {
    try write(
      [.sample("rx_dropped", delta: 0), .sample("rx_errors", delta: 2), .sample("rx_errors", delta: 3)],
      to: path)
    #expect(
      try rows(path, "SELECT name, delta FROM counters") == [[.text("rx_errors"), .integer(5)]])
  }

  @Test func `a namespace's new name is for what comes`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    for (index, name) in ["blue", "green"].enumerated() {
      var batch = DropBatch()
      batch.namespaces = [NetworkNamespace(inode: 7, name: name)]
      batch.rises = [.sample("rx_dropped", delta: 1, start: threeTen + Int64(index) * 10)]
      try writer.write(batch)
    }
    #expect(
      try rows(path, "SELECT netns FROM counters ORDER BY ts") == [[.text("blue")], [.text("green")]])
  }

  @Test func `what a rolled-back batch found is found again`() throws {
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch()
    // The second cannot be stored.
    batch.rises = [.sample("rx_dropped", delta: 1), .sample("rx_errors", delta: 1, start: -1)]
    #expect(throws: StoreError.self) { try writer.write(batch) }
    batch.rises.removeLast()
    try writer.write(batch)
    #expect(try rows(path, "SELECT name FROM counters") == [[.text("rx_dropped")]])
    #expect(try faults(of: path) == [])
  }

  @Test func `old rises become hours with exact sums, and counters that nothing refers to go`() throws {
    var hours: [CounterRise] = []
    for hour in 0..<3 as Range<Int64> {
      for index in 0..<20 as Range<Int64> {
        let start = threeTen - 600 + hour * Self.hour + index * 10
        hours.append(
          .sample(index % 2 == 0 ? "rx_dropped" : "rx_errors", delta: UInt64(index + 1), start: start))
      }
    }
    try write(hours + [.sample("tx_errors", delta: 1, start: threeTen - 600 - Self.hour, netns: 8)], to: path)
    let before = threeTenNanoseconds - 600_000_000_000 + 2 * Self.hour * 1_000_000_000
    let sums = "SELECT name, sum(delta) FROM counters WHERE name LIKE 'rx%' GROUP BY 1 ORDER BY 1"
    let expected = try rows(path, sums)
    let pruned = try DropPruner.prune(path: path, .init(before: before))
    #expect(pruned.widened == 41)
    #expect(try rows(path, sums) == expected)
    #expect(
      try rows(path, "SELECT seconds, count(*) FROM counters GROUP BY 1 ORDER BY 1") == [
        [.integer(10), .integer(20)], [.integer(Self.hour), .integer(5)],
      ])
    let first = threeTenNanoseconds - 600_000_000_000
    let gone = try DropPruner.prune(path: path, .init(talliesBefore: first))
    #expect(gone.tallies == 1)
    // The counter, and the namespace that only it was in.
    #expect(gone.orphans == 2)
    #expect(try rows(path, "SELECT inode FROM netns") == [[.integer(7)]])
    #expect(try faults(of: path) == [])
  }

  @Test func `a capture with a policy keeps rises within it`() throws {
    let now = Int64(Date().timeIntervalSince1970)
    let day: Int64 = 86_400
    var writer = try DropWriter(
      path: path, capture: .sample(start: (now - 10 * day) * 1_000_000_000),
      retention: RetentionPolicy(tallies: 5 * day * 1_000_000_000))
    var batch = DropBatch()
    batch.rises = [
      .sample("rx_dropped", delta: 1, start: now - 9 * day),
      .sample("rx_dropped", delta: 2, start: now - day),
    ]
    try writer.write(batch)
    try writer.write(DropBatch())
    #expect(try rows(path, "SELECT delta FROM counters") == [[.integer(2)]])
  }

  @Test func `merging adds what is new, by meaning, and nothing twice`() throws {
    let (one, other, all) = (folder.file("one.db"), folder.file("other.db"), folder.file("all.db"))
    try write([.sample("rx_dropped", delta: 1), .sample("tx_errors", delta: 9)], to: one)
    try write(
      [.sample("rx_dropped", delta: 5, netns: 12), .sample("rx_dropped", delta: 6, netns: nil)], to: other,
      boot: "boot-2", start: threeTenNanoseconds + 1,
      namespaces: [NetworkNamespace(inode: 12, name: "blue")])
    for source in [one, other, one, other] { _ = try DropMerger.merge(source, into: all) }
    #expect(
      try rows(all, "SELECT boot, netns, name, delta FROM counters ORDER BY delta") == [
        [.text("boot-1"), .text("blue"), .text("rx_dropped"), .integer(1)],
        [.text("boot-2"), .text("blue"), .text("rx_dropped"), .integer(5)],
        [.text("boot-2"), .null, .text("rx_dropped"), .integer(6)],
        [.text("boot-1"), .text("blue"), .text("tx_errors"), .integer(9)],
      ])
    #expect(try faults(of: all) == [])
  }

  @Test func `merging a capture that has gone on adds what has come, also to what is coarse`() throws {
    let (source, all) = (folder.file("source.db"), folder.file("all.db"))
    var writer = try DropWriter(path: source, capture: .sample())
    var batch = DropBatch()
    batch.rises = [.sample("rx_dropped", delta: 1), .sample("rx_errors", delta: 2)]
    try writer.write(batch)
    _ = try DropMerger.merge(source, into: all)
    _ = try DropPruner.prune(path: all, .init(before: threeTenNanoseconds + 2 * Self.hour * 1_000_000_000))
    batch.rises = [.sample("rx_dropped", delta: 30, start: threeTen + 10)]
    try writer.write(batch)
    for _ in 0..<2 { _ = try DropMerger.merge(source, into: all) }
    #expect(
      try rows(all, "SELECT name, sum(delta) FROM counters GROUP BY 1 ORDER BY 1")
        == [[.text("rx_dropped"), .integer(31)], [.text("rx_errors"), .integer(2)]])
  }

  @Test func `a backup has them, and a repair keeps them`() throws {
    try write([.sample("rx_dropped", delta: 1)], to: path)
    let (copy, mended) = (folder.file("copy.db"), folder.file("mended.db"))
    try DatabaseBackup.copy(path, to: copy)
    #expect(try rows(copy, "SELECT name, delta FROM counters") == [[.text("rx_dropped"), .integer(1)]])
    let salvage = try DatabaseSalvage(path, into: mended)
    #expect(salvage.tables.contains { $0.name == "rise" && $0.kept == 1 })
    #expect(try rows(mended, "SELECT name, delta FROM counters") == [[.text("rx_dropped"), .integer(1)]])
    #expect(
      try DatabaseInfo(reading: DropReader(path: path)).tables.contains { $0.name == "rise" && $0.rows == 1 })
  }

  @Test func `a repair makes one of a database whose counters or namespaces are lost`() throws {
    try write([.sample("rx_dropped", delta: 1), .sample("rx_errors", delta: 2)], to: path)
    let shell = try #require(Shell.sqlite, "sqlite3 is not installed")
    #expect(
      try shell.run([path, "DELETE FROM counter WHERE name = 'rx_errors'; DELETE FROM netns"]).status == 0)
    #expect(try !DatabaseCheck(path: path).isSound)
    let mended = folder.file("mended.db")
    _ = try DatabaseSalvage(path, into: mended)
    #expect(
      try rows(mended, "SELECT name, netns FROM counters") == [[.text("rx_dropped"), .text("unreadable 1")]])
    #expect(try DatabaseCheck(path: mended).findings.isEmpty)
  }
}

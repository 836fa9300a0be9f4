import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct MergeTests {
  let folder: TemporaryFolder
  let all: String

  init() throws {
    folder = try TemporaryFolder()
    all = folder.file("all.db")
  }

  private static let minute: Int64 = 60_000_000_000

  /// A batch with everything that a database can hold.
  private func batch(_ count: Int, from first: Int = 0) -> DropBatch {
    var batch = DropBatch.sample(count, from: first, spacing: 1_000_000_007)
    batch.namespaces = [NetworkNamespace(inode: 7, name: "blue")]
    batch.controlGroups = [ControlGroup(id: 77, path: "/system.slice")]
    batch.traps = [HardwareTrap(id: 5, name: "blackhole_route", group: "l3_drops")]
    var inner = InnerFlow(encapsulation: .vxlan)
    inner.tunnelID = 42
    inner.source = IPAddress(v6High: 0xfd00_0000_0000_0000, low: 1)
    inner.destinationPort = 53
    batch.innerFlows = [inner]
    batch.packetBytes = Array(0..<64)
    batch.packets = [CapturedPacket(link: .ethernet, start: 0, count: 64, networkOffset: 14)]
    for index in batch.events.indices {
      batch.events[index].flow.cgroup = index % 3 == 0 ? 77 : nil
      batch.events[index].flow.socketCookie = index % 5 == 0 ? 0xffff_ffff_ffff_ffff : nil
      batch.events[index].flow.destination = IPAddress(v6High: 0, low: 0xffff_0a00_0001)
      batch.events[index].flow.fragment = index % 7 == 0 ? .later : nil
      batch.events[index].inner = index % 4 == 0 ? 0 : nil
      batch.events[index].packet = index % 8 == 0 ? 0 : nil
      batch.events[index].tcpSequence = index % 2 == 0 ? 0xffff_fff0 : nil
    }
    batch.losses = [
      DropLoss(cause: .ringFull, second: threeTen + Int64(first), packets: 3),
      DropLoss(cause: .filtered, second: threeTen + Int64(first), packets: 4),
    ]
    let trapped = DropSite(origin: .hardware, trap: 5)
    batch.tallies.append(DropTally(site: trapped, minute: threeTen, packets: 7, bytes: 700))
    return batch
  }

  /// A database of one capture.
  private func make(
    _ name: String, boot: String = "boot-1", host: String = "web1", start: Int64 = threeTenNanoseconds,
    _ batches: [DropBatch], end: Int64? = threeTenNanoseconds + 60 * minute
  ) throws -> String {
    let path = folder.file(name)
    var writer = try DropWriter(
      path: path,
      capture: .sample(boot: boot, host: HostIdentity(name: host, machineID: nil), start: start))
    for batch in batches { try writer.write(batch) }
    if let end { _ = try writer.finish(at: end) }
    return path
  }

  /// What the public views show, their numbers of captures and stacks by what they mean.
  private func shown(_ path: String) throws -> [[[SQLValue]]] {
    // The number of a stack is its own in each database; its frames stand at the end.
    let columns = try rows(path, "SELECT name FROM pragma_table_info('drops') WHERE name <> 'stack'")
      .map { if case .text(let name) = $0[0] { "d.\"\(name)\"" } else { "" } }.joined(separator: ", ")
    return try [
      """
      SELECT \(columns), s.frames FROM drops d LEFT JOIN stacks s ON s.id = d.stack ORDER BY host, ts
      """,
      "SELECT * FROM tallies ORDER BY host, ts, seconds, reason, location, origin",
      "SELECT ts, seconds, cause, packets, host FROM losses JOIN captures ON captures.id = capture ORDER BY 5, 1, 3",
      "SELECT start_ts, end_ts, host, boot, options, counted, recorded, lost, left_out, kernel FROM captures ORDER BY 3, 1",
      "SELECT * FROM reasons ORDER BY kernel, btf, value", "SELECT * FROM packets ORDER BY ts",
    ].map { try rows(path, $0) }
  }

  /// All rows of all tables.
  private func contents(_ path: String) throws -> [[[SQLValue]]] {
    try rows(path, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").map { name in
      guard case .text(let table) = name[0] else { return [] }
      return try rows(path, "SELECT * FROM \(table)")
    }
  }

  @Test func `into a new file everything comes along, and nothing else`() throws {
    let web1 = try make("web1.db", [batch(300), batch(200, from: 300)])
    let result = try DropMerger.merge(web1, into: all)
    #expect(result.added == 1 && result.events == 500 && result.packets == 514)
    #expect(try shown(all) == shown(web1))
    #expect(try faults(of: all) == [])
  }

  @Test func `hosts add up, and what they have in common is one row`() throws {
    let web1 = try make("web1.db", [batch(300)])
    let web2 = try make("web2.db", boot: "boot-2", host: "web2", [batch(100)])
    _ = try DropMerger.merge(web1, into: all)
    _ = try DropMerger.merge(web2, into: all)
    #expect(try faults(of: all) == [])
    for sql in [
      "SELECT sum(packets), sum(bytes), sum(recorded) FROM tallies", "SELECT sum(packets) FROM losses",
      "SELECT sum(counted), sum(recorded), sum(lost), sum(left_out) FROM captures",
      "SELECT count(*) FROM packets",
      "SELECT count(*), sum(length), sum(tcp_seq), count(inner_saddr) FROM drops",
    ] {
      let parts = try [web1, web2].map { try rows($0, sql)[0] }
      let whole = try rows(all, sql)[0]
      for (index, value) in whole.enumerated() {
        let sum = parts.reduce(Int64(0)) { sum, row in
          if case .integer(let number) = row[index] { sum + number } else { sum }
        }
        #expect(value == .integer(sum), "\(sql)")
      }
    }
    #expect(try rows(all, "SELECT count(*) FROM stack") == rows(web1, "SELECT count(*) FROM stack"))
    #expect(try rows(all, "SELECT count(*) FROM location") == rows(web1, "SELECT count(*) FROM location"))
    #expect(try rows(all, "SELECT count(*) FROM kernel") == [[.integer(1)]])
  }

  @Test func `twice the same changes nothing`() throws {
    let web1 = try make("web1.db", [batch(300)])
    let web2 = try make("web2.db", boot: "boot-2", host: "web2", [batch(100)])
    for path in [web1, web2] { _ = try DropMerger.merge(path, into: all) }
    let before = try contents(all)
    for path in [web2, web1, web1] {
      let result = try DropMerger.merge(path, into: all)
      #expect(result.known == 1 && result.added == 0 && result.events == 0 && result.packets == 0)
    }
    #expect(try contents(all) == before)
    // Nor does the whole of it, merged into a part.
    _ = try DropMerger.merge(all, into: web1)
    let whole = try shown(web1)
    #expect(try whole == shown(all))
  }

  @Test func `a later copy adds what has come since`() throws {
    let path = folder.file("web1.db")
    let early = folder.file("early.db")
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(batch(300))
    _ = try DropMerger.merge(path, into: all)
    _ = try DropMerger.merge(path, into: early)
    #expect(try rows(all, "SELECT count(*) FROM drops") == [[.integer(300)]])
    // In a minute that is there already, too.
    try writer.write(batch(200, from: 200))
    let result = try DropMerger.merge(path, into: all)
    #expect(result.continued == 1)
    _ = try writer.finish(at: threeTenNanoseconds + 60 * Self.minute)
    _ = try DropMerger.merge(path, into: all)
    #expect(
      try rows(all, "SELECT sum(packets), sum(recorded) FROM tally")
        == rows(path, "SELECT sum(packets), sum(recorded) FROM tally"))
    #expect(try rows(all, "SELECT sum(packets) FROM loss") == rows(path, "SELECT sum(packets) FROM loss"))
    #expect(
      try rows(all, "SELECT counted, recorded, lost, \"end\" FROM captures")
        == rows(path, "SELECT counted, recorded, lost, \"end\" FROM captures"))
    // The earlier copy has nothing new.
    let before = try contents(all)
    #expect(try DropMerger.merge(early, into: all).known == 1)
    #expect(try contents(all) == before)
  }

  @Test func `captures of one boot at one time are not counted twice`() throws {
    let first = try make("a.db", [batch(10)])
    let second = try make("b.db", start: threeTenNanoseconds + Self.minute, [batch(10)])
    _ = try DropMerger.merge(first, into: all)
    let before = try contents(all)
    let error = #expect(throws: StoreError.self) { _ = try DropMerger.merge(second, into: all) }
    #expect(error?.code == .constraint)
    #expect(try contents(all) == before)
  }

  @Test func `into a database that is being captured into nothing is merged`() throws {
    let web1 = try make("web1.db", [batch(10)])
    let writer = try DropWriter(path: all, capture: .sample(boot: "boot-9"))
    let error = #expect(throws: StoreError.self) { _ = try DropMerger.merge(web1, into: all) }
    #expect(error?.code == .busy)
    #expect(throws: StoreError.self) { _ = try DropMerger.merge(web1, into: web1) }
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try DropMerger.merge(web1, into: all).added == 1)
  }

  @Test func `a damaged database is refused as a whole`() throws {
    let web1 = try make("web1.db", [batch(100)])
    let sqlite = try #require(Shell.sqlite)
    _ = try make("all.db", boot: "boot-3", [batch(5)])
    let before = try contents(all)
    for damage in [
      "DELETE FROM flow WHERE id = (SELECT max(flow) FROM event)", "UPDATE flow SET saddr = 'x' WHERE id = 3",
      "UPDATE flow SET dport = 65536 WHERE id = 3", "DELETE FROM boot", "DELETE FROM site WHERE id = 2",
    ] {
      let copy = folder.file("damaged.db")
      try? FileManager.default.removeItem(atPath: copy)
      try FileManager.default.copyItem(atPath: web1, toPath: copy)
      #expect(try sqlite.run([copy, damage]).status == 0)
      let error = #expect(throws: StoreError.self, "\(damage)") { _ = try DropMerger.merge(copy, into: all) }
      #expect(error?.code == .corrupt)
      #expect(try contents(all) == before)
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) }
    }
  }

  @Test(arguments: ["version-1", "version-2"])
  func `a database of an older version is merged and not changed`(
    name: String
  ) throws {
    let fixture = try #require(
      Bundle.module.url(forResource: name, withExtension: "db", subdirectory: "Fixtures"))
    let old = folder.file("old.db")
    try FileManager.default.copyItem(at: fixture, to: URL(fileURLWithPath: old))
    let before = try bytes(old)
    let result = try DropMerger.merge(old, into: all)
    #expect(result.added == 2 && result.events == 480)
    #expect(try bytes(old) == before)
    // What it would show if it had been brought up to date itself.
    let migrated = folder.file("migrated.db")
    try FileManager.default.copyItem(atPath: old, toPath: migrated)
    _ = try DropPruner.prune(path: migrated, DropPruner.Request(before: 0))
    let shown = try shown(all)
    #expect(try shown == self.shown(migrated))
    #expect(try DropMerger.merge(old, into: all).known == 2)
    #expect(try self.shown(all) == shown)
    // Nothing is left beside them.
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.filter { $0.contains("merging") } == [])
  }

  @Test func `what is wrong with a database of an older version is told of it, and nothing is left`() throws {
    let fixture = try #require(
      Bundle.module.url(forResource: "version-1", withExtension: "db", subdirectory: "Fixtures"))
    let old = folder.file("old.db")
    try FileManager.default.copyItem(at: fixture, to: URL(fileURLWithPath: old))
    let sqlite = try #require(Shell.sqlite)
    // A table of that name is in the way half-way through.
    #expect(try sqlite.run([old, "CREATE TABLE inner_flow (id)"]).status == 0)
    let error = #expect(throws: StoreError.self) { _ = try DropMerger.merge(old, into: all) }
    #expect(error?.path == old)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.filter { $0.contains("merging") || $0.hasPrefix("all") } == [])
  }
}

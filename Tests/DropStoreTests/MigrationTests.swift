import CSQLite
import DropEvents
import DropStore
import Foundation
import Testing

/// What an earlier version wrote, read with its own views before, and with those of today after.
@Suite struct MigrationTests {
  private static let views = ["captures", "drops", "losses", "reasons", "stacks", "tallies"]

  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    let fixture = try #require(
      Bundle.module.url(forResource: "version-1", withExtension: "db", subdirectory: "Fixtures"))
    try FileManager.default.copyItem(at: fixture, to: URL(fileURLWithPath: path))
  }

  @Test func `a reader says that a database of version 1 will be brought up to date`() throws {
    let error = #expect(throws: StoreError.self) { _ = try DropReader(path: path) }
    #expect(error?.code == .olderVersion)
  }

  @Test func `what the views showed they show after a migration, and the new columns are NULL`() throws {
    var before: [String: [[String?]]] = [:]
    var columns: [String: [String]] = [:]
    for view in Self.views {
      (columns[view], before[view]) = try raw("SELECT * FROM \(view)")
    }
    #expect(before["drops"]?.count == 480)
    _ = try DropWriter(path: path, capture: .sample(boot: "boot-3"))
    for view in Self.views {
      // The capture that migrated has a row of its own, and names.
      let old =
        switch view {
        case "captures": " WHERE id <= 2"
        case "reasons": " WHERE btf LIKE 'hash-%'"
        default: ""
        }
      let (names, rows) = try raw("SELECT * FROM \(view)" + old)
      let known = try #require(columns[view])
      #expect(Array(names.prefix(known.count)) == known, "\(view)")
      #expect(rows.map { Array($0.prefix(known.count)) } == before[view], "\(view)")
      for (index, name) in names.enumerated().dropFirst(known.count) {
        // Known of old rows too: a tally's site has its origin, and a capture of version 1 left out nothing.
        let expected: Set<String?> =
          switch (view, name) {
          case ("tallies", "origin"): ["software", "hardware"]
          case ("captures", "left_out"): ["0"]
          default: [nil]
          }
        #expect(Set(rows.map { $0[index] }) == expected, "\(view).\(name)")
      }
    }
    #expect(try raw("SELECT * FROM packets").rows.isEmpty)
    #expect(try faults(of: path) == [])
  }

  @Test func `version 2 shows all of it in version 3, and its losses are of seconds`() throws {
    let fixture = try #require(
      Bundle.module.url(forResource: "version-2", withExtension: "db", subdirectory: "Fixtures"))
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(at: fixture, to: URL(fileURLWithPath: path))
    let views = Self.views + ["packets"]
    var before: [String: [[String?]]] = [:]
    for view in views { before[view] = try raw("SELECT * FROM \(view)").rows }
    #expect(before["packets"]?.count == 10 && before["drops"]?.count == 480)
    _ = try DropWriter(path: path, capture: .sample(boot: "boot-3"))
    for view in views {
      let old =
        switch view {
        case "captures": " WHERE id <= 2"
        case "reasons": " WHERE btf LIKE 'hash-%'"
        default: ""
        }
      #expect(try raw("SELECT * FROM \(view)" + old).rows == before[view], "\(view)")
    }
    #expect(try raw("SELECT DISTINCT seconds FROM losses").rows == [["1"]])
    #expect(try faults(of: path) == [])
  }

  @Test func `version 3 shows all of it in version 4, hours and days as they are, and no counter`() throws {
    let fixture = try #require(
      Bundle.module.url(forResource: "version-3", withExtension: "db", subdirectory: "Fixtures"))
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(at: fixture, to: URL(fileURLWithPath: path))
    let views = Self.views + ["packets"]
    var before: [String: [[String?]]] = [:]
    for view in views { before[view] = try raw("SELECT * FROM \(view)").rows }
    #expect(before["packets"]?.count == 5 && before["drops"]?.count == 240)
    _ = try DropWriter(path: path, capture: .sample(boot: "boot-3"))
    for view in views {
      let old =
        switch view {
        case "captures": " WHERE id <= 2"
        case "reasons": " WHERE btf LIKE 'hash-%'"
        default: ""
        }
      #expect(try raw("SELECT * FROM \(view)" + old).rows == before[view], "\(view)")
    }
    #expect(try raw("SELECT DISTINCT seconds FROM losses ORDER BY 1").rows == [["1"], ["3600"]])
    #expect(try raw("SELECT * FROM counters").rows.isEmpty)
    // What is stored from here on may have counters.
    var writer = try DropWriter(path: path, capture: .sample(boot: "boot-4"))
    var batch = DropBatch()
    batch.rises = [.sample("rx_dropped", delta: 3)]
    try writer.write(batch)
    #expect(try raw("SELECT name, delta FROM counters").rows == [["rx_dropped", "3"]])
    // Its sums were made up, and events of it have been deleted.
    #expect(try DatabaseCheck(path: path).findings.filter { $0.subject != .counts }.isEmpty)
  }

  @Test func `flows and sites of version 1 are found again, and never taken for richer ones`() throws {
    let flows = try raw("SELECT count(*) FROM flow").rows
    let sites = try raw("SELECT count(*) FROM site").rows
    var writer = try DropWriter(
      path: path,
      capture: .sample(
        boot: "boot-1",
        kernel: KernelIdentity(release: "6.12.1", version: "#1", machine: "x86_64", btfHash: "hash-6.12.1")))
    var flow = Flow()
    flow.transport = 6
    flow.source = IPAddress(v4: 0x0a00_0000)
    flow.destination = IPAddress(v4: 0xc0a8_0102)
    flow.sourcePort = 40_000
    flow.destinationPort = 443
    flow.tcpFlags = 0
    flow.mark = 0xffff_ffff
    flow.uid = 1000
    flow.cgroup = 77
    var flow6 = Flow()
    flow6.transport = 17
    flow6.source = IPAddress(v6High: 0x2001_0db8_0000_0000, low: 1)
    flow6.destination = IPAddress(v6High: 0xfe80_0000_0000_0000, low: 1)
    flow6.sourcePort = 53
    flow6.destinationPort = 1
    flow6.vlan = 100
    flow6.mark = 0
    var batch = DropBatch()
    batch.symbols = [KernelSymbol(address: 0x9000, name: "tcp_v4_rcv", offset: 0x91, module: nil)]
    let site = DropSite(
      reason: 3, location: 0x9000, ifindex: 2, interface: KernelName("eth0"), netns: 4_026_531_840,
      etherType: 0x0800)
    batch.events = [flow, flow6, Flow()].map { DropEvent(time: 1, site: site, flow: $0) }
    batch.tallies = [DropTally(site: site, minute: 0, packets: 3, bytes: 0)]
    try writer.write(batch)
    #expect(try raw("SELECT count(*) FROM flow").rows == flows)
    #expect(try raw("SELECT count(*) FROM site").rows == sites)
    // The same with one more field known is another flow, and so is another site.
    batch.events = []
    for change in 0..<4 {
      var event = DropEvent(time: 10, site: site, flow: flow)
      switch change {
      case 0: event.flow.arpOperation = 0
      case 1: event.flow.fragment = .first
      case 2: event.flow.direction = .received
      default: event.flow.socketCookie = 0
      }
      batch.events.append(event)
    }
    var trapped = site
    trapped.trap = 0
    batch.events.append(DropEvent(time: 10, site: trapped, flow: flow))
    batch.tallies = [
      DropTally(site: site, minute: 0, packets: 4, bytes: 0),
      DropTally(site: trapped, minute: 0, packets: 1, bytes: 0),
    ]
    try writer.write(batch)
    #expect(try raw("SELECT count(*) - \(flows[0][0] ?? "") FROM flow").rows == [["4"]])
    #expect(try raw("SELECT count(*) - \(sites[0][0] ?? "") FROM site").rows == [["1"]])
    #expect(try faults(of: path) == [])
  }

  @Test func `a database that cannot be migrated is left as it was`() throws {
    // A table of that name is in the way half-way through.
    _ = try raw("CREATE TABLE inner_flow (id)")
    let before = try raw("SELECT sql FROM sqlite_schema ORDER BY rowid").rows
    let error = #expect(throws: StoreError.self) { _ = try DropWriter(path: path, capture: .sample()) }
    #expect(error?.code == .sql)
    #expect(try raw("SELECT sql FROM sqlite_schema ORDER BY rowid").rows == before)
    #expect(try raw("PRAGMA user_version").rows == [["1"]])
  }

  /// Columns and rows as SQLite itself gives them, as text.
  private func raw(_ sql: String) throws -> (columns: [String], rows: [[String?]]) {
    var connection: OpaquePointer?
    #expect(unsafe sqlite3_open(path, &connection) == SQLITE_OK)
    defer { unsafe sqlite3_close(connection) }
    var statement: OpaquePointer?
    let code = unsafe sqlite3_prepare_v2(connection, sql, -1, &statement, nil)
    try #require(code == SQLITE_OK, "\(sql)")
    defer { unsafe sqlite3_finalize(statement) }
    let indices = unsafe 0..<sqlite3_column_count(statement)
    let columns = indices.map { unsafe String(cString: sqlite3_column_name(statement, $0)) }
    var rows: [[String?]] = []
    while unsafe sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        indices.map { unsafe sqlite3_column_text(statement, $0).map { unsafe String(cString: $0) } })
    }
    return (columns, rows)
  }
}

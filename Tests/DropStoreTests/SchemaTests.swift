import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct SchemaTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    var writer = try DropWriter(path: path, capture: .sample())
    var batch = DropBatch.sample(20)
    batch.losses = [DropLoss(cause: .ringFull, second: threeTen, packets: 2)]
    batch.packets = [CapturedPacket(link: .ethernet, start: 0, count: 20, networkOffset: 14)]
    batch.packetBytes = [UInt8](repeating: 0x45, count: 20)
    batch.events[3].packet = 0
    batch.rises = [
      .sample("rx_dropped", delta: 3),
      CounterRise(
        counter: KernelCounter(source: .softnet, scope: nil, netns: nil, name: "dropped"), start: threeTen,
        seconds: 10, delta: 1),
    ]
    try writer.write(batch)
    _ = try writer.finish(at: threeTenNanoseconds + 1)
  }

  @Test func `the page names every view`() throws {
    let views = try rows(path, "SELECT name FROM sqlite_schema WHERE type = 'view'")
    #expect(Set(views) == Set(try ViewPage.views().map { [.text($0)] }))
  }

  @Test(arguments: try ViewPage.views())
  func `the page has each view's columns, in order and with their types`(view: String) throws {
    let page = try ViewPage.columns(of: view)
    let columns = try rows(path, "SELECT name FROM pragma_table_info(?1)", [.text(view)])
    #expect(columns == page.map { [.text($0.name)] })
    for column in page {
      let types = try rows(path, "SELECT DISTINCT typeof(\"\(column.name)\") FROM \(view)").map { $0[0] }
      let allowed = column.null == "never" ? [column.type] : [column.type, "null"]
      #expect(types.allSatisfy { allowed.map(SQLValue.text).contains($0) }, "\(column.name): \(types)")
      #expect(!types.isEmpty)
    }
  }

  @Test func `the file says whose it is`() throws {
    #expect(try rows(path, "PRAGMA application_id") == [[.integer(0x6472_6f70)]])
    #expect(try rows(path, "PRAGMA user_version") == [[.integer(5)]])
    #expect(try Array(bytes(path)[68..<72]) == Array("drop".utf8))
  }

  @Test(arguments: [
    ("drops", "SEARCH event USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
    ("tallies", "SEARCH tally USING PRIMARY KEY (ts>? AND ts<?)"),
    ("losses", "SEARCH loss USING PRIMARY KEY (ts>? AND ts<?)"),
    ("counters", "SEARCH rise USING PRIMARY KEY (ts>? AND ts<?)"),
    ("packets", "SEARCH packet USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
  ])
  func `a range of ts is a range of the key`(view: String, step: String) throws {
    let wheres = "ts >= 5 AND ts < 9"
    for sql in [
      "SELECT * FROM \(view) WHERE \(wheres)", "SELECT count(*) FROM \(view) WHERE \(wheres)",
      "SELECT time, count(*) FROM \(view) WHERE \(wheres) GROUP BY time ORDER BY 2 DESC LIMIT 3",
      "SELECT v.ts, captures.id FROM \(view) AS v, captures WHERE \(wheres)",
    ] {
      #expect(try plan(sql).contains(step), "\(sql)")
    }
  }

  @Test func `the newest drops are found from the end`() throws {
    let steps = try plan("SELECT * FROM drops ORDER BY ts DESC LIMIT 10")
    #expect(steps.first == "SCAN event")
    #expect(!steps.contains { $0.contains("TEMP B-TREE") })
  }

  @Test func `no index slows events or tallies down`() throws {
    #expect(
      try rows(
        path,
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('event', 'loss', 'packet', 'rise', 'tally')"
      ).isEmpty)
  }

  @Test func `a table refuses what contradicts itself`() throws {
    let shell = try #require(Shell.sqlite, "sqlite3 is not installed")
    for sql in [
      "INSERT INTO event VALUES (-1, 1, 1, 1, 1, 1)", "INSERT INTO event VALUES ('x', 1, 1, 1, 1, 1)",
      "INSERT INTO event VALUES (1, NULL, 1, 1, 1, 1)", "INSERT INTO path VALUES (99, 1, NULL, 'asleep')",
      "INSERT INTO site SELECT 99, boot, reason, location, interface, netns, protocol, origin, trap FROM site",
      "UPDATE flow SET direction = 2", "UPDATE flow SET fragment = -1", "UPDATE reason SET routine = 2",
      "INSERT INTO task VALUES (98, 1, 5, NULL, NULL), (99, 1, 5, NULL, NULL)",
      "INSERT INTO task VALUES (98, 1, NULL, 'a', 2), (99, 1, NULL, 'a', 2)",
      "INSERT INTO trap VALUES (98, 'a', NULL), (99, 'a', NULL)",
      "INSERT INTO inner_flow (fingerprint, encapsulation) VALUES (1, 5)",
      "UPDATE rise SET delta = 0", "UPDATE rise SET seconds = 0", "UPDATE rise SET ts = -1",
      "INSERT INTO counter SELECT 99, boot, netns, source, scope, name FROM counter",
      "PRAGMA foreign_keys = ON; UPDATE rise SET counter = 99",
      "INSERT INTO packet VALUES (1, 1, 14, 'text')", "INSERT INTO packet VALUES (1, 1, -1, x'45')",
      "INSERT INTO netns VALUES (98, 1, 5, NULL), (99, 1, 5, NULL)",
      "INSERT INTO host VALUES (99, 'web1', '0123')",
      "PRAGMA foreign_keys = ON; INSERT INTO event VALUES (1, 99, 1, 1, 1, 1)",
      "PRAGMA foreign_keys = ON; INSERT INTO packet VALUES (1, 1, 14, x'45')",
      "PRAGMA foreign_keys = ON; UPDATE site SET trap = 99",
    ] {
      let result = try shell.run([path, sql])
      #expect(result.status != 0, "\(sql)")
      // Not because the test is out of date.
      #expect(!result.errors.contains("values were supplied"), "\(sql): \(result.errors)")
      #expect(!result.errors.contains("do not have the same number"), "\(sql): \(result.errors)")
    }
  }

  /// What SQLite does for a query, step by step.
  private func plan(_ sql: String) throws -> [String] {
    try rows(path, "EXPLAIN QUERY PLAN " + sql).compactMap {
      if case .text(let step) = $0[3] { step } else { nil }
    }
  }
}

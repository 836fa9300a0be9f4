import CSQLite
import DropEvents
import DropStore
import Foundation
import Testing

/// From version 4 to 5 all events are written anew.
@Suite struct EventMigrationTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    let fixture = try #require(
      Bundle.module.url(forResource: "version-4", withExtension: "db", subdirectory: "Fixtures"))
    try FileManager.default.copyItem(at: fixture, to: URL(fileURLWithPath: path))
  }

  @Test func `all views show what they showed, and NULL for what an import was not told`() throws {
    var questions: [String: String] = [:]
    for view in try ViewPage.views() {
      // What stood for unknown, by the rule that the page on version 4 gave.
      let columns = try ViewPage.columns(of: view).map { column in
        switch (view, column.name) {
        case ("drops", "pid"), ("drops", "cpu"), ("captures", "pid"): "nullif(\(column.name), -1)"
        case ("drops", "reason_value"), ("reasons", "value"):
          "iif(\(column.name) < 4294967296, \(column.name), NULL)"
        default: "\"\(column.name)\""
        }
      }
      questions[view] = "SELECT \(columns.joined(separator: ", ")) FROM \(view)"
    }
    var before: [String: [[String]]] = [:]
    for (view, sql) in questions { before[view] = try ask(sql) }
    #expect(before["drops"]?.count == 260 && before["counters"]?.count == 4 && before["captures"]?.count == 3)
    #expect(
      try ask("SELECT sum(pid = -1), sum(cpu = -1), sum(reason_value > 4294967295) FROM drops") == [
        ["10", "10", "16"]
      ])
    try migrate()
    for view in questions.keys {
      let old =
        switch view {
        case "captures": " WHERE id <= 3"
        case "reasons": " WHERE btf LIKE 'hash-%' OR btf IS NULL"
        default: ""
        }
      #expect(try ask("SELECT * FROM \(view)" + old) == before[view], "\(view)")
    }
    #expect(
      try ask(
        "SELECT sum(pid IS NULL), sum(cpu IS NULL), sum(reason_value IS NULL AND reason IS NOT NULL) FROM drops"
      ) == [["10", "10", "16"]])
    #expect(
      try ask("SELECT name FROM pragma_table_info('event')").map { $0[0] } == [
        "time", "path", "flow", "task", "length", "tcp_seq",
      ])
    #expect(try ask("SELECT name FROM sqlite_schema WHERE name LIKE '%\\_of\\_%' ESCAPE '\\'").isEmpty)
    #expect(try ask("PRAGMA foreign_key_list(packet)").map { $0[2] } == ["event"])
    #expect(try ask("PRAGMA foreign_key_check").isEmpty)
    #expect(try DatabaseCheck(path: path).findings.filter { $0.subject != .counts }.isEmpty)
  }

  @Test func `many events move in steps and the file hardly grows`() throws {
    try addEvents(200_000)
    let grouped =
      "SELECT comm, nullif(pid, -1), nullif(cpu, -1), location, daddr, length, count(*), sum(ts % 1000003), sum(tcp_seq) FROM drops GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"
    let before = try ask(grouped)
    #expect(before.count > 10_000)
    let pages = try number("PRAGMA page_count")
    let writer = try DropWriter(path: path, capture: .sample(boot: "boot-9"))
    // The log, in which all events stood, has been moved into the file, and has its length for small commits again.
    let log = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
    #expect(try #require(log) < 5 << 20)
    _ = try writer.finish(at: threeTenNanoseconds)
    #expect(try ask(grouped) == before)
    #expect(try ask("PRAGMA integrity_check; PRAGMA foreign_key_check") == [["ok"]])
    // A second table of events would have made it almost twice as large.
    #expect(try number("PRAGMA page_count") < pages + pages / 2)
  }

  @Test func `a reader goes on in the state that it sees`() throws {
    try addEvents(1000)
    var connection: OpaquePointer?
    #expect(unsafe sqlite3_open(path, &connection) == SQLITE_OK)
    defer { unsafe sqlite3_close(connection) }
    func events() throws -> [[String]] {
      unsafe try ask("SELECT count(*), sum(cpu) FROM event", of: connection)
    }
    #expect(unsafe sqlite3_exec(connection, "BEGIN", nil, nil, nil) == SQLITE_OK)
    let before = try events()
    var writer = try DropWriter(path: path, capture: .sample(boot: "boot-9"))
    #expect(try events() == before)
    try writer.write(.sample(10))
    #expect(try events() == before)
    #expect(unsafe sqlite3_exec(connection, "COMMIT", nil, nil, nil) == SQLITE_OK)
    let after = unsafe try ask("SELECT count(*) FROM drops", of: connection)
    #expect(after == [["1270"]])
    _ = try writer.finish(at: threeTenNanoseconds + 1)
  }

  @Test func `an event of a task that is lost stays, and is taken for no other`() throws {
    _ = try ask(
      "PRAGMA foreign_keys = OFF; UPDATE event SET task = 2 WHERE rowid IN (SELECT time FROM event LIMIT 3 OFFSET 40)"
    )
    _ = try ask("PRAGMA foreign_keys = OFF; DELETE FROM task WHERE id = 2")
    let lost = try ask("SELECT ts FROM drops WHERE pid IS NULL")
    #expect(lost.count >= 3)
    try migrate()
    #expect(try ask("SELECT ts FROM drops WHERE pid IS NULL AND boot NOT LIKE 'import%'") == lost)
    let findings = try DatabaseCheck(path: path).findings.filter { $0.subject == .references }
    #expect(findings.map(\.text) == ["\(lost.count) rows of event refer to what is missing in task"])
    // And a database saved before it was migrated calls it by its number.
    _ = try DatabaseSalvage(path, into: folder.file("saved.db"))
    let saved = try rows(
      folder.file("saved.db"), "SELECT DISTINCT comm, pid, cpu FROM drops WHERE comm LIKE 'unreadable%'")
    #expect(saved == [[.text("unreadable 2"), .null, .null]])
  }

  @Test func `a damaged database of version 4 is saved with its CPUs`() throws {
    _ = try DatabaseSalvage(path, into: folder.file("saved.db"))
    let shown = "SELECT ts, comm, nullif(pid, -1), nullif(cpu, -1) FROM drops"
    let before = try ask(shown)
    #expect(try rows(folder.file("saved.db"), shown).map { $0.map(\.asText) } == before)
    #expect(
      try DatabaseCheck(path: folder.file("saved.db")).findings.filter { $0.subject != .counts }.isEmpty)
  }

  @Test func `a database of version 4 is merged with its CPUs`() throws {
    let target = folder.file("all.db")
    let result = try DropMerger.merge(path, into: target)
    #expect(result.events == 260)
    let shown = "SELECT ts, reason, comm, nullif(pid, -1), nullif(cpu, -1), daddr, length FROM drops"
    #expect(try rows(target, shown).map { $0.map(\.asText) } == ask(shown))
    #expect(try ask("PRAGMA user_version") == [["4"]])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("merging") } == []
    )
    #expect(try DropMerger.merge(path, into: target).known == 3)
  }

  @Test(.enabled(if: Mount.isPossible, "needs root to mount"))
  func `where the disk has no room for the log nothing is begun`() throws {
    try addEvents(100_000)
    let size = try number("PRAGMA page_count") * number("PRAGMA page_size")
    let mount = try #require(try Mount(folder.file("disk"), "size=\(size + 2 << 20)"))
    let small = mount.path + "/drops.db"
    try FileManager.default.copyItem(atPath: path, toPath: small)
    let before = try bytes(small)
    let error = #expect(throws: StoreError.self) {
      _ = try DropWriter(path: small, capture: .sample(boot: "boot-9"))
    }
    #expect(error?.code == .full)
    #expect(
      error?.message.contains(/must have \d+ MiB free for a while, and it has 1; make room/) == true,
      "\(error?.message ?? "")")
    #expect(try bytes(small) == before)
    // What is asked for is enough.
    let needed = try #require(error?.message.firstMatch(of: /have (\d+) MiB/)?.1)
    let used = try #require(Int(needed)) << 20 + size
    try mount.remount("size=\(used + 1 << 20)")
    var writer = try DropWriter(path: small, capture: .sample(boot: "boot-9"))
    try writer.write(.sample(10))
    _ = try writer.finish(at: threeTenNanoseconds + 1)
    #expect(try rows(small, "SELECT count(*) FROM drops") == [[.integer(100_270)]])
  }

  // MARK: -

  private func migrate() throws {
    _ = try DropWriter(path: path, capture: .sample(boot: "boot-9")).finish(at: threeTenNanoseconds)
  }

  /// Events like those that are there, on up to 128 CPUs, some of whose CPUs and lengths are not known.
  private func addEvents(_ count: Int) throws {
    _ = try ask(
      """
      WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < \(count)),
        old(place, path, flow, task, length, tcp_seq) AS MATERIALIZED (
          SELECT row_number() OVER () - 1, path, flow, task, length, tcp_seq FROM event)
      INSERT INTO event SELECT 1795160000000000000 + n * 1009, path, flow, task, iif(n % 5, length, NULL),
        n % 129 - 1, tcp_seq
      FROM number JOIN old ON place = n % 260
      """)
  }

  private func number(_ sql: String) throws -> Int { try #require(Int(ask(sql)[0][0])) }

  /// The rows of all statements as SQLite itself gives them, as text with `-` for NULL.
  private func ask(_ sql: String) throws -> [[String]] {
    var connection: OpaquePointer?
    #expect(unsafe sqlite3_open(path, &connection) == SQLITE_OK)
    defer { unsafe sqlite3_close(connection) }
    return unsafe try ask(sql, of: connection)
  }

  private func ask(_ sql: String, of connection: OpaquePointer?) throws -> [[String]] {
    var rows: [[String]] = []
    for sql in sql.split(separator: ";") {
      var statement: OpaquePointer?
      let code = unsafe sqlite3_prepare_v2(connection, String(sql), -1, &statement, nil)
      try #require(code == SQLITE_OK, "\(sql): \(unsafe String(cString: sqlite3_errmsg(connection)))")
      defer { unsafe sqlite3_finalize(statement) }
      var code2 = unsafe sqlite3_step(statement)
      while code2 == SQLITE_ROW {
        rows.append(
          unsafe (0..<sqlite3_column_count(statement)).map {
            unsafe sqlite3_column_text(statement, $0).map { unsafe String(cString: $0) } ?? "-"
          })
        code2 = unsafe sqlite3_step(statement)
      }
      try #require(code2 == SQLITE_DONE, "\(sql)")
    }
    return rows
  }
}

extension SQLValue {
  fileprivate var asText: String {
    switch self {
    case .null: "-"
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text
    case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
    }
  }
}

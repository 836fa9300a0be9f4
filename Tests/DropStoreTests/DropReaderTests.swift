import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct DropReaderTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(20))
    _ = try writer.finish(at: threeTenNanoseconds + 1)
  }

  @Test func `gives each value as SQLite stores it`() throws {
    let row = try rows(
      path,
      "SELECT NULL, 9223372036854775807, 1.5, 'é' || char(0) || 'x', '', x'00ff', x'', ?1, ?2, ?3, ?4, ?5",
      [.blob([1]), .text(""), .blob([]), .real(-0.5), .null])
    #expect(
      row == [
        [
          .null, .integer(.max), .real(1.5), .text("é\0x"), .text(""), .blob([0, 255]), .blob([]), .blob([1]),
          .text(""), .blob([]), .real(-0.5), .null,
        ]
      ])
  }

  @Test func `names columns, and stays at the end once there`() throws {
    let reader = try DropReader(path: path)
    var query = try reader.prepare("SELECT 1 AS one, 2 AS \"a b\" LIMIT 1")
    #expect(query.columns == ["one", "a b"])
    #expect(try query.next() == [.integer(1), .integer(2)])
    #expect(try query.next() == nil)
    #expect(try query.next() == nil)
  }

  @Test func `a query outlives the reader it came from`() throws {
    func query() throws -> DropQuery { try DropReader(path: path).prepare("SELECT count(*) FROM drops") }
    var answer = try query()
    #expect(try answer.next() == [.integer(20)])
  }

  @Test(arguments: [
    "SELECT 1;", " ;; SELECT 1 -- and so on", "SELECT 1; /* ; SELECT 2 */ ;\n -- x\n ", "VALUES (1)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) SELECT * FROM n",
    "SELECT value FROM json_each('[1,2]')", "SELECT * FROM pragma_table_info('drops')",
    "PRAGMA table_info(drops)",
    "PRAGMA user_version", "PRAGMA quick_check", "EXPLAIN QUERY PLAN SELECT * FROM drops",
    "SELECT * FROM sqlite_schema", "SELECT * FROM drops JOIN stacks ON stacks.id = drops.stack",
    "SELECT key, value FROM captures, json_each(captures.lost_by_cause)",
  ])
  func `takes one statement that reads`(sql: String) throws {
    let reader = try DropReader(path: path)
    var query = try reader.prepare(sql)
    while try query.next() != nil {}
  }

  @Test(
    arguments: [
      ("  DELETE FROM event", StoreError.Code.readOnly, 2),
      ("/* x */ INSERT INTO host VALUES (9, 'x', NULL)", .readOnly, 8),
      ("UPDATE event SET length = 1", .readOnly, 0), ("UPDATE sqlite_master SET sql = ''", .sql, nil),
      ("CREATE TABLE t (x)", .readOnly, 0), ("CREATE TEMP TABLE t (x)", .readOnly, 0),
      ("DROP TABLE event", .readOnly, 0),
      ("CREATE TEMP VIEW v AS SELECT 1", .readOnly, 0),
      ("ATTACH '/etc/passwd' AS x", .readOnly, 0), ("DETACH main", .readOnly, 0), ("VACUUM", .readOnly, 0),
      ("VACUUM INTO '/tmp/dropdb-never'", .readOnly, 0), ("REINDEX", .readOnly, 0), ("ANALYZE", .readOnly, 0),
      ("BEGIN", .readOnly, 0), ("COMMIT", .readOnly, 0), ("SAVEPOINT s", .readOnly, 0),
      ("PRAGMA user_version = 7", .readOnly, 0), ("PRAGMA journal_mode = DELETE", .readOnly, 0),
      ("PRAGMA query_only = OFF", .readOnly, 0), ("PRAGMA writable_schema = ON", .readOnly, 0),
      ("PRAGMA wal_checkpoint", .readOnly, 0), ("PRAGMA optimize", .readOnly, 0),
      ("CREATE VIRTUAL TABLE t USING fts5(x)", .readOnly, 0),
      ("SELECT load_extension('x')", .sql, 7), ("SELECT 1; SELECT 2", .sql, 10),
      ("SELECT 1; DELETE FROM event", .sql, 10),
      ("SELECT 1;;/* x */ x", .sql, 18), ("SELEC", .sql, 0), ("SELECT * FROM nowhere", .sql, nil),
      ("SELECT nothing FROM drops", .sql, 7), ("SELECT 'x", .sql, 7), ("", .sql, 0),
      (" -- only this", .sql, 0),
      ("SELECT 1\0; DELETE FROM event", .sql, 8), ("SELECT ?1", .sql, nil),
    ] as [(String, StoreError.Code, Int?)])
  func `refuses anything else and says where`(sql: String, code: StoreError.Code, offset: Int?) throws {
    let before = try bytes(path)
    let reader = try DropReader(path: path)
    let error = #expect(throws: StoreError.self) {
      var query = try reader.prepare(sql)
      while try query.next() != nil {}
    }
    #expect(error?.code == code)
    #expect(error?.sqlOffset == offset)
    #expect(error?.sql == sql)
    #expect(error?.path == path)
    #expect(try bytes(path) == before)
    #expect(!FileManager.default.fileExists(atPath: "/tmp/dropdb-never"))
  }

  @Test func `the error names file, fault and place`() throws {
    let reader = try DropReader(path: path)
    let error = #expect(throws: StoreError.self) { _ = try reader.prepare("SELECT reson FROM drops") }
    #expect(error?.description == "\(path): no such column: reson (at byte 7 of the SQL: reson FROM drops)")
  }

  @Test func `sees what is committed while a capture writes, and one state within a query`() throws {
    var writer = try DropWriter(path: path, capture: .sample(boot: "boot-2"))
    let reader = try DropReader(path: path)
    var query = try reader.prepare("SELECT ts FROM drops")
    var count = 0
    while try query.next() != nil {
      count += 1
      if count == 1 { try writer.write(.sample(5, from: 100)) }
    }
    #expect(count == 20)
    var again = try reader.prepare("SELECT count(*) FROM drops")
    #expect(try again.next() == [.integer(25)])
  }

  @Test func `parameters are values, not SQL`() throws {
    #expect(
      try rows(path, "SELECT count(*) FROM drops WHERE comm = ?1", [.text("worker' OR 1=1 --")]) == [
        [.integer(0)]
      ])
  }
}

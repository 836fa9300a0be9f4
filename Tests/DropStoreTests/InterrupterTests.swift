import DropEvents
import DropStore
import Foundation
import Testing

@Suite struct InterrupterTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("drops.db")
    var writer = try DropWriter(path: path, capture: .sample())
    try writer.write(.sample(20))
  }

  @Test func `a query that would never end ends when another thread says so`() throws {
    let reader = try DropReader(path: path)
    let interrupter = reader.interrupter
    var query = try reader.prepare(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n")
    // Whether it strikes before or while the statement runs, the end is the same.
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.05)
      interrupter.interrupt()
    }
    let error = #expect(throws: StoreError.self) { try query.next() }
    #expect(error?.code == .interrupted)
  }

  @Test func `everything after it is interrupted as well, and another reader is not`() throws {
    let reader = try DropReader(path: path)
    var query = try reader.prepare("SELECT ts FROM drops")
    _ = try query.next()
    reader.interrupter.interrupt()
    var codes: [StoreError.Code?] = []
    codes.append(#expect(throws: StoreError.self) { try query.next() }?.code)
    codes.append(#expect(throws: StoreError.self) { _ = try reader.prepare("SELECT 1") }?.code)
    codes.append(#expect(throws: StoreError.self) { _ = try reader.counts(groupedBy: [.reason]) }?.code)
    codes.append(#expect(throws: StoreError.self) { _ = try reader.tallies() }?.code)
    #expect(codes == [StoreError.Code?](repeating: .interrupted, count: 4))
    #expect(try DropReader(path: path).counts(groupedBy: []).total == 20)
  }

  @Test func `it may outlive its reader`() throws {
    let interrupter = try DropReader(path: path).interrupter
    interrupter.interrupt()
    #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(20)]])
  }
}

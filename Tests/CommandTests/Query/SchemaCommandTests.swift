import Foundation
import SampleDatabase
import Testing

@Suite struct SchemaCommandTests {
  private func rows(_ arguments: String...) throws -> [[String: Any]] {
    let result = try DropDBProcess.run(
      DropDBProcess.path, arguments + ["--format", "json"], environment: [:])
    #expect(result.status == 0, "\(result.error)")
    return try QueryCommandTests.json(result)
  }

  @Test("The columns it tells are those that SQLite finds in the views")
  func columns() throws {
    let sample = try SampleDatabase()
    let views = try rows("schema").filter { $0["kind"] as? String == "view" }.compactMap {
      $0["name"] as? String
    }
    let real = try rows(
      "query", "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name", "--db", sample.path)
    #expect(views.sorted() == real.compactMap { $0["name"] as? String })
    for view in views {
      let told = try rows("schema", view).compactMap { $0["name"] as? String }
      let found = try rows("query", "SELECT name FROM pragma_table_info('\(view)')", "--db", sample.path)
      #expect(told == found.compactMap { $0["name"] as? String })
    }
  }

  @Test("The functions it tells are those that a query may use")
  func functions() throws {
    let sample = try SampleDatabase()
    let told = try rows("schema").filter { $0["kind"] as? String == "function" }.compactMap {
      $0["name"] as? String
    }
    let ours = try rows(
      "query", "SELECT DISTINCT name FROM pragma_function_list WHERE NOT builtin", "--db", sample.path)
    #expect(told.count == 6)
    #expect(Set(told).isSubset(of: ours.compactMap { $0["name"] as? String }))
  }

  @Test("A page for people")
  func page() throws {
    let result = try DropDBProcess.run("schema", "stacks")
    #expect(
      result.text == """
        stacks: One row for each stack that a drop had.

          id      integer  the stack's number, as in drops.stack
          frames  text     one frame a line, the innermost first: nf_hook_slow+0x44, with [module] behind it
                           where it is in one

        """)
    #expect(try DropDBProcess.run("schema", "DROPS").text.contains("SYN|ACK; none for no flag set"))
    #expect(try DropDBProcess.run("schema").text.contains("time_bucket(width, ts)"))
    #expect(try DropDBProcess.run("schema", "captures").text.contains("NULL: it runs, or was killed"))
  }

  @Test("A wrong name is answered with near ones")
  func near() throws {
    let result = try DropDBProcess.run("schema", "talies")
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.error == "dropdb: there is no view or function 'talies'; did you mean tallies?\n")
    #expect(try DropDBProcess.run("schema", "\u{1b}[2J").error.contains("\\x1b[2J"))
  }
}

import Foundation
import SampleDatabase
import Testing

@testable import dropdb

@Suite(.enabled(if: PseudoTerminal.isAvailable)) struct ShellTests {
  private static let endless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;"

  private func shell(
    _ sample: SampleDatabase, environment: [String: String] = [:], _ steps: [PseudoTerminal.Step]
  ) throws -> PseudoTerminal {
    try PseudoTerminal.run(["shell", "--db", sample.path], environment: environment, columns: 120, steps)
  }

  @Test("Statements of many lines are answered, errors told, and it goes on")
  func statements() throws {
    let sample = try SampleDatabase()
    let result = try shell(
      sample,
      [
        .expect("dropdb> "), .send("SELECT sum(packets) AS total\r"), .expect("...> "),
        .send("FROM tallies;\r"),
        .expect("total"), .expect("    8"), .expect("dropdb> "), .send("SELECT reson FROM drops;\r"),
        .expect("did you mean reason"), .expect("^"), .expect("dropdb> "), .send(".format csv\r"),
        .expect("dropdb> "), .send("SELECT 'a,b' AS x;\r"), .expect("\"a,b\""), .expect("dropdb> "),
        .send(".tabels\r"), .expect("did you mean .tables?"), .expect("dropdb> "), .send(".schema losses\r"),
        .expect("ring_full"), .expect("dropdb> "), .send(".quit\r"),
      ])
    #expect(result.missing == nil, "\(result.screen)")
    #expect(result.status == 0)
    // Here the user's home, which is not there: the shell remembers nothing then, and makes no home.
    #expect(!FileManager.default.fileExists(atPath: "/nonexistent"))
  }

  @Test("Ctrl-C ends what is written, or the query, and not the shell; Ctrl-D ends that")
  func interrupts() throws {
    let sample = try SampleDatabase()
    let result = try shell(
      sample,
      [
        .expect("dropdb> "), .send("SELECT nonsense\r"), .expect("...> "), .send("and more\u{3}"),
        .expect("^C"),
        .expect("dropdb> "), .send(Self.endless + "\r"), .expect("no row yet"), .send("\u{3}"),
        .expect("the query was ended"), .expect("dropdb> "), .send("SELECT 6 * 7 AS answer;\r"),
        .expect("answer"),
        .expect("42"), .expect("dropdb> "), .send("\u{4}"),
      ])
    #expect(result.missing == nil, "\(result.screen)")
    #expect(result.status == 0)
  }

  @Test("Tab completes columns, and reasons of the database inside quotes")
  func completion() throws {
    let sample = try SampleDatabase()
    let result = try shell(
      sample,
      [
        // What is typed is shown once, and what is completed behind it, with the cursor moved between.
        .expect("dropdb> "), .send("sel\t"), .expect("ect "), .send("interf\t"), .expect("ace "),
        .send("from dro\t"), .expect("ps "), .send("where reason = 'NO_SOC\t"), .expect("KET"),
        .send("' limit 1;\r"), .expect("interface"), .expect("dropdb> "), .send(".sch\t"), .expect("ema "),
        .send("tal\t"), .expect("lies "), .send("\r"), .expect("One row for each bucket"),
        .expect("dropdb> "),
        .send(".quit\r"),
      ])
    #expect(result.missing == nil, "\(result.screen)")
  }

  @Test("What was asked is there again the next time")
  func history() throws {
    let sample = try SampleDatabase()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("state-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let environment = ["XDG_STATE_HOME": folder.path]
    _ = try shell(
      sample, environment: environment,
      [
        .expect("dropdb> "), .send("SELECT 40 + 2 AS sum;\r"), .expect("42"), .expect("dropdb> "),
        .send("\u{4}"),
      ])
    let file = folder.appendingPathComponent("dropdb/history").path
    #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
    let again = try shell(
      sample, environment: environment,
      [
        .expect("dropdb> "), .send("\u{1b}[A"), .expect("40 + 2"), .send("\r"), .expect("42"),
        .expect("dropdb> "),
        .send("\u{4}"),
      ])
    #expect(again.missing == nil, "\(again.screen)")
  }

  @Test("Without a terminal it reads to the end or the first error")
  func input() throws {
    let sample = try SampleDatabase()
    let script = """
      printf '.format csv\\n-- a comment\\n\\n;\\nSELECT 1 AS a;\\nSELECT\\n2 AS b' | "$DROPDB" shell --db "$DB"
      """
    let result = try DropDBProcess.shell(script, environment: ["DB": sample.path])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.text == "a\r\n1\r\nb\r\n2\r\n")
    let failed = try DropDBProcess.shell(
      "printf 'SELECT nope;\\nSELECT 1;' | \"$DROPDB\" shell --db \"$DB\"", environment: ["DB": sample.path])
    #expect(failed.status == 1 && failed.output.isEmpty)
    #expect(failed.error.contains("no such column: nope"))
  }

  @Test(
    "What completes depends on where it stands",
    arguments: [
      (
        "", "SELECT saddr, d", "d",
        ["daddr", "date(", "datetime(", "delta", "desc", "direction", "distinct", "dport", "drops"]
      ),
      ("SELECT * FROM losses", "WHERE ca", "ca", ["capture", "captures", "case", "cast", "cause"]),
      ("SELECT", "TIM", "TIM", ["time", "time(", "time_bucket("]),
      ("", "SELECT 1 WHERE reason = 'X", "X", ["XDP", "X_Y"]), ("SELECT '", "X", "X", ["XDP", "X_Y"]),
      ("", ".t", ".t", [".tables", ".timer"]), ("", ".timer o", "o", ["off", "on"]),
      ("SELECT", ".t", "t", []),
      ("", "SELECT zz", "zz", []), ("", "é", "", nil),
    ] as [(String, String, String, [String]?)])
  func context(earlier: String, line: String, word: String, names: [String]?) {
    let completion = ShellCompletion { ["XDP", "X_Y", "NO_SOCKET"] }
    let found = completion.names(for: line, after: earlier)
    #expect(found.word == word)
    if earlier == "SELECT", line == ".t" { return }
    if let names { #expect(found.names == names) }
  }

  @Test func sharedBeginning() {
    #expect(LineEditor.sharedBeginning(of: []) == nil)
    #expect(LineEditor.sharedBeginning(of: ["saddr"]) == "saddr")
    #expect(LineEditor.sharedBeginning(of: ["time", "TIME_bucket(", "timer"]) == "time")
    #expect(LineEditor.sharedBeginning(of: ["a", "b"]) == "")
  }
}

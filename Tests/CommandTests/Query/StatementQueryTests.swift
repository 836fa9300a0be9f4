import DropStore
import Foundation
import SampleDatabase
import Testing

@testable import dropdb

@Suite struct StatementQueryTests {
  private static let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"

  private func query(_ arguments: String..., database: SampleDatabase) throws -> DropDBProcess {
    try DropDBProcess.run(DropDBProcess.path, ["query", "--db", database.path] + arguments, environment: [:])
  }

  @Test(
    "A file's statements are answered in turn, in every format",
    arguments: [
      ("csv", "a\r\n1\r\n\nb,c\r\n2,3\r\n"), ("tsv", "a\n1\n\nb\tc\n2\t3\n"),
      ("jsonl", "{\"a\":1}\n{\"b\":2,\"c\":3}\n"),
      ("json", "[\n{\"a\":1}\n]\n[\n{\"b\":2,\"c\":3}\n]\n"), ("table", "a\n1\n\nb  c\n2  3\n"),
      ("markdown", "| a |\n| ---: |\n| 1 |\n\n| b | c |\n| ---: | ---: |\n| 2 | 3 |\n"),
    ])
  func several(format: String, text: String) throws {
    let sample = try SampleDatabase()
    let script = """
      printf 'SELECT 1 AS a; -- one\\n/* two; */ SELECT 2 AS b, :c AS c' |
        "$DROPDB" query --db "$DB" -f - -p c=3 --format \(format)
      """
    let result = try DropDBProcess.shell(script, environment: ["DB": sample.path])
    #expect(result.status == 0, "\(result.error)")
    if format == "markdown" {
      #expect(result.text.split(separator: "\n", omittingEmptySubsequences: false).count == 8)
    } else {
      #expect(result.text == text)
    }
  }

  @Test("A file is checked before its first statement runs")
  func checked() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.shell(
      "printf 'SELECT 1;\\nSELECT 2;\\n\\tSELECT nope' | \"$DROPDB\" query --db \"$DB\" -f -",
      environment: ["DB": sample.path])
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.error.contains("(line 3)\n   SELECT nope\n          ^\n"))
  }

  @Test(
    "A file that is none is told",
    arguments: [
      ("query -f /nonexistent/x.sql", "No such file", 1), ("query -f /", "directory", 1),
      ("query -f /dev/null", "there is no statement", 1), ("query -f <(printf '\\377')", "UTF-8", 1),
      ("query -f <(head -c 1000001 /dev/zero)", "more than SQLite takes", 1),
      ("query -f x 'SELECT 1'", "twice", 2),
      ("query -p a=1", "-p is for SQL", 2), ("query -p a 'SELECT :a'", "NAME=VALUE", 2),
      ("query --timeout soon 'SELECT 1'", "--timeout takes", 2),
    ])
  func files(command: String, words: String, status: Int32) throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.shell("\"$DROPDB\" \(command) --db '\(sample.path)'")
    #expect(result.status == status)
    #expect(result.error.contains(words), "\(result.error)")
  }

  @Test(
    "A value is what it looks like",
    arguments: [
      ("5", .integer(5)), ("-5", .integer(-5)), ("9223372036854775808", .real(9_223_372_036_854_775_808)),
      ("1.5", .real(1.5)),
      ("1e3", .real(1000)), ("text:5", .text("5")), ("'5'", .text("5")), ("\"5\"", .text("5")),
      ("'", .text("'")),
      ("", .text("")), ("nan", .text("nan")), ("0x10", .text("0x10")), ("1e999", .text("1e999")),
      ("NULL", .null),
      ("text:NULL", .text("NULL")), ("10.0.0.1", .text("10.0.0.1")), ("a=b", .text("a=b")),
    ] as [(String, SQLValue)])
  func values(text: String, value: SQLValue) {
    #expect(StatementParameters.value(text) == value)
  }

  @Test("Parameters go by name or number; none may be missing or left over")
  func parameters() throws {
    let sample = try SampleDatabase()
    let sql = "SELECT :a AS a, @a AS b, $c AS c, ?9 AS d, ? AS e"
    let result = try query(
      sql, "-p", "a=1", "-p", ":c=x", "-p", "9=-2", "-p", "10=text:3", "--format", "jsonl", database: sample)
    // Of ?9 SQLite makes nine parameters; those between are not in the SQL.
    #expect(result.text == "{\"a\":1,\"b\":1,\"c\":\"x\",\"d\":-2,\"e\":\"3\"}\n", "\(result.error)")
    let simple = try query(
      "SELECT ?1 || ?2 AS x, ? AS y", "-p", "1=a", "-p", "2=b", "-p", "3=c", "--format", "csv",
      database: sample)
    #expect(simple.text == "x,y\r\nab,c\r\n", "\(simple.error)")
    let missing = try query("SELECT :reason, :x", "-p", "x=1", database: sample)
    #expect(missing.status == 2 && missing.error.contains(":reason") && missing.output.isEmpty)
    let superfluous = try query("SELECT :reason", "-p", "reason=1", "-p", "reson=1", database: sample)
    #expect(superfluous.status == 2 && superfluous.error.contains("did you mean reason?"))
  }

  @Test(
    "An error shows its place, and what may have been meant",
    arguments: [
      (
        "SELECT reson FROM drops", "no such column: reson; did you mean reason, reason_value?",
        "  SELECT reson FROM drops\n         ^\n"
      ),
      (
        "SELECT 'dropz'\nFROM dropz", "no such table: dropz; did you mean drops? (line 2)",
        "  FROM dropz\n       ^\n"
      ),
      ("SELECT stak_text(1)", "did you mean stack_text?", "         ^\n"),
      ("SELECT cuont(*) FROM drops", "did you mean count?", "         ^\n"),
      ("SELECT parse_time()", "it is parse_time(text)", "         ^\n"),
      (
        "SELECT\t'漢é', nope FROM losses", "'dropdb schema losses' lists the columns",
        "  SELECT '漢é', nope FROM losses\n                ^\n"
      ),
      ("SELECT '\u{1b}', nope", "no such column", "  SELECT '\\x1b', nope\n                 ^\n"),
      ("SELECT (1", "incomplete input", "  SELECT (1\n           ^\n"),
      ("DELETE FROM event", "reads", "  DELETE FROM event\n  ^\n"),
      (
        "SELECT cidr_match('x', '::/0')", "cidr_match: the first argument",
        "  SELECT cidr_match('x', '::/0')\n         ^\n"
      ),
      (
        " SELECT 'regexp(',\n regexp ('(', 'a')", "regexp: the pattern '(' is wrong",
        "  regexp ('(', 'a')\n   ^\n"
      ),
      ("SELECT 'a' REGEXP '('", "is wrong", "  SELECT 'a' REGEXP '('\n             ^\n"),
      ("SELECT regexp('a', 'a'), regexp('(', 'a')", "is wrong: Unmatched ( or \\(", ""),
      ("SELECT 1 WHERE 1 = = 2", "syntax error", "                     ^\n"),
    ])
  func places(sql: String, words: String, lines: String) throws {
    let sample = try SampleDatabase()
    let result = try query(sql, database: sample)
    #expect(result.status == 1)
    #expect(result.error.contains(words), "\(result.error)")
    #expect(result.error.hasSuffix(lines), "\(result.error)")
  }

  @Test("A long line is cut around the place")
  func longLine() throws {
    let sample = try SampleDatabase()
    let result = try query(
      "SELECT '\(String(repeating: "a", count: 300))', nope, '\(String(repeating: "b", count: 300))'",
      database: sample)
    let lines = result.error.split(separator: "\n")
    #expect(lines.count == 3 && lines[1].count < 120)
    let place = try #require(lines[2].firstIndex(of: "^"))
    #expect(lines[1].dropFirst(lines[2].distance(from: lines[2].startIndex, to: place)).hasPrefix("nope"))
  }

  @Test("A query ends when its time is over, and what was written is valid")
  func timeout() throws {
    let sample = try SampleDatabase()
    let result = try query(
      Self.endless + " SELECT i FROM n WHERE i < 4 OR i < 0", "--timeout", "1s", "--format", "json",
      database: sample)
    #expect(result.status == 1)
    #expect(result.error == "dropdb: the query was ended: it took longer than --timeout allows\n")
    // A busy machine may not have come so far.
    let rows = result.output.isEmpty ? [] : try QueryCommandTests.json(result)
    #expect([1, 2, 3].starts(with: rows.compactMap { $0["i"] as? Int }))
    #expect(try query("SELECT 1", "--timeout", "1h", database: sample).status == 0)
  }

  @Test("A signal ends a query at once", arguments: [("INT", 130), ("TERM", 143), ("HUP", 129)])
  func signals(name: String, status: Int32) throws {
    let sample = try SampleDatabase()
    // Not as a job of the shell, for which it would ignore SIGINT.
    let script = """
      import json, os, signal, subprocess, sys, time
      child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
      while child.stdout.read(1) != b"[": pass
      child.send_signal(signal.SIG\(name))
      out, err = child.communicate(timeout=300)
      assert json.loads(b"[" + out)[-1]["i"] > 1000
      sys.stderr.buffer.write(err)
      sys.exit(child.returncode)
      """
    let result = try DropDBProcess.run(
      "/usr/bin/python3",
      [
        "-c", script, DropDBProcess.path, "query", "--db", sample.path, "--format", "json",
        Self.endless + " SELECT i FROM n",
      ],
      environment: [:])
    #expect(result.status == status, "\(result.error)")
    #expect(result.error == "dropdb: the query was ended\n")
  }

  @Test("A signal ends it also when nobody reads what it writes")
  func stuck() throws {
    let sample = try SampleDatabase()
    let script = """
      import os, select, signal, subprocess, sys, time
      child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
      select.select([child.stdout], [], [])
      time.sleep(0.2)
      child.send_signal(signal.SIGINT)
      sys.exit(128 - child.wait(timeout=300))
      """
    let result = try DropDBProcess.run(
      "/usr/bin/python3",
      [
        "-c", script, DropDBProcess.path, "query", "--db", sample.path, "--format", "csv",
        Self.endless + " SELECT i FROM n",
      ],
      environment: [:])
    #expect(result.status == 130, "\(result.error)")
  }

  @Test("A reader that goes away ends it without a word")
  func closedPipe() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.shell(
      "\"$DROPDB\" query --db \"$DB\" --format csv \"$SQL\" | head -n 2",
      environment: ["DB": sample.path, "SQL": Self.endless + " SELECT i FROM n"])
    #expect(result.text == "i\r\n1\r\n")
    #expect(result.error.isEmpty)
  }
}

import Foundation
import SampleDatabase
import Testing

@Suite struct QueryCommandTests {
  static func json(_ result: DropDBProcess) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: result.output) as? [[String: Any]])
  }

  @Test("Without SQL the latest drops come, the newest last")
  func latest() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run("query", "--db", sample.path)
    #expect(result.status == 0 && result.error.isEmpty)
    let lines = result.text.split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines[0].hasPrefix("time"))
    #expect(lines[1].hasPrefix("2026-11-20 02:10:00.000000+00:00  NO_SOCKET"))
    #expect(lines[1].contains("  10.0.0.1:4000   10.0.0.2:53  "))
    // It was only interrupted by the packet.
    #expect(!lines[1].contains("innocent"))
    #expect(lines[6].contains("openvswitch:1") && lines[6].contains("[fd00::1]:5000"))
  }

  @Test("A limit takes the newest, and it is said that there are more")
  func limit() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run("query", "--db", sample.path, "--limit", "2", "--format", "json")
    let rows = try Self.json(result)
    #expect(
      rows.map { $0["time"] as? String } == ["2026-11-20T02:10:04.000000Z", "2026-11-20T02:20:00.000000Z"])
    #expect(rows[1].count == 49)
    #expect(result.error.contains("there are older drops"))
    let all = try DropDBProcess.run("query", "--db", sample.path, "--limit", "0", "--format", "json")
    #expect(try Self.json(all).count == 6)
    #expect(all.error.isEmpty)
  }

  @Test("A range includes its beginning and not its end")
  func range() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run(
      "query", "--db", sample.path, "--since", "2026-11-20 02:10:01", "--until", "2026-11-20 02:10:03",
      "--format", "jsonl")
    #expect(result.text.split(separator: "\n").count == 2)
    let empty = try DropDBProcess.run(
      "query", "--db", sample.path, "--since", "-2h", "--until", "-1h", "--format", "json")
    #expect(empty.status == 0)
    #expect(empty.text == "[]\n")
    #expect(empty.error.contains("no drop is recorded in this range"))
  }

  @Test(
    "SQL selects from the views", arguments: ["drops", "tallies", "stacks", "reasons", "captures", "losses"])
  func views(view: String) throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run(
      "query", "SELECT * FROM \(view)", "--format", "json", "--db", sample.path)
    #expect(result.status == 0, "\(result.error)")
    #expect(try view == "stacks" || !Self.json(result).isEmpty)
  }

  @Test("The database is the option, else the variable, else what the file of configuration names")
  func database() throws {
    let sample = try SampleDatabase()
    let sql = "SELECT sum(packets) AS n FROM tallies"
    let file = sample.path + ".conf"
    /// A file with a mistake that only a capture minds.
    func ask(_ database: String) throws -> DropDBProcess {
      try Data("rign-size = 1\n\(database)\n".utf8).write(to: URL(fileURLWithPath: file))
      return try DropDBProcess.run("query", sql, "--format", "csv", environment: ["DROPDB_CONFIG": file])
    }
    #expect(try ask("db = \"\(sample.path)\"").text == "n\r\n8\r\n")
    let named = try DropDBProcess.run(
      "query", sql, "--format", "csv", "--db", sample.path, environment: ["DROPDB_CONFIG": file])
    #expect(named.text == "n\r\n8\r\n")
    for (line, message) in [("db = 1", "line 2: 'db' takes a text in quotes"), ("db = \"", "line 2")] {
      let wrong = try ask(line)
      #expect(wrong.status == 2 && wrong.output.isEmpty)
      #expect(wrong.error.contains("\(file), \(message)") && wrong.error.contains("--db names the database"))
    }
    let none = try DropDBProcess.run(
      "query", sql, "--format", "csv",
      environment: ["DROPDB_CONFIG": file, "DROPDB_DATABASE": sample.path])
    #expect(none.text == "n\r\n8\r\n")
    let result = try DropDBProcess.run(
      "query", sql, "--format", "csv", environment: ["DROPDB_DATABASE": sample.path])
    #expect(result.text == "n\r\n8\r\n")
    let missing = try DropDBProcess.run(
      "query", "--db", "/nonexistent/\u{1b}x.db", environment: ["DROPDB_DATABASE": sample.path])
    #expect(missing.status == 1 && missing.output.isEmpty)
    #expect(missing.error.contains("/nonexistent/\\x1bx.db"))
  }

  @Test(
    "Wrong usage is told from failure",
    arguments: [
      (["SELECT 1", "--since", "today"], 2, "compare ts"), (["SELECT 1", "--limit", "5"], 2, "write LIMIT"),
      (["--limit", "-1"], 2, "--limit"), (["--since", "soon"], 2, "'soon' is no time"),
      (["--format", "xml"], 2, "xml"),
      (["--since", "now", "--until", "-1h"], 2, "before it begins"), (["--nonsense"], 2, "nonsense"),
      (["SELEKT 1"], 1, "SELEKT"), (["DELETE FROM event"], 1, "only"),
      (["SELECT 1; SELECT 2"], 1, "second statement"),
    ])
  func usage(arguments: [String], status: Int32, words: String) throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run(
      DropDBProcess.path, ["query", "--db", sample.path] + arguments, environment: [:])
    #expect(result.status == status)
    #expect(result.output.isEmpty)
    #expect(result.error.contains(words), "\(result.error)")
  }

  @Test("JSON is valid also after an error midway")
  func errorMidway() throws {
    let sample = try SampleDatabase()
    let sql = """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9)
      SELECT iif(i = 3, abs(-9223372036854775808), i) AS i FROM n
      """
    let result = try DropDBProcess.run("query", sql, "--db", sample.path, "--format", "json")
    #expect(result.status == 1)
    #expect(try Self.json(result).count == 2)
    #expect(result.error.contains("overflow"))
  }

  @Test(
    "Hostile names are harmless in every format",
    arguments: ["table", "json", "jsonl", "csv", "tsv", "markdown"])
  func hostile(format: String) throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run(
      "query", "SELECT comm, interface, symbol FROM drops WHERE pid = 8", "--format", format, "--db",
      sample.path)
    #expect(result.status == 0)
    #expect(!result.output.contains(0x1b))
    #expect(String(data: result.output, encoding: .utf8) != nil)
    #expect(result.text.contains("\u{fffd}"))
    if ["json", "jsonl", "markdown"].contains(format) { #expect(!result.text.contains("<script>")) }
    if ["csv", "tsv"].contains(format) { #expect(result.text.contains("'=cmd|")) }
    // However it is told that there was a line end, only CSV may have one inside a cell.
    let lines = result.output.split(separator: UInt8(ascii: "\n")).count
    #expect(lines == ["table": 2, "json": 3, "jsonl": 1, "csv": 3, "tsv": 2, "markdown": 3][format])
  }

  @Test(
    "Python's csv module reads CSV",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
  func python() throws {
    let sample = try SampleDatabase()
    let script = """
      "$DROPDB" query --db "$DB" --limit 0 --format csv | python3 -c '
      import csv, json, sys
      sys.stdin.reconfigure(encoding="utf-8", newline="")
      print(json.dumps([row for row in csv.reader(sys.stdin, strict=True)]))'
      """
    let result = try DropDBProcess.shell(script, environment: ["DB": sample.path])
    let rows = try #require(try JSONSerialization.jsonObject(with: result.output) as? [[String]])
    #expect(rows.count == 7)
    #expect(Set(rows.map(\.count)) == [49])
    let comm = try #require(rows[0].firstIndex(of: "comm"))
    #expect(rows[6][comm] == "\\x1b[2J\n\u{fffd}<b>|x")
  }

  @Test("It ends quietly when its reader has had enough", arguments: ["", "trap '' PIPE; "])
  func brokenPipe(prefix: String) throws {
    let sample = try SampleDatabase()
    let script =
      prefix + """
        "$DROPDB" query --db "$DB" --format csv \
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT i FROM n" | head -1
        """
    let result = try DropDBProcess.shell(script, environment: ["DB": sample.path])
    #expect(result.text == "i\r\n")
    #expect(result.error.isEmpty)
  }

  @Test("An output that cannot be written to is a failure")
  func fullOutput() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.shell(
      "\"$DROPDB\" query --db \"$DB\" > /dev/full", environment: ["DB": sample.path])
    #expect(result.status == 1)
    #expect(result.error.contains("standard output cannot be written to"))
  }

  @Test(
    "A terminal gets colours, unless NO_COLOR is set",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
  func terminal() throws {
    let sample = try SampleDatabase()
    let script =
      "python3 -c 'import os, pty, sys; sys.exit(pty.spawn(sys.argv[1:]))' \"$DROPDB\" query --db \"$DB\" "
      + "--columns time,reason,location"
    let environment = ["DB": sample.path, "TERM": "xterm", "COLUMNS": "60"]
    let colored = try DropDBProcess.shell(script, environment: environment)
    #expect(colored.text.hasPrefix("\u{1b}[1mtime"))
    #expect(colored.text.contains("…"))
    let plain = try DropDBProcess.shell(script, environment: environment.merging(["NO_COLOR": "1"]) { $1 })
    #expect(!plain.text.contains("\u{1b}") && plain.text.contains("time"))
  }

  @Test("Every command has help with examples", arguments: ["query", "report", "reasons", "schema", "shell"])
  func help(command: String) throws {
    let result = try DropDBProcess.run(command, "--help")
    #expect(result.status == 0)
    #expect(result.text.contains("Examples:") && result.text.contains("dropdb \(command)"))
  }
}

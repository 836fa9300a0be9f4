import Foundation
import SampleDatabase
import Testing

@Suite struct ImportCommandTests {
  private static let text = """
    bash 5114 [001] 24852.593646: skb:kfree_skb: skbaddr=0x1 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x91 reason: NO_SOCKET

    """

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(Self.text.utf8).write(to: folder.appendingPathComponent("perf.txt"))
    try body(folder.path)
  }

  @Test("Standard input and files are imported once, and the report has them")
  func once() throws {
    try withFolder { folder in
      let result = try DropDBProcess.shell(
        """
        cd '\(folder)'
        "$DROPDB" import - --db d.db --start '2026-11-20 03:10:05' --host web1 --kernel 6.12.1 <perf.txt &&
          "$DROPDB" import perf.txt --db d.db --start '2026-11-20 03:10:05' &&
          "$DROPDB" query --db d.db "SELECT time, reason, host, kernel FROM drops" --format csv
        "$DROPDB" report --db d.db --format json | jq -c '[.totals.counted, .reasons[].reason]' || true
        ls
        """)
      let lines = result.text.split(whereSeparator: \.isNewline).map(String.init)
      #expect(
        lines.prefix(4) == [
          "-: 1 drops added (perf, 2026-11-20 03:10:05.000000+00:00 to 2026-11-20 03:10:05.000000+00:00)",
          "perf.txt: known already, nothing added (perf, 2026-11-20 03:10:05.000000+00:00 to 2026-11-20 03:10:05.000000+00:00)",
          "time,reason,host,kernel", "2026-11-20T03:10:05.000000Z,NO_SOCKET,web1,6.12.1",
        ], "\(result.text) \(result.error)")
    }
  }

  @Test("Faults name the file and the line, and make no database")
  func faults() throws {
    try withFolder { folder in
      let result = try DropDBProcess.shell(
        """
        cd '\(folder)'
        "$DROPDB" import perf.txt --db d.db; echo $?
        echo 'what is this' >>perf.txt
        "$DROPDB" import perf.txt --db d.db --start @1795000000; echo $?
        "$DROPDB" import missing --db d.db; echo $?
        ls; ls ${TMPDIR:-/var/tmp} | grep -c "dropdb-import-.*$$" || true
        """, environment: ["TMPDIR": folder])
      #expect(result.text == "1\n1\n1\nperf.txt\n0\n", "\(result.text)")
      #expect(result.error.contains("dropdb: perf.txt:2: this is neither an event nor a stack"))
      #expect(result.error.contains("--boot-time"))
      #expect(result.error.contains("missing: cannot be read: No such file"))
    }
  }

  @Test("A database that is captured into is refused, and stays")
  func busy() throws {
    try withFolder { folder in
      let sample = try SampleDatabase()
      let result = try DropDBProcess.shell(
        """
        cd '\(folder)'
        exec 9<'\(sample.path)'; flock 9
        "$DROPDB" import perf.txt --db '\(sample.path)' --start @1795000000; echo $?
        """)
      #expect(result.text == "1\n", "\(result.text) \(result.error)")
      #expect(
        try DropDBProcess.run(
          "query", "SELECT count(*) FROM captures", "--db", sample.path, "--format", "csv"
        ).text == "count(*)\r\n2\r\n")
    }
  }

  @Test(
    "Wrong usage is told",
    arguments: [
      ["import"], ["import", "a", "--format", "pref"], ["import", "a", "b", "--start", "now"],
      ["import", "a", "--start", "now", "--boot-time", "now"], ["import", "-", "-"],
      ["import", "a", "--host", ""],
      ["import", "a", "--start", "noon"],
    ])
  func usage(arguments: [String]) throws {
    #expect(try DropDBProcess.run(DropDBProcess.path, arguments, environment: [:]).status == 2)
  }

  @Test("An import from a pipe that gives nothing ends when it is told to")
  func interrupted() throws {
    try withFolder { folder in
      let result = try DropDBProcess.shell(
        """
        cd '\(folder)'
        mkfifo pipe
        "$DROPDB" import pipe --db d.db --start now & child=$!
        exec 8>pipe
        cat perf.txt >&8
        kill -TERM $child
        wait $child; echo $?
        ls
        """)
      #expect(result.text == "1\nperf.txt\npipe\n", "\(result.text)")
      #expect(result.error.contains("interrupted"))
    }
  }
}

import Foundation
import Testing

extension LiveTests {
  /// Printing beside the capture, and those who read it.
  @Suite struct PrinterTests {
    private static let storm = """
      import socket
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for i in range(100000): s.sendto(b"x", ("127.0.0.1", 40401))
      """

    @Test func `A reader that takes nothing costs no count, and does not keep the capture from ending`()
      throws
    {
      let namespace = try NetworkNamespaceFixture()
      // Nobody reads this.
      let pipe = Pipe()
      let capture = try RunningCapture(["--print"], standardOutput: pipe)
      try namespace.python(Self.storm)
      // Stored although nothing can be printed any more.
      _ = try capture.rows(
        "SELECT 1 FROM (SELECT sum(packets) AS n FROM tallies WHERE netns = '\(namespace.name)') WHERE n = 100000",
        atLeast: 1)
      try capture.signal("INT")
      try capture.waitUntilEnded()
      withExtendedLifetime(pipe) {}

      #expect(capture.status == 1)
      #expect(
        capture.standardError.contains("standard output takes nothing any more"), "\(capture.standardError)")
      // The summary comes where there is somebody.
      let summary = try #require(
        try JSONSerialization.jsonObject(
          with: Data((capture.standardError.split(separator: "\n").last.map(String.init) ?? "").utf8))
          as? [String: Any])
      let counted = try #require(summary["counted"] as? Int)
      #expect(counted >= 100_000)
      #expect(try capture.rows("SELECT sum(packets) AS n FROM tallies").first?["n"] as? Int == counted)
      let row = try #require(try capture.rows("SELECT * FROM captures").first)
      #expect(row["end"] is String)
      #expect(row["counted"] as? Int == counted)
      #expect(
        try capture.rows("SELECT count(*) AS n FROM drops").first?["n"] as? Int == row["recorded"] as? Int)
    }

    @Test func `Each drop is printed, or told not to have been`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--print", "--keep-packets", "4096"])
      let start = try capture.peakMemory()
      try namespace.python(Self.storm)
      try capture.expectBoundedMemory(since: start)
      let summary = try capture.stop()
      let printed = capture.standardOutput.split(separator: "\n").count - 1
      let skipped = capture.standardError.matches(of: /(\d+) drops were not printed/).compactMap { Int($0.1) }
        .reduce(0, +)
      #expect(printed + skipped == summary["recorded"] as? Int)
      #expect(printed > 1000)
    }
  }
}

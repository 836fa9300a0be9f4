import Foundation
import Testing

extension LiveTests {
  /// Another program has the database locked, for longer than anybody waits.
  @Suite struct LockedDatabaseTests {
    /// How many drops the sender makes each time.
    private static let each = 5_000

    private static let sender = """
      import socket, time
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for i in range(\(each)):
        s.sendto(b"x", ("127.0.0.1", 40033))
        # Slower than the ring is emptied: what is lost is lost because it could not be stored.
        if i % 100 == 0: time.sleep(0.002)
      """

    @Test
    func `Meanwhile all is counted, what cannot be held is told as not stored, and nothing else is lost`()
      throws
    {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--record-routine"])
      // Of the drops of the time before, some are in the file.
      try namespace.python(
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 40033))")
      _ = try capture.rows("SELECT 1 FROM drops WHERE dport = 40033", atLeast: 1)
      let shell = try Live.privileged("sqlite3", ["-interactive", capture.database]).makeProcess()
      let (input, output) = (Pipe(), Pipe())
      shell.standardInput = input
      shell.standardOutput = output
      shell.standardError = FileHandle.nullDevice
      try shell.start()
      input.fileHandleForWriting.write(Data("BEGIN IMMEDIATE; SELECT 'loc' || 'ked';\n".utf8))
      var text = ""
      while !text.contains("locked") {
        let data = output.fileHandleForReading.availableData
        try #require(!data.isEmpty)
        text += String(decoding: data, as: UTF8.self)
      }
      // Until more came than is held in memory; on a busy machine the kernel's side may have thinned a part of that.
      var rounds = 0
      while rounds < 100, !capture.standardError.contains("more could not be kept") {
        try namespace.python(Self.sender)
        try capture.signal("USR1")
        rounds += 1
      }
      #expect(capture.standardError.contains("it is tried again every second"))
      #expect(
        try capture.rows("SELECT count(*) AS n FROM drops WHERE dport = 40033").first?["n"] as? Int == 1)
      input.fileHandleForWriting.write(Data("ROLLBACK;\n.quit\n".utf8))
      shell.waitUntilExit()
      try capture.waitUntilSaid("can be written to again")
      let summary = try capture.stop()

      let tallied = try #require(
        try capture.rows(
          "SELECT sum(packets) AS packets, sum(recorded) AS recorded FROM tallies WHERE netns = '\(namespace.name)'"
        ).first)
      #expect(tallied["packets"] as? Int == rounds * Self.each + 1)
      let events = try capture.rows("SELECT count(*) AS n FROM drops WHERE netns = '\(namespace.name)'")
      #expect(tallied["recorded"] as? Int == events.first?["n"] as? Int)
      let counted = try #require(summary["counted"] as? Int)
      let recorded = try #require(summary["recorded"] as? Int)
      let lost = try #require(summary["lost"] as? Int)
      let leftOut = try #require(summary["left_out"] as? Int)
      #expect(counted == recorded + lost + leftOut)
      let losses = try capture.rows("SELECT cause, sum(packets) AS n FROM losses GROUP BY cause")
      let sums = Dictionary(
        uniqueKeysWithValues: losses.map { ($0["cause"] as? String ?? "", $0["n"] as? Int ?? 0) })
      #expect(sums.values.reduce(0, +) == lost + leftOut, "\(sums)")
      #expect(sums["not_stored", default: 0] > 0, "\(sums)")
      #expect(try Live.privileged(Live.dropdb, ["check", "--db", capture.database]).run().status == 0)
    }
  }
}

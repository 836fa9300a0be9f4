import Foundation
import Testing

extension LiveTests {
  /// How much of a drop is recorded, and of which.
  @Suite struct RecordingTests {
    /// Sends so many frames of an EtherType that nobody speaks, each with its number in it.
    private static func unspoken(_ count: Int) -> String {
      PythonWire.script(
        """
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        wire.bind(("wire0", 0))
        for index in range(\(count)): wire.send(ether(b"frame %04d" % index + bytes(36), ethertype=0x88b5))
        """)
    }

    /// How the start says that not all that is counted is recorded.
    private static let announcement =
      "routine drops (closed sockets, purged queues, …) are all counted, but recorded as a sample"

    private func recorded(_ capture: RunningCapture, in namespace: NetworkNamespaceFixture) throws -> Int {
      // The datagram at the end of the script comes last.
      _ = try capture.rows(
        "SELECT 1 FROM drops WHERE netns = '\(namespace.name)' AND dport = \(PythonWire.endPort)", atLeast: 1)
      let tally = try #require(
        try capture.rows(
          """
          SELECT sum(packets) AS packets, sum(recorded) AS recorded FROM tallies
          WHERE netns = '\(namespace.name)' AND reason = 'UNHANDLED_PROTO'
          """
        ).first)
      #expect(tally["packets"] as? Int == 500)
      let events = try capture.rows(
        """
        SELECT count(*) AS n, min(routine) AS routine FROM drops
        WHERE netns = '\(namespace.name)' AND reason = 'UNHANDLED_PROTO'
        """
      ).first
      #expect(events?["n"] as? Int == tally["recorded"] as? Int)
      #expect(events?["routine"] as? Int == 1)
      return try #require(events?["n"] as? Int)
    }

    @Test func `Of routine drops a sample is recorded, and the rest is told as left out`() throws {
      let namespace = try NetworkNamespaceFixture()
      try namespace.addWire()
      let capture = try RunningCapture()
      try namespace.python(Self.unspoken(500))
      let events = try recorded(capture, in: namespace)
      // The first 16 of each second and CPU, and one in 64 of the others.
      #expect(16...200 ~= events)
      #expect(capture.standardError.contains(Self.announcement), "\(capture.standardError)")
      let sampled = try capture.rows("SELECT sum(packets) AS n FROM losses WHERE cause = 'sampled'").first
      #expect(try #require(sampled?["n"] as? Int) >= 500 - events)
      let summary = try capture.stop()
      #expect(try #require(summary["left_out"] as? Int) >= 500 - events)
      #expect(summary["lost"] as? Int == 0)
    }

    @Test(arguments: [["--record-routine"], ["--reason", "UNHANDLED_PROTO,NO_SOCKET"]])
    func `Whoever asks for routine drops gets them all`(options: [String]) throws {
      let namespace = try NetworkNamespaceFixture()
      try namespace.addWire()
      let capture = try RunningCapture(options)
      try namespace.python(Self.unspoken(500))
      #expect(try recorded(capture, in: namespace) == 500)
      #expect(!capture.standardError.contains(Self.announcement), "\(capture.standardError)")
    }

    @Test func `Kept packets are those that were sent, from the link's header on`() throws {
      let namespace = try NetworkNamespaceFixture()
      try namespace.addWire()
      let capture = try RunningCapture(["--keep-packets", "200", "--record-routine"])
      try namespace.python(Self.unspoken(20))
      _ = try capture.rows(
        "SELECT 1 FROM drops WHERE netns = '\(namespace.name)' AND dport = \(PythonWire.endPort)", atLeast: 1)
      let rows = try capture.rows(
        """
        SELECT link, network_offset, packets.length AS length, hex(bytes) AS bytes FROM packets JOIN drops USING (ts)
        WHERE netns = '\(namespace.name)' AND reason = 'UNHANDLED_PROTO' ORDER BY ts
        """)
      #expect(rows.count == 20)
      for (index, row) in rows.enumerated() {
        let payload = "frame \(String(format: "%04d", index))".utf8.map { String(format: "%02X", $0) }
          .joined()
        #expect(
          row["bytes"] as? String
            == "02000000000102000000000288B5" + payload + String(repeating: "00", count: 36))
        #expect(row["link"] as? String == "Ethernet")
        #expect(row["network_offset"] as? Int == 14)
        #expect(row["length"] as? Int == 60)
      }
      // Loopback has no Ethernet: there a packet begins with IP, and what is longer is cut.
      let others = try capture.rows(
        """
        SELECT link, hex(substr(bytes, 1, 1)) AS first FROM packets JOIN drops USING (ts)
        WHERE netns = '\(namespace.name)' AND dport = \(PythonWire.endPort)
        """)
      #expect(others.first?["link"] as? String == "IP")
      #expect(others.first?["first"] as? String == "45")
    }

    // Of a sample also those that are known again, which depends on when the first was learnt.
    @Test(arguments: [("all", 300...300), ("none", 0...0), ("sample", 8...300)])
    func `Stacks are taken of as many as asked`(_ stacks: String, _ expected: ClosedRange<Int>) throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--stacks", stacks])
      try namespace.python(
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for i in range(300): s.sendto(b"x", ("127.0.0.1", 40077))
        """)
      let mine = "netns = '\(namespace.name)' AND dport = 40077"
      _ = try capture.rows("SELECT 1 FROM drops WHERE \(mine)", atLeast: 300)
      let counts = try capture.rows("SELECT count(stack) AS n FROM drops WHERE \(mine)").first
      #expect(expected ~= (try #require(counts?["n"] as? Int)))
    }

    @Test func `The socket that lost a packet is named by its cookie and its user`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture()
      let cookie = try namespace.python(
        """
        import os, socket, struct
        SO_COOKIE = 57
        os.setuid(12345)
        owned = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        owned.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        owned.bind(("127.0.0.1", 40078))
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for i in range(100): sender.sendto(bytes(1000), ("127.0.0.1", 40078))
        # Asked for last: the capture has to see it without.
        print(struct.unpack("Q", owned.getsockopt(socket.SOL_SOCKET, SO_COOKIE, 8))[0])
        """
      ).trimmingCharacters(in: .whitespacesAndNewlines)
      let rows = try capture.rows(
        """
        SELECT DISTINCT cookie, uid, direction FROM drops
        WHERE netns = '\(namespace.name)' AND dport = 40078 AND reason = 'SOCKET_RCVBUFF'
        """, atLeast: 1)
      #expect(rows.count == 1)
      #expect(rows.first?["cookie"] as? Int == Int(cookie))
      #expect(rows.first?["uid"] as? Int == 12345)
      #expect(rows.first?["direction"] as? String == "received")
    }
  }
}

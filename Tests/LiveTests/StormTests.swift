import Foundation
import Testing

extension LiveTests {
  /// More drops than anything can record: counted exactly all the same.
  @Suite struct StormTests {
    /// Sends so many datagrams to a closed port, from two senders at once.
    private static let sender = """
      import os, socket, sys
      count = int(sys.argv[1])
      child = os.fork()
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for i in range(count // 2): s.sendto(b"storm", ("127.0.0.1", 40010))
      if child:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
      """

    private func balance(
      _ capture: RunningCapture, _ summary: [String: Any], in namespace: NetworkNamespaceFixture,
      of count: Int = 300_000
    ) throws {
      let tallied = try #require(
        try capture.rows(
          "SELECT sum(packets) AS packets, sum(recorded) AS recorded FROM tallies WHERE netns = '\(namespace.name)'"
        ).first)
      #expect(tallied["packets"] as? Int == count)
      let events =
        try capture.rows("SELECT count(*) AS n FROM drops WHERE netns = '\(namespace.name)'").first?["n"]
        as? Int
      #expect(tallied["recorded"] as? Int == events)

      let counted = try #require(summary["counted"] as? Int)
      let recorded = try #require(summary["recorded"] as? Int)
      let lost = try #require(summary["lost"] as? Int)
      let leftOut = try #require(summary["left_out"] as? Int)
      #expect(counted == recorded + lost + leftOut)
      #expect(try capture.rows("SELECT sum(packets) AS n FROM tallies").first?["n"] as? Int == counted)
      #expect(try capture.rows("SELECT count(*) AS n FROM drops").first?["n"] as? Int == recorded)
      #expect(
        try capture.rows("SELECT ifnull(sum(packets), 0) AS n FROM losses").first?["n"] as? Int
          == lost + leftOut)
    }

    @Test func `300000 drops are counted exactly, and those not recorded are told as lost`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture()
      let start = try capture.peakMemory()
      try namespace.python(Self.sender, ["300000"])
      try capture.expectBoundedMemory(since: start)
      try balance(capture, try capture.stop(), in: namespace)
    }

    @Test func `In a ring of 64 KiB, counts stay exact, and what did not fit is told`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--ring-size", "64KiB", "--stacks", "all"])
      try namespace.python(Self.sender, ["300000"])
      try balance(capture, try capture.stop(), in: namespace)
    }

    /// Few drops are counted by their events, and many by the kernel's table: each must go on where the other left off.
    @Test func `Each site is counted exactly through calm and storms`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--ring-size", "64KiB"])
      try namespace.python(
        """
        import socket, time
        four, six = (socket.socket(family, socket.SOCK_DGRAM) for family in (socket.AF_INET, socket.AF_INET6))
        for turn in range(4):
          for i in range(100):
            four.sendto(b"calm", ("127.0.0.1", 40010))
            six.sendto(b"calm!", ("::1", 40010))
            time.sleep(0.01)
          for i in range(20000): four.sendto(b"storm!", ("127.0.0.1", 40010))
        """)
      try balance(capture, try capture.stop(), in: namespace, of: 4 * 20_200)
      let sites = try capture.rows(
        """
        SELECT protocol, sum(packets) AS packets, sum(bytes) AS bytes, sum(recorded) AS recorded,
          (SELECT count(*) FROM drops WHERE netns = tallies.netns AND protocol = tallies.protocol) AS events
        FROM tallies WHERE netns = '\(namespace.name)' GROUP BY protocol ORDER BY protocol
        """)
      #expect(sites.map { $0["protocol"] as? String } == ["IPv4", "IPv6"])
      #expect(sites.map { $0["packets"] as? Int } == [4 * 20_100, 4 * 100])
      #expect(sites.map { $0["bytes"] as? Int } == [4 * (100 * 32 + 20_000 * 34), 4 * 100 * 53])
      #expect(sites.map { $0["recorded"] as? Int } == sites.map { $0["events"] as? Int })
    }

    @Test func `Nothing is miscounted while nobody reads the ring`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture()
      // Nobody drains the ring, so it fills; the kernel counts on.
      try capture.signal("STOP")
      let begin = Int(Date().timeIntervalSince1970)
      try namespace.python(Self.sender, ["300000"])
      let end = Int(Date().timeIntervalSince1970)
      // The seconds are those of the drops, not that in which they are read.
      sleep(2)
      try capture.signal("CONT")
      let summary = try capture.stop()

      try balance(capture, summary, in: namespace)
      let losses = try capture.rows(
        """
        SELECT cause, ts / 1000000000 AS second, packets FROM losses WHERE cause IN ('ring_full', 'thinned')
        """)
      let inTime = losses.filter { begin...end ~= $0["second"] as? Int ?? 0 }
      #expect((inTime.compactMap { $0["packets"] as? Int }).reduce(0, +) > 100_000)
    }

    /// Only the thread that stores is stopped, as by a disk that makes wait; the one that drains goes on.
    @Test func `Nothing is lost while the disk makes wait for 40000 drops`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture()
      try Live.privileged(
        "python3",
        [
          "-c",
          """
          import ctypes, os, subprocess, sys
          libc, pid = ctypes.CDLL(None, use_errno=True), int(sys.argv[1])
          SEIZE, INTERRUPT, DETACH, ALL_THREADS = 0x4206, 0x4207, 17, 0x40000000
          for request in (SEIZE, INTERRUPT):
              assert libc.ptrace(request, pid, None, None) == 0, os.strerror(ctypes.get_errno())
          os.waitpid(pid, ALL_THREADS)
          subprocess.run(["ip", "netns", "exec", sys.argv[2], "python3", "-c", sys.argv[3]], check=True)
          assert libc.ptrace(DETACH, pid, None, None) == 0, os.strerror(ctypes.get_errno())
          """, try capture.pid(), namespace.name,
          """
          import socket, time
          s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
          for turn in range(80):
            for i in range(500): s.sendto(b"storm", ("127.0.0.1", 40010))
            time.sleep(0.002)
          """,
        ]
      ).succeed()
      try balance(capture, try capture.stop(), in: namespace, of: 40_000)
      #expect(
        try capture.rows("SELECT count(*) AS n FROM drops WHERE netns = '\(namespace.name)'").first?["n"]
          as? Int
          == 40_000)
    }

    @Test func `A quiet site stays visible beside a loud one, though the ring is full of that`() throws {
      let loud = try NetworkNamespaceFixture()
      let quiet = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--ring-size", "64KiB"])
      try capture.signal("STOP")
      try loud.python(Self.sender, ["50000"])
      try quiet.python(Self.sender, ["10"])
      try capture.signal("CONT")
      let summary = try capture.stop()

      #expect(try #require(summary["counted"] as? Int) >= 50_010)
      let events = try capture.rows("SELECT netns, count(*) AS n FROM drops GROUP BY 1")
      let recorded = Dictionary(
        uniqueKeysWithValues: events.map { ($0["netns"] as? String, $0["n"] as? Int ?? 0) })
      // The last eighth of the ring is for the first four of each site, second and CPU.
      #expect(try #require(recorded[quiet.name]) >= 4)
      #expect(try #require(recorded[loud.name]) < 1000)
      let losses = try capture.rows("SELECT cause, sum(packets) AS n FROM losses GROUP BY 1")
      #expect(losses.map { $0["cause"] as? String } == ["thinned"])
      #expect(try #require(losses.first?["n"] as? Int) > 49_000)
    }
  }
}

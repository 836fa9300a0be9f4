import Foundation
import Testing

extension LiveTests {
  /// How a capture ends: as asked, by force, or because it cannot go on.
  @Suite struct EndTests {
    private static let oneDrop =
      "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('127.0.0.1', 40030))"

    @Test(arguments: ["INT", "TERM"])
    func `A signal ends it with everything written and a summary`(signal: String) throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture()
      try namespace.python(Self.oneDrop)
      let summary = try capture.stop(signal: signal)
      let row = try #require(try capture.rows("SELECT * FROM captures").first)
      #expect(row["end"] is String)
      #expect(row["counted"] as? Int == summary["counted"] as? Int)
      #expect(try capture.rows("SELECT 1 FROM drops WHERE dport = 40030").count == 1)
    }

    @Test func `Its time ends it`() throws {
      let capture = try RunningCapture(["--duration", "300ms"])
      try capture.waitUntilEnded()
      #expect(capture.status == 0)
      #expect((try capture.summary()["seconds"] as? Double ?? 0) >= 0.3)
    }

    @Test
    func `Killed under load, it leaves a whole database, and lacks no more than its last moments`()
      throws
    {
      for _ in 0..<5 {
        let namespace = try NetworkNamespaceFixture()
        let capture = try RunningCapture()
        let sender = try Live.privileged(
          "ip",
          [
            "netns", "exec", namespace.name, "timeout", "20", "python3", "-c",
            """
            import socket, time
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            while True:
              for i in range(50): s.sendto(b"x", ("127.0.0.1", 40031))
              time.sleep(0.001)
            """,
          ]
        ).makeProcess()
        try sender.start()
        _ = try capture.rows("SELECT 1 FROM drops WHERE dport = 40031 LIMIT 2000", atLeast: 2000)
        let killed = Date().timeIntervalSince1970
        try capture.signal("KILL")
        try capture.waitUntilEnded()
        sender.terminate()
        sender.waitUntilExit()

        #expect(try capture.rows("PRAGMA integrity_check").first?["integrity_check"] as? String == "ok")
        #expect(try capture.rows("PRAGMA foreign_key_check").isEmpty)
        let row = try #require(
          try capture.rows("SELECT counted, recorded, \"end\" AS ended FROM captures").first)
        #expect(row["ended"] is NSNull)
        // What was committed agrees with itself.
        #expect(
          try capture.rows("SELECT sum(packets) AS n FROM tallies").first?["n"] as? Int == row["counted"]
            as? Int)
        #expect(
          try capture.rows("SELECT count(*) AS n FROM drops").first?["n"] as? Int == row["recorded"] as? Int)
        #expect(
          try capture.rows("SELECT sum(recorded) AS n FROM tallies").first?["n"] as? Int == row["recorded"]
            as? Int)
        let last = try #require(
          try capture.rows("SELECT max(ts) / 1e9 AS s FROM drops").first?["s"] as? Double)
        // A batch is due after a quarter of a second; on a busy machine it has to wait for a CPU, and for the disk.
        #expect(killed - last < 5, "missing \(killed - last) s")
        // And the readers read it, without root.
        #expect(try Command(Live.dropdb, ["report", "--db", capture.database]).run().status == 0)
      }
    }

    @Test func `On a full disk it goes on counting, and with room again the gap is in the file`() throws {
      let folder = try TemporaryFolder()
      try Live.privileged("mount", ["-t", "tmpfs", "-o", "size=1m,mode=0777", "tmpfs", folder.path]).succeed()
      defer { _ = try? Live.privileged("umount", ["-l", folder.path]).run() }
      let namespace = try NetworkNamespaceFixture()
      let database = folder.file("drops.db")
      let capture = try RunningCapture(["--db", database, "--record-routine"])
      try namespace.python(
        "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nfor i in range(200000): s.sendto(b'x', ('127.0.0.1', 40032))"
      )
      try capture.waitUntilSaid("file system is full")
      #expect(capture.isRunning)
      #expect(capture.standardError.contains(database), "\(capture.standardError)")
      // What was committed is sound meanwhile.
      let check = Live.privileged(
        "sqlite3", [database, "PRAGMA integrity_check; SELECT count(*) > 0 FROM captures"])
      #expect(try check.succeed() == "ok\n1\n")

      try Live.privileged("mount", ["-o", "remount,size=256m", folder.path]).succeed()
      try capture.waitUntilSaid("can be written to again")
      let summary = try capture.stop()
      let counted = try #require(summary["counted"] as? Int)
      #expect(counted >= 200_000)
      let sums = Live.privileged(
        "sqlite3",
        [database, "SELECT sum(packets), sum(recorded) = (SELECT count(*) FROM drops) FROM tallies"])
      #expect(try sums.succeed() == "\(counted)|1\n")
      #expect(try Live.privileged(Live.dropdb, ["check", "--db", database]).run().status == 0)
    }

    @Test func `A capture into a database that another one writes is refused with its pid`() throws {
      let capture = try RunningCapture()
      let second = try Live.privileged(
        Live.dropdb, ["capture", "--db", capture.database, "--duration", "1s"]
      )
      .run()
      #expect(second.status == 1)
      let pid = try #require(capture.standardError.firstMatch(of: /pid (\d+)/)?.1)
      #expect(second.errors.contains(pid), "\(second.errors)")
      _ = try capture.stop()
    }

    @Test func `A second capture goes on in the same file`() throws {
      let capture = try RunningCapture()
      _ = try capture.stop()
      let again = try Live.privileged(
        Live.dropdb, ["capture", "--db", capture.database, "--duration", "200ms"]
      ).run()
      #expect(again.status == 0, "\(again.errors)")
      #expect(try capture.rows("SELECT 1 FROM captures").count == 2)
      #expect(try capture.rows("SELECT DISTINCT boot FROM captures").count == 1)
    }

    @Test func `Without root it says what it needs, and writes nothing`() throws {
      let folder = try TemporaryFolder()
      let database = folder.file("drops.db")
      let asNobody = try Live.privileged(
        "setpriv", ["--reuid", "65534", "--clear-groups", "--", Live.dropdb, "capture", "--db", database]
      ).run()
      #expect(asNobody.status == 1)
      #expect(asNobody.errors.contains("CAP_BPF"), "\(asNobody.errors)")
      #expect(asNobody.errors.contains("sudo"))
      #expect(!FileManager.default.fileExists(atPath: database))
    }

    @Test(arguments: [
      ("PRAGMA application_id = 7; CREATE TABLE t (a)", "dropdb"),
      ("CREATE TABLE somebody_elses (a)", "dropdb"),
    ])
    func `A database of another program is refused and left as it is`(sql: String, words: String) throws {
      let folder = try TemporaryFolder()
      let database = folder.file("other.db")
      try Command("sqlite3", [database, sql]).succeed()
      let before = try Data(contentsOf: URL(filePath: database))
      let refused = try Live.privileged(Live.dropdb, ["capture", "--db", database, "--duration", "1s"]).run()
      #expect(refused.status == 1)
      #expect(refused.errors.contains(words) && refused.errors.contains(database), "\(refused.errors)")
      #expect(try Data(contentsOf: URL(filePath: database)) == before)
    }

    @Test func `A database from a newer version is refused and left as it is`() throws {
      let capture = try RunningCapture()
      _ = try capture.stop()
      try Live.privileged("sqlite3", [capture.database, "PRAGMA user_version = 1000; PRAGMA wal_checkpoint"])
        .succeed()
      let before = try Live.privileged("sha256sum", [capture.database]).succeed()
      for arguments in [["capture", "--duration", "1s"], ["query"], ["report"]] {
        let refused = try Live.privileged(Live.dropdb, arguments + ["--db", capture.database]).run()
        #expect(refused.status == 1)
        #expect(refused.errors.contains("newer"), "\(refused.errors)")
      }
      #expect(try Live.privileged("sha256sum", [capture.database]).succeed() == before)
    }

    @Test(arguments: ["INT", "TERM", "KILL"])
    func `After it ends nothing of it is left in the kernel`(signal: String) throws {
      let capture = try RunningCapture()
      let own = try capture.kernelObjects()
      for kind in KernelObjects.kinds {
        let numbers = try #require(own[kind])
        #expect(!numbers.isEmpty, "\(kind)")
        let present = try KernelObjects.present(kind)
        #expect(numbers.isSubset(of: present))
      }
      try capture.signal(signal)
      try capture.waitUntilEnded()
      // The kernel frees them some time after their last user went.
      var left = own
      for _ in 0..<200 where !left.values.joined().isEmpty {
        usleep(50_000)
        for (kind, numbers) in left { left[kind] = numbers.intersection(try KernelObjects.present(kind)) }
      }
      #expect(left.values.joined().isEmpty, "\(left)")
    }
  }
}

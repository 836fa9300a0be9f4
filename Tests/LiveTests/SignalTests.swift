import Foundation
import Testing

extension LiveTests {
  /// What signals ask of a running capture.
  @Suite struct SignalTests {
    private static func drop(in namespace: NetworkNamespaceFixture, port: Int, times: Int = 5) throws {
      try namespace.python(
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for i in range(\(times)): s.sendto(b"x", ("127.0.0.1", \(port)))
        """)
    }

    @Test func `SIGHUP reads the functions again, and their names are known from then on`() throws {
      let namespace = try NetworkNamespaceFixture()
      // The kernel's functions are hidden behind an empty file, which goes while the capture runs.
      let capture = try RunningCapture(as: [
        "unshare", "--mount", "sh", "-e", "-c", "mount --bind /dev/null /proc/kallsyms; exec \"$@\"", "sh",
      ])
      try Self.drop(in: namespace, port: 40301)
      let before = try #require(
        try capture.rows(
          "SELECT location FROM drops WHERE dport = 40301 AND netns = '\(namespace.name)'", atLeast: 5
        ).first)
      try Live.privileged("nsenter", ["--mount", "--target", try capture.pid(), "umount", "/proc/kallsyms"])
        .succeed()
      try capture.signal("HUP")
      var names: Set<String> = []
      // It is done some time after the signal.
      for _ in 0..<200 where !names.contains(where: { $0.hasPrefix("__udp4_lib_rcv+0x") }) {
        try Self.drop(in: namespace, port: 40302, times: 1)
        names.formUnion(
          try capture.rows("SELECT DISTINCT location FROM drops WHERE dport = 40302").compactMap {
            $0["location"] as? String
          })
      }
      _ = try capture.stop()
      #expect((before["location"] as? String)?.hasPrefix("0x") == true, "\(before)")
      #expect(names.contains { $0.hasPrefix("__udp4_lib_rcv+0x") }, "\(names)")
      #expect(capture.standardError.contains("hides its addresses"))
    }

    @Test func `SIGHUP from anybody does not end a capture that no terminal started`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture()
      for round in 1...3 {
        try capture.signal("HUP")
        try Self.drop(in: namespace, port: 40303)
        _ = try capture.rows(
          "SELECT 1 FROM drops WHERE dport = 40303 AND netns = '\(namespace.name)'", atLeast: 5 * round)
      }
      _ = try capture.stop()
      #expect(
        try capture.rows("SELECT sum(packets) AS n FROM tallies WHERE netns = '\(namespace.name)'").first?[
          "n"]
          as? Int == 15)
    }

    @Test func `SIGUSR1 tells the counters, and the capture goes on`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--ring-size", "1MiB"])
      try Self.drop(in: namespace, port: 40304, times: 11)
      _ = try capture.rows(
        "SELECT 1 FROM drops WHERE dport = 40304 AND netns = '\(namespace.name)'", atLeast: 11)
      try capture.signal("USR1")
      try capture.waitUntilSaid("ring      1MiB")
      let said = capture.standardError
      let counted = try #require(Int(said.firstMatch(of: /counted +(\d+)/)?.1 ?? ""))
      let recorded = try #require(Int(said.firstMatch(of: /recorded +(\d+)/)?.1 ?? ""))
      let lost = try #require(Int(said.firstMatch(of: /lost +(\d+)/)?.1 ?? ""))
      let leftOut = try #require(Int(said.firstMatch(of: /left out +(\d+)/)?.1 ?? ""))
      #expect(counted >= 11 && counted >= recorded + lost + leftOut, "\(said)")
      #expect(said.contains(/capturing for \d\d:\d\d:\d\d into .+ \(\d+\.\d [KM]iB/), "\(said)")
      try Self.drop(in: namespace, port: 40304)
      _ = try capture.rows("SELECT 1 FROM drops WHERE dport = 40304", atLeast: 16)
      let summary = try capture.stop()
      #expect((summary["counted"] as? Int ?? 0) >= counted + 5)
    }

    /// Starts a capture at a terminal, does something, and waits for its end.
    private static let terminal = """
      import os, pty, signal, socket, sqlite3, sys, time
      what, database, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
      def stored(sql): return sqlite3.connect(database).execute(sql).fetchone()[0]
      pid, master = pty.fork()
      if pid == 0:
        if what == "nohup": signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.execv(arguments[0], arguments)
      said = b""
      while b"capturing" not in said: said += os.read(master, 4096)
      if what == "hangup":
        os.close(master)
      elif what == "nohup":
        os.close(master)
        # Drops one after the other, each stored before the next: a capture that ended would miss the last.
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for port in range(40310, 40320):
          sender.sendto(b"x", ("127.0.0.1", port))
          for i in range(500):
            if stored(f"SELECT count(*) FROM drops WHERE dport = {port}") > 0: break
            time.sleep(0.02)
          else: sys.exit("it has ended")
        print("lives")
        os.kill(pid, signal.SIGTERM)
      elif what == "parent":
        os.kill(pid, signal.SIGHUP)
      else:
        # Somebody else, who waits for an answer to a second signal: the first has been taken by then.
        for name in ["HUP", "USR1"]: os.waitpid(os.spawnlp(os.P_NOWAIT, "sh", "sh", "-c", f"kill -{name} {pid}"), 0)
        while b"left out" not in said: said += os.read(master, 4096)
        print("lives")
        os.kill(pid, signal.SIGINT)
      if what in ("parent", "stranger"):
        try:
          while os.read(master, 4096): pass
        except OSError: pass
      os.waitpid(pid, 0)
      print("ended" if stored("SELECT \\"end\\" IS NOT NULL FROM captures") else "killed")
      """

    @Test(arguments: [
      ("hangup", "ended\n"), ("parent", "ended\n"), ("stranger", "lives\nended\n"),
      ("nohup", "lives\nended\n"),
    ])
    func `A capture ends in good order with its terminal, or when the shell or sudo before it says so`(
      what: String, expected: String
    ) throws {
      let folder = try TemporaryFolder()
      let database = folder.file("drops.db")
      let result = try Live.privileged(
        "python3", ["-c", Self.terminal, what, database, Live.dropdb, "capture", "--db", database]
      ).run()
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output == expected, "\(result.output) \(result.errors)")
    }
  }
}

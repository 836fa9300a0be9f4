import Foundation
import Testing

extension LiveTests {
  /// What other tools make of our drops, and we of theirs.
  @Suite struct ExchangeTests {
    /// Drops of several kinds, with and without a link header: behind the wire, on the loopback, ARP, a protocol of nobody.
    private static let traffic = """
      time.sleep(0.5)
      sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for port in range(40001, 40011): sender.sendto(b"lost", ("127.0.0.1", port))
      for port in range(40001, 40006):
          stream = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
          try: stream.connect(("::1", port))
          except OSError: pass
      frames = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
      frames.bind(("lo", 0))
      frames.send(b"\\xff" * 6 + b"\\2" * 6 + b"\\x88\\xb5" + b"nobody speaks this")
      frames.send(b"\\xff" * 6 + b"\\2" * 6 + b"\\x08\\x06" + bytes.fromhex("0001080006040001020000000001c0000209000000000000c0000201"))
      time.sleep(0.5)
      """

    @Test func `tshark opens real packets, and says of each what the database does`() throws {
      let namespace = try NetworkNamespaceFixture()
      let folder = try TemporaryFolder()
      let capture = try RunningCapture([
        "--keep-packets", "96", "--netns", namespace.name, "--record-routine",
      ])
      try namespace.python("import socket, time\n" + Self.traffic)
      _ = try capture.rows("SELECT ts FROM drops WHERE protocol IN ('ARP', '0x88b5')", atLeast: 2)
      _ = try capture.stop()
      let file = folder.file("drops.pcapng")
      try Command(Live.dropdb, ["export", "--db", capture.database, "--output", file]).succeed()

      let fields = [
        "frame.time_epoch", "frame.comment", "frame.interface_name", "ip.dst", "udp.dstport", "ipv6.dst",
        "tcp.dstport",
      ]
      let tshark = try Command("tshark", ["-r", file, "-T", "json"] + fields.flatMap { ["-e", $0] }).run()
      #expect(tshark.status == 0)
      let remarks = tshark.errors.split(separator: "\n").filter { !$0.hasPrefix("Running as user") }
      #expect(remarks.isEmpty, "\(remarks)")
      let frames = try #require(
        try JSONSerialization.jsonObject(with: Data(tshark.output.utf8)) as? [[String: Any]])
      let rows = try capture.rows(
        """
        SELECT ts, reason, location, interface, daddr, dport, transport, frames FROM packets JOIN drops USING (ts)
        LEFT JOIN stacks ON stacks.id = stack ORDER BY ts
        """)
      #expect(rows.count >= 17 && frames.count == rows.count)
      for (frame, row) in zip(frames, rows) {
        let layers = try #require((frame["_source"] as? [String: Any])?["layers"] as? [String: [String]])
        let time = try #require(row["ts"] as? Int)
        let fraction = String(time % 1_000_000_000 + 1_000_000_000).dropFirst()
        #expect(layers["frame.time_epoch"] == ["\(time / 1_000_000_000).\(fraction)"])
        let comment = try #require(layers["frame.comment"]?.first)
        #expect(comment.contains("reason: \(row["reason"] ?? "")\n"))
        #expect(comment.contains("location: \(row["location"] ?? "")"))
        if let stack = row["frames"] as? String {
          #expect(comment.contains("stack:\n  " + stack.split(separator: "\n").joined(separator: "\n  ")))
        }
        #expect(layers["frame.interface_name"]?.first == row["interface"] as? String)
        guard let transport = row["transport"] as? String, transport == "UDP" || transport == "TCP" else {
          continue
        }
        #expect((layers["ip.dst"] ?? layers["ipv6.dst"])?.first == row["daddr"] as? String)
        #expect(
          (layers["udp.dstport"] ?? layers["tcp.dstport"])?.first == (row["dport"] as? Int).map(String.init))
      }
      let malformed = try Command("tshark", ["-r", file, "-Y", "_ws.malformed"]).run()
      #expect(malformed.status == 0 && malformed.output.isEmpty, "\(malformed.output)")
    }

    @Test func `what perf recorded is imported as what was captured`() throws {
      let namespace = try NetworkNamespaceFixture()
      let folder = try TemporaryFolder()
      let capture = try RunningCapture(["--stacks", "all", "--record-routine"])
      try Live.privileged(
        "perf",
        [
          "record", "--quiet", "-g", "--kernel-callchains", "--clockid", "CLOCK_MONOTONIC", "--all-cpus",
          "--event",
          "skb:kfree_skb", "--output", folder.file("perf.data"), "--", "ip", "netns", "exec", namespace.name,
          "python3",
          "-c", "import socket, time\n" + Self.traffic,
        ]
      ).succeed()
      let script = try Live.privileged(
        "perf",
        [
          "script", "--header", "--ns", "--fields", "comm,pid,tid,cpu,time,event,trace,ip,sym,symoff,dso",
          "--input", folder.file("perf.data"),
        ]
      ).succeed()
      _ = try capture.stop()
      try Data(script.utf8).write(to: URL(filePath: folder.file("perf.txt")))
      let imported = folder.file("imported.db")
      let result = try Command(Live.dropdb, ["import", folder.file("perf.txt"), "--db", imported]).run()
      // A date that is only estimated would be told.
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")

      // Each drop of the namespace has its like there, within a millisecond: no drop is like another here but by time.
      let sql = """
        ATTACH '\(imported)' AS theirs;
        WITH ours AS (SELECT ts, reason, subsystem, location, module, protocol, comm, pid, cpu, routine,
            (SELECT frames FROM stacks WHERE id = stack) AS frames FROM drops WHERE netns = '\(namespace.name)'),
          other AS (SELECT ts, reason, subsystem, location, module, protocol, comm, pid, cpu, routine,
            (SELECT frames FROM theirs.stacks WHERE id = stack) AS frames FROM theirs.drops)
        SELECT count(*) AS drops, count((SELECT 1 FROM other WHERE other.ts BETWEEN ours.ts - 1000000 AND ours.ts + 1000000
          AND other.reason IS ours.reason AND other.subsystem IS ours.subsystem AND other.location IS ours.location
          AND other.module IS ours.module AND other.protocol IS ours.protocol AND other.comm IS ours.comm
          AND other.pid IS ours.pid AND other.cpu IS ours.cpu AND other.routine IS ours.routine
          AND other.frames IS ours.frames LIMIT 1)) AS alike FROM ours
        """
      let row = try #require(try capture.rows(sql).first)
      let drops = try #require(row["drops"] as? Int)
      #expect(drops >= 17 && row["alike"] as? Int == drops, "\(row)")
    }
  }
}

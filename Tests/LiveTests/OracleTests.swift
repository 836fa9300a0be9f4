import Foundation
import Testing

extension LiveTests {
  /// Our answers beside those of tools that other people wrote.
  @Suite struct OracleTests {
    /// `{ 2, "NOT_SPECIFIED" }, …` of the tracepoint's format, which the kernel makes itself.
    private func kernelsOwnReasons() throws -> [Int: String] {
      let folder = try TemporaryFolder()
      try Live.privileged("mount", ["-t", "tracefs", "tracefs", folder.path]).succeed()
      defer { _ = try? Live.privileged("umount", [folder.path]).run() }
      let format = try Live.privileged("cat", [folder.file("events/skb/kfree_skb/format")]).succeed()
      var reasons: [Int: String] = [:]
      for match in format.matches(of: /\{ (\d+), "(\w+)" \}/) {
        reasons[try #require(Int(match.1))] = String(match.2)
      }
      return reasons
    }

    private func ourReasons() throws -> [[String: Any]] {
      let json = try Command(Live.dropdb, ["reasons", "--format", "json"]).succeed()
      return try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    }

    @Test func `dropdb reasons names what the tracepoint's format names, pair by pair`() throws {
      let kernel = try kernelsOwnReasons()
      #expect(kernel.count > 30)
      var ours: [Int: String] = [:]
      for reason in try ourReasons() where reason["subsystem"] as? String == "core" {
        ours[try #require(reason["value"] as? Int)] = try #require(reason["name"] as? String)
      }
      for (value, name) in kernel { #expect(ours[value] == name, "value \(value)") }
      // What the format leaves out is no reason: it begins after these two, and ends before the mask.
      let left = Set(ours.values).subtracting(kernel.values)
      #expect(left.isSubset(of: ["NOT_DROPPED_YET", "CONSUMED", "SUBSYS_MASK", "MAX"]), "\(left)")
    }

    @Test func `dropdb reasons gives the enumerators that bpftool dumps`() throws {
      let dump = try Live.privileged(
        "bpftool", ["--json", "btf", "dump", "file", "/sys/kernel/btf/vmlinux", "format", "raw"]
      ).succeed()
      let types = try #require(
        (try JSONSerialization.jsonObject(with: Data(dump.utf8)) as? [String: Any])?["types"]
          as? [[String: Any]])
      let reasonEnum = try #require(types.first { $0["name"] as? String == "skb_drop_reason" })
      var theirs: [String: UInt32] = [:]
      for enumerator in try #require(reasonEnum["values"] as? [[String: Any]]) {
        let value = try #require(enumerator["val"] as? NSNumber).int64Value
        theirs[try #require(enumerator["name"] as? String)] = UInt32(truncatingIfNeeded: value)
      }
      var ours: [String: UInt32] = [:]
      for reason in try ourReasons() where reason["subsystem"] as? String == "core" {
        ours[try #require(reason["symbol"] as? String)] = UInt32(try #require(reason["value"] as? Int))
      }
      #expect(ours == theirs)
    }

    /// A drop as both tell it.
    private struct Drop: Hashable, CustomStringConvertible {
      let location: String
      let reason: String
      var description: String { "\(reason) at \(location)" }
    }

    @Test func `perf records the same drops, at the same places, for the same reasons`() throws {
      let namespace = try NetworkNamespaceFixture()
      let folder = try TemporaryFolder()
      let capture = try RunningCapture()
      let perf = try Live.privileged(
        "perf",
        [
          "record", "--quiet", "--clockid", "mono", "--all-cpus", "--event", "skb:kfree_skb", "--output",
          folder.file("perf.data"),
        ]
          + ["--", "ip", "netns", "exec", namespace.name, "python3", "-c", Self.traffic]
      ).run()
      #expect(perf.status == 0, "\(perf.errors)")
      let script = try Live.privileged(
        "perf", ["script", "--ns", "--fields", "time,event,trace", "--input", folder.file("perf.data")]
      ).succeed()
      _ = try capture.stop()

      // Both see the whole host, and neither begins when the other does: compare from perf's first drop to its last.
      let offset = try wallMinusMonotonic()
      var times: [Int64] = []
      var theirs: [Drop: Int] = [:]
      for line in script.split(separator: "\n") {
        guard let match = line.firstMatch(of: /(\d+)\.(\d{9}):.*location=(\S+) reason: (\S+)/) else {
          continue
        }
        times.append(try #require(Int64(match.1)) * 1_000_000_000 + (try #require(Int64(match.2))) + offset)
        theirs[Drop(location: String(match.3), reason: String(match.4)), default: 0] += 1
      }
      let first = try #require(times.min())
      let last = try #require(times.max())
      // The two read their clocks at different moments of one drop, and the offset is measured to some µs.
      let slack: Int64 = 100_000
      var ours: [Drop: Int] = [:]
      for row in try capture.rows(
        """
        SELECT location, reason, count(*) AS n FROM drops
        WHERE ts BETWEEN \(first - slack) AND \(last + slack) GROUP BY 1, 2
        """)
      {
        let drop = Drop(
          location: try #require(row["location"] as? String), reason: try #require(row["reason"] as? String))
        ours[drop] = try #require(row["n"] as? Int)
      }
      #expect(ours == theirs)
      #expect(theirs.values.reduce(0, +) >= 330)
      #expect(theirs.keys.contains { $0.location.hasPrefix("tcp_v4_rcv+0x") && $0.reason == "NO_SOCKET" })
    }

    /// 300 datagrams and 30 connections that nobody waits for, with quiet before and after.
    private static let traffic = """
      import socket, time
      time.sleep(0.5)
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for i in range(300): s.sendto(b"x", ("127.0.0.1", 40020))
      for i in range(30):
        try: socket.create_connection(("127.0.0.1", 40021))
        except ConnectionRefusedError: pass
      time.sleep(0.5)
      """

    private func wallMinusMonotonic() throws -> Int64 {
      let text = try Command("python3", ["-c", "import time; print(time.time_ns() - time.monotonic_ns())"])
        .succeed()
      return try #require(Int64(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    @Test func `The stock client reads while a capture is running`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture()
      try namespace.python(
        "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('127.0.0.1', 40022))"
      )
      let rows = try capture.rows(
        "SELECT reason, location, count(*) AS n FROM drops WHERE dport = 40022 GROUP BY 1, 2", atLeast: 1)
      #expect(rows.first?["reason"] as? String == "NO_SOCKET")
      #expect(rows.first?["n"] as? Int == 1)
      _ = try capture.stop()
    }
  }
}

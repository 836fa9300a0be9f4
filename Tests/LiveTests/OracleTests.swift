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

    @Test func `perf records the same drops with the same stacks, event for event`() throws {
      let namespace = try NetworkNamespaceFixture()
      try namespace.addWire()
      try namespace.shell(Self.obstacles)
      let folder = try TemporaryFolder()
      // Others on this host may have routine drops, all of which perf records.
      let capture = try RunningCapture(["--stacks", "all", "--record-routine"])
      let perf = try Live.privileged(
        "perf",
        [
          "record", "--quiet", "-g", "--kernel-callchains", "--clockid", "mono", "--all-cpus", "--event",
          "skb:kfree_skb", "--output",
          folder.file("perf.data"),
        ]
          + ["--", "ip", "netns", "exec", namespace.name, "python3", "-c", PythonWire.script(Self.traffic)]
      ).run()
      #expect(perf.status == 0, "\(perf.errors)")
      let offset = try wallMinusMonotonic()
      let script = try Live.privileged(
        "perf",
        ["script", "--ns", "--fields", "time,event,trace,ip,sym,symoff", "--input", folder.file("perf.data")]
      ).succeed()
      _ = try capture.stop()

      // Both see the whole host, and neither begins when the other does: compare from perf's first drop to its last.
      let theirs = try DropTimes(perf: script, offset: offset)
      let span = try #require(theirs.span)
      let ours = try DropTimes(
        rows: capture.rows(
          """
          SELECT ts, location, reason, frames FROM drops LEFT JOIN stacks ON stacks.id = drops.stack
          WHERE ts BETWEEN \(span.lowerBound - DropTimes.slack) AND \(span.upperBound + DropTimes.slack)
          """))
      let unmatched = theirs.unmatched(with: ours)
      #expect(unmatched.theirs.isEmpty, "perf's alone: \(unmatched.theirs)")
      let alone = unmatched.ours.filter { span.contains($0.time) }
      #expect(alone.isEmpty, "ours alone: \(alone)")

      // And it was about all of these.
      for (function, reason, count) in [
        ("__udp4_lib_rcv", "NO_SOCKET", 300), ("tcp_v4_rcv", "NO_SOCKET", 30),
        ("nft_do_chain", "NETFILTER_DROP", 50),
        ("__dev_queue_xmit", "TC_EGRESS", 50), ("ip_rcv_finish_core", "IP_RPFILTER", 50),
        ("__udp4_lib_rcv", "UDP_CSUM", 50),
      ] where KernelRelease.text.hasPrefix("6.18.") {
        #expect(theirs.count(at: function, for: reason) >= count, "\(reason) at \(function)")
      }
      #expect(theirs.kinds >= 5)
    }

    /// A rule, a filter and a check of sources in the way.
    private static let obstacles = """
      nft add table ip filter
      nft add chain ip filter input '{ type filter hook input priority 0; policy accept; }'
      nft add rule ip filter input udp dport 40022 drop
      tc qdisc add dev host0 clsact
      tc filter add dev host0 egress bpf direct-action bytecode '1,6 0 0 2'
      echo 1 >/proc/sys/net/ipv4/conf/host0/rp_filter
      """

    /// Datagrams and connections that nobody waits for, and what the obstacles take, by turns; quiet before and after.
    private static let traffic = """
      time.sleep(0.5)
      sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for turn in range(10):
          for i in range(30): sender.sendto(b"x", ("127.0.0.1", 40020))
          for i in range(3):
              try: socket.create_connection(("127.0.0.1", 40021))
              except ConnectionRefusedError: pass
          for i in range(5): sender.sendto(b"x", ("127.0.0.1", 40022))
          for i in range(5): sender.sendto(b"x", (PEER, 40023))
          send(lambda port: udp(port, source="192.0.2.1"), 5)
          send(lambda port: udp(port, sum=1), 5)
      time.sleep(0.5)
      """

    private func wallMinusMonotonic() throws -> Int64 {
      // The most of some: between the two clocks it may have to wait for a CPU.
      let text = try Command(
        "python3",
        ["-c", "import time; print(max(time.time_ns() - time.monotonic_ns() for _ in range(100)))"]
      ).succeed()
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

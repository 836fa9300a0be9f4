import Foundation
import Testing

extension LiveTests {
  /// Real drops, one of a kind, and everything that is to be known of each.
  @Suite struct CaptureTests {
    private func rows(_ capture: RunningCapture, port: Int, in namespace: NetworkNamespaceFixture) throws
      -> [[String: Any]]
    {
      try capture.rows(
        "SELECT * FROM drops WHERE dport = \(port) AND netns = '\(namespace.name)'", atLeast: 1)
    }

    private func stack(_ capture: RunningCapture, _ row: [String: Any]) throws -> [String] {
      let id = try #require(row["stack"] as? Int)
      let frames = try #require(
        try capture.rows("SELECT frames FROM stacks WHERE id = \(id)").first?["frames"] as? String)
      return frames.split(separator: "\n").map(String.init)
    }

    @Test(arguments: [("127.0.0.1", "IPv4", "tcp_v4_rcv+0x"), ("::1", "IPv6", "tcp_v6_rcv+0x")])
    func `A connection to a closed TCP port`(address: String, protocol name: String, location: String) throws
    {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture()
      try namespace.python(
        """
        import socket, sys
        s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_STREAM)
        s.bind((sys.argv[1], 40001))
        try: s.connect((sys.argv[1], 40002))
        except ConnectionRefusedError: sys.exit(0)
        sys.exit("connected")
        """, [address])
      let row = try #require(try rows(capture, port: 40002, in: namespace).first)
      let summary = try capture.stop()

      #expect(row["reason"] as? String == "NO_SOCKET")
      #expect(row["subsystem"] as? String == "core")
      #expect((row["location"] as? String)?.hasPrefix(location) == true)
      #expect(row["protocol"] as? String == name)
      #expect(row["transport"] as? String == "TCP")
      #expect(row["saddr"] as? String == address)
      #expect(row["daddr"] as? String == address)
      #expect(row["sport"] as? Int == 40001)
      #expect(row["tcp_flags"] as? String == "SYN")
      #expect(row["interface"] as? String == "lo")
      #expect(row["ifindex"] as? Int == 1)
      #expect(row["comm"] as? String == "python3")
      #expect((row["pid"] as? Int ?? 0) > 1)
      #expect(row["context"] as? String == "softirq")
      #expect(row["length"] as? Int == (name == "IPv4" ? 60 : 80))
      let stack = try stack(capture, row)
      #expect(stack.first == row["location"] as? String)
      #expect(stack.contains { $0.hasPrefix("__sys_connect+0x") }, "\(stack)")
      #expect(try capture.rows("SELECT 1 FROM drops WHERE dport = 40002").count == 1)
      #expect((summary["counted"] as? Int ?? 0) >= 1)
    }

    @Test(arguments: [("127.0.0.1", "IPv4"), ("::1", "IPv6")])
    func `Datagrams to a closed UDP port, counted exactly`(address: String, protocol name: String) throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture()
      try namespace.python(
        """
        import socket, sys
        s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
        for i in range(17): s.sendto(b"x" * 100, (sys.argv[1], 40003))
        """, [address])
      let found = try capture.rows(
        "SELECT * FROM drops WHERE dport = 40003 AND netns = '\(namespace.name)'", atLeast: 17)
      let summary = try capture.stop()

      #expect(found.count == 17)
      #expect(found.allSatisfy { $0["reason"] as? String == "NO_SOCKET" })
      #expect(found.allSatisfy { $0["transport"] as? String == "UDP" })
      #expect(found.allSatisfy { $0["length"] as? Int == (name == "IPv4" ? 128 : 148) })
      let tally = try capture.rows(
        """
        SELECT sum(packets) AS packets, sum(bytes) AS bytes, sum(recorded) AS recorded FROM tallies
        WHERE netns = '\(namespace.name)' AND protocol = '\(name)' AND reason = 'NO_SOCKET' AND interface = 'lo'
        """)
      #expect(tally.first?["packets"] as? Int == 17)
      #expect(tally.first?["bytes"] as? Int == 17 * (name == "IPv4" ? 128 : 148))
      #expect(tally.first?["recorded"] as? Int == 17)
      let counted = try #require(summary["counted"] as? Int)
      let parts = ["recorded", "lost", "left_out"].map { summary[$0] as? Int ?? -1 }
      #expect(counted == parts.reduce(0, +))
      #expect(try capture.rows("SELECT sum(packets) AS n FROM tallies").first?["n"] as? Int == counted)
    }

    @Test func `A packet that a firewall rule drops`() throws {
      let namespace = try NetworkNamespaceFixture()
      try namespace.run("nft", ["add", "table", "inet", "filter"])
      try namespace.run(
        "nft",
        ["add", "chain", "inet", "filter", "input", "{ type filter hook input priority 0; policy accept; }"])
      try namespace.run("nft", ["add", "rule", "inet", "filter", "input", "udp", "dport", "40004", "drop"])
      let capture = try RunningCapture()
      try namespace.python(
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for i in range(3): s.sendto(b"hello", ("127.0.0.1", 40004))
        """)
      let found = try capture.rows(
        "SELECT * FROM drops WHERE dport = 40004 AND netns = '\(namespace.name)'", atLeast: 3)
      _ = try capture.stop()

      #expect(found.count == 3)
      let row = try #require(found.first)
      #expect(row["reason"] as? String == "NETFILTER_DROP")
      // Which function frees it has changed between kernels.
      let location = try #require(row["location"] as? String)
      #expect(location.hasPrefix("nft_do_chain+0x") || location.hasPrefix("nf_hook_slow+0x"), "\(location)")
      #expect(row["interface"] as? String == "lo")
      #expect(row["comm"] as? String == "python3")
      #expect(try stack(capture, row).contains { $0.hasPrefix("ip_local_deliver+0x") })
    }

    @Test func `A namespace without a name is told by its number`() throws {
      let namespace = try NetworkNamespaceFixture()
      let inode = try namespace.inode()
      let capture = try RunningCapture()
      // A second namespace inside the first, which nobody named.
      try namespace.run(
        "unshare",
        [
          "--net", "sh", "-c",
          "ip link set lo up; python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b\"x\", (\"127.0.0.1\", 40005))'",
        ])
      let row = try #require(
        try capture.rows("SELECT netns FROM drops WHERE dport = 40005", atLeast: 1).first)
      _ = try capture.stop()
      let number = try #require(Int(row["netns"] as? String ?? ""))
      #expect(number > 4_026_531_000)
      #expect(number != inode)
    }
  }
}

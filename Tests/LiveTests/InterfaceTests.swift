import Foundation
import Testing

extension LiveTests {
  /// The name of the interface is that of the moment, also where the packet does not point to its interface: where TCP
  /// drops, it has forgotten it, and an output hook sees packets that do not have it yet.
  @Suite(.kernel(6, 11)) struct InterfaceTests {
    /// What a listener drops for its flags (`tcp_rcv_state_process()` in `net/ipv4/tcp_input.c`).
    private static let segments = "queue = listener()\nsend(lambda port: tcp(port, SYN | FIN))"

    private func drops(_ capture: RunningCapture, of namespace: NetworkNamespaceFixture, atLeast count: Int)
      throws -> [[String: Any]]
    {
      try capture.rows(
        "SELECT * FROM drops WHERE netns = '\(namespace.name)' AND dport = 9 ORDER BY ts", atLeast: count)
    }

    @Test func `A filter finds drops of an interface that was made after the start, in whatever namespace`()
      throws
    {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--interface", "host0"])
      try namespace.addWire()
      try namespace.shell(
        """
        nft add table ip filter
        nft add chain ip filter output '{ type filter hook output priority 0; policy accept; }'
        nft add rule ip filter output udp dport 9 drop
        """)
      try namespace.python(
        PythonWire.script(
          Self.segments + """

            try: datagrams(PEER)
            except PermissionError: pass
            """))
      let rows = try drops(capture, of: namespace, atLeast: 4)
      _ = try capture.stop()
      #expect(
        rows.map { $0["reason"] as? String } == Array(repeating: "TCP_FLAGS", count: 3) + ["NETFILTER_DROP"])
      #expect(rows.allSatisfy { $0["interface"] as? String == "host0" })
      let ifindex = try namespace.ifindex(of: "host0")
      #expect(rows.allSatisfy { $0["ifindex"] as? Int == ifindex })
      #expect(try capture.rows("SELECT 1 FROM drops WHERE interface <> 'host0'").isEmpty)
      let tallies = try capture.rows(
        "SELECT sum(packets) AS n FROM tallies WHERE netns = '\(namespace.name)' AND interface = 'host0'")
      #expect(tallies.first?["n"] as? Int == 4)
    }

    @Test func `After it was renamed, a drop has the new name, and those before keep the old`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture()
      try namespace.addWire()
      try namespace.python(PythonWire.script(Self.segments))
      #expect(
        try drops(capture, of: namespace, atLeast: 3).allSatisfy { $0["interface"] as? String == "host0" })
      // Down, for older kernels; and for longer than the second in which a name is not read again.
      try namespace.shell(
        """
        ip link set host0 down
        ip link set host0 name renamed0
        ip link set renamed0 up
        ip neigh replace 10.77.0.2 lladdr 02:00:00:00:00:02 dev renamed0 nud permanent
        sleep 1.1
        """)
      try namespace.python(PythonWire.script(Self.segments))
      let rows = try drops(capture, of: namespace, atLeast: 6)
      _ = try capture.stop()
      #expect(rows.allSatisfy { $0["reason"] as? String == "TCP_FLAGS" })
      let names = rows.map { $0["interface"] as? String }
      #expect(names == Array(repeating: "host0", count: 3) + Array(repeating: "renamed0", count: 3))
      let tallies = try capture.rows(
        """
        SELECT interface, sum(packets) AS n FROM tallies
        WHERE netns = '\(namespace.name)' AND reason = 'TCP_FLAGS' GROUP BY interface
        """)
      #expect(tallies.map { $0["interface"] as? String } == ["host0", "renamed0"])
      #expect(tallies.map { $0["n"] as? Int } == [3, 3])
    }
  }
}

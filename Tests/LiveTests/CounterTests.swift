import Foundation
import Testing

extension LiveTests {
  /// The kernel's own counters beside the drops, as `nstat`, `ip` and `tc` show them.
  @Suite struct CounterTests {
    /// A capture that looks into a namespace.
    private func capture(_ namespace: NetworkNamespaceFixture, _ options: [String] = []) throws
      -> RunningCapture
    {
      try RunningCapture(
        ["--counters", "1s", "--counter-netns", namespace.name, "--record-routine"] + options)
    }

    /// By how much a counter rose, as the database has it, in all.
    private func rise(
      _ name: String, at scope: String? = nil, _ capture: RunningCapture,
      in namespace: NetworkNamespaceFixture
    ) throws -> Int {
      let rows = try capture.rows(
        """
        SELECT ifnull(sum(delta), 0) AS delta FROM counters
        WHERE name = '\(name)' AND netns = '\(namespace.name)' AND scope IS \(scope.map { "'\($0)'" } ?? "NULL")
        """)
      return try #require(rows.first?["delta"] as? Int)
    }

    private func drops(
      _ reason: String, _ capture: RunningCapture, in namespace: NetworkNamespaceFixture
    ) throws -> Int {
      let rows = try capture.rows(
        """
        SELECT ifnull(sum(packets), 0) AS packets FROM tallies
        WHERE reason = '\(reason)' AND netns = '\(namespace.name)'
        """)
      return try #require(rows.first?["packets"] as? Int)
    }

    /// What `ip -s -s link` shows of an interface.
    private func statistics(
      of interface: String, _ direction: String, in namespace: NetworkNamespaceFixture
    ) throws -> [String: Int] {
      let text = try namespace.run("ip", ["-j", "-s", "-s", "link", "show", "dev", interface])
      let links = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
      let statistics = links?.first?["stats64"] as? [String: [String: Int]]
      return try #require(statistics?[direction])
    }

    @Test func `Datagrams without room in a socket's buffer are counted beside their reason`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try capture(namespace)
      let before = try #require(try namespace.counter("UdpRcvbufErrors"))
      try namespace.python(
        """
        import socket
        receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        receiver.bind(("127.0.0.1", 4000))
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for _ in range(200): sender.sendto(bytes(500), ("127.0.0.1", 4000))
        """)
      _ = try capture.stop()
      let rise = try #require(try namespace.counter("UdpRcvbufErrors")) - before
      #expect(rise > 100)
      #expect(try self.rise("UdpRcvbufErrors", capture, in: namespace) == rise)
      // The same packets once more under the name that has them all.
      #expect(try self.rise("UdpInErrors", capture, in: namespace) == rise)
      #expect(try drops("SOCKET_RCVBUFF", capture, in: namespace) == rise)
    }

    @Test(.kernel(6, 15))
    func `Connections without room in a listener's queue are counted beside their reason`() throws {
      let namespace = try NetworkNamespaceFixture()
      try namespace.addWire()
      let capture = try capture(namespace)
      let names = ["TcpExtListenOverflows", "TcpExtListenDrops"]
      let before = try names.map { try #require(try namespace.counter($0)) }
      try namespace.python(PythonWire.script(PythonWire.crowd))
      _ = try capture.stop()
      let rises = try zip(names, before).map { try #require(try namespace.counter($0)) - $1 }
      #expect(rises[0] >= 3)
      for (name, rise) in zip(names, rises) {
        #expect(try self.rise(name, capture, in: namespace) == rise)
      }
      #expect(try drops("TCP_LISTEN_OVERFLOW", capture, in: namespace) == rises[0])
      let entry = try reported("TcpExtListenOverflows", capture, in: namespace)
      #expect(entry["unexplained"] as? Bool == false)
      let reasons = try #require(entry["reasons"] as? [[String: Any]])
      #expect(reasons.map { $0["reason"] as? String } == ["TCP_LISTEN_OVERFLOW"])
      #expect(reasons.map { $0["packets"] as? Int } == [rises[0]])
      let text = try Command(Live.dropdb, ["explain", "TCP_LISTEN_OVERFLOW", "--db", capture.database])
        .succeed()
      #expect(text.contains("TcpExtListenOverflows \(rises[0])"))
    }

    @Test func `What is refused without a reason is what the report shows as a rise without one`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try capture(namespace)
      // Over loopback each handshake ends before the next begins, so the listener refuses the first packet of it.
      try namespace.python(
        """
        import socket
        listener = socket.socket()
        listener.bind(("127.0.0.1", 4000))
        listener.listen(1)
        clients = []
        for _ in range(12):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", 4000))
            clients.append(client)
        """)
      _ = try capture.stop()
      let entry = try reported("TcpExtListenOverflows", capture, in: namespace)
      #expect(try #require(entry["delta"] as? Int) >= 10)
      // Kernels up to 6.18 use such a packet up without calling it a drop.
      let drops = try drops("TCP_LISTEN_OVERFLOW", capture, in: namespace)
      #expect(entry["unexplained"] as? Bool == (drops == 0))
    }

    /// What the report says of a counter of a namespace.
    private func reported(
      _ name: String, _ capture: RunningCapture, in namespace: NetworkNamespaceFixture
    ) throws -> [String: Any] {
      let text = try Command(Live.dropdb, ["report", "--format", "json", "--db", capture.database]).succeed()
      let report = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      let counters = try #require(report?["counters"] as? [[String: Any]])
      return try #require(
        counters.first { $0["name"] as? String == name && $0["netns"] as? String == namespace.name })
    }

    @Test func `Frames that nobody speaks, and those a full tunnel refuses, are counted at their interfaces`()
      throws
    {
      let namespace = try NetworkNamespaceFixture()
      try namespace.addWire()
      try namespace.shell(
        """
        ip tuntap add tun0 mode tun
        ip link set tun0 txqueuelen 5
        ip addr add 10.88.0.1/24 dev tun0
        """)
      let capture = try capture(namespace)
      let before = try statistics(of: "host0", "rx", in: namespace)["dropped"]
      // As long as it is open, and nobody reads from it.
      try namespace.python(
        """
        import fcntl, os, socket, struct, subprocess
        tun = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH22x", b"tun0", 0x1001))
        subprocess.run(["ip", "link", "set", "tun0", "up"], check=True)
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for _ in range(60): sender.sendto(b"x", ("10.88.0.2", 4000))
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        wire.bind(("wire0", 0))
        for _ in range(70): wire.send(bytes.fromhex("020000000001 020000000002 88b5") + bytes(50))
        """)
      _ = try capture.stop()
      let received = try #require(try statistics(of: "host0", "rx", in: namespace)["dropped"])
      #expect(try received - #require(before) == 70)
      #expect(try rise("rx_dropped", at: "host0", capture, in: namespace) == 70)
      #expect(try drops("UNHANDLED_PROTO", capture, in: namespace) == 70)
      let sent = try #require(try statistics(of: "tun0", "tx", in: namespace)["dropped"])
      #expect(sent >= 50)
      #expect(try rise("tx_dropped", at: "tun0", capture, in: namespace) == sent)
      #expect(try drops("FULL_RING", capture, in: namespace) == sent)
    }

    @Test func `What a queueing discipline drops is counted under its name`() throws {
      let namespace = try NetworkNamespaceFixture()
      try namespace.addWire()
      try namespace.shell("tc qdisc add dev host0 root handle 5: tbf rate 8kbit burst 1540 limit 3000")
      let capture = try capture(namespace)
      try namespace.python(
        """
        import socket
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for _ in range(40): sender.sendto(bytes(1000), ("10.77.0.2", 4000))
        """)
      _ = try capture.stop()
      let text = try namespace.run("tc", ["-j", "-s", "qdisc", "show", "dev", "host0"])
      let all = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
      let qdisc = try #require(all?.first { $0["handle"] as? String == "5:" })
      let drops = try #require(qdisc["drops"] as? Int)
      #expect(drops > 30)
      #expect(try rise("drops", at: "host0 5: tbf", capture, in: namespace) == drops)
      #expect(try rise("overlimits", at: "host0 5: tbf", capture, in: namespace) > 0)
    }

    @Test func `Without the right to enter a namespace its own counters are looked at, and the rest is told`()
      throws
    {
      let namespace = try NetworkNamespaceFixture()
      let capture = try capture(namespace, ["--user", "nobody"])
      try capture.waitUntilSaid("CAP_SYS_ADMIN")
      // To a port that nobody can listen on.
      try Command(
        "python3", ["-c", "from socket import *; socket(type=SOCK_DGRAM).sendto(b'', ('127.0.0.1', 1))"]
      ).succeed()
      _ = try capture.stop()
      #expect(try !capture.rows("SELECT 1 FROM counters WHERE name = 'UdpNoPorts'").isEmpty)
      #expect(try capture.rows("SELECT 1 FROM counters WHERE netns = '\(namespace.name)'").isEmpty)
    }

    @Test func `A namespace that is looked at can go, and nothing of it stays open`() throws {
      let kept = try NetworkNamespaceFixture()
      let capture = try capture(kept)
      do {
        let gone = try NetworkNamespaceFixture()
        try gone.addWire()
      }
      // Its own, to find the way back, and for a moment that which it looks at.
      var open = 0
      for _ in 0..<200 {
        let links = try Live.privileged("sh", ["-c", "ls -l /proc/\(try capture.pid())/fd"]).succeed()
        open = links.split(separator: "\n").count { $0.contains("net:[") }
        if open == 1 { break }
      }
      #expect(open == 1)
      _ = try capture.stop()
    }

    @Test func `A namespace that is not there is told before anything is written`() throws {
      let folder = try TemporaryFolder()
      let result = try Live.privileged(
        Live.dropdb, ["capture", "--counter-netns", "there-is-none", "--db", folder.file("drops.db")]
      ).run()
      #expect(result.status == 1)
      #expect(result.errors.contains("no network namespace is called 'there-is-none'"))
      #expect(!FileManager.default.fileExists(atPath: folder.file("drops.db")))
    }

    @Test func `Whoever does not want counters has none`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--no-counters"])
      try namespace.python(
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('127.0.0.1', 9))")
      _ = try capture.stop()
      #expect(try capture.rows("SELECT 1 FROM counters").isEmpty)
    }
  }
}

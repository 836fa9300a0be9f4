import Foundation
import Testing

extension LiveTests {
  /// Each filter with two kinds of drops, one of which passes: what does not is counted all the same, and told as filtered.
  @Suite struct FilterTests {
    private static let each = 6

    /// Waits until the namespaces' drops are counted, and compares what was recorded of them.
    ///
    /// - Parameters:
    ///   - capture: The capture, which is ended.
    ///   - namespaces: Where all drops in question are.
    ///   - counted: How many there are.
    ///   - passing: What those that pass have in common, in SQL over the view `drops`.
    ///   - recorded: How many those are.
    /// - Throws: if the drops are not counted, or the capture does not end well.
    private func check(
      _ capture: RunningCapture, _ namespaces: [NetworkNamespaceFixture], counted: Int, passing: String,
      recorded: Int
    ) throws {
      let places = namespaces.map { "'\($0.name)'" }.joined(separator: ", ")
      _ = try capture.rows(
        "SELECT 1 FROM (SELECT sum(packets) AS n FROM tallies WHERE netns IN (\(places))) WHERE n >= \(counted)",
        atLeast: 1)
      _ = try capture.stop()
      func number(_ sql: String) throws -> Int? {
        try capture.rows("SELECT (\(sql)) AS n").first?["n"] as? Int
      }
      #expect(try number("SELECT sum(packets) FROM tallies WHERE netns IN (\(places))") == counted)
      #expect(try number("SELECT sum(recorded) FROM tallies WHERE netns IN (\(places))") == recorded)
      #expect(try number("SELECT count(*) FROM drops WHERE netns IN (\(places)) AND \(passing)") == recorded)
      #expect(try number("SELECT count(*) FROM drops WHERE netns IN (\(places)) AND NOT (\(passing))") == 0)
      let filtered = try number("SELECT ifnull(sum(packets), 0) FROM losses WHERE cause = 'filtered'")
      #expect((filtered ?? 0) >= counted - recorded)
      #expect(
        try number("SELECT counted FROM captures")
          == number("SELECT recorded + (SELECT ifnull(sum(packets), 0) FROM losses) FROM captures"))
    }

    private func send(
      _ namespace: NetworkNamespaceFixture, to address: String, port: Int, type: String = "DGRAM"
    ) throws {
      try namespace.python(
        """
        import socket, sys
        for i in range(\(Self.each)):
          s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_\(type))
          try:
            s.connect((sys.argv[1], \(port)))
            s.send(b"x")
          except ConnectionRefusedError: pass
        """, [address])
    }

    @Test(arguments: [
      (["--reason", "NO_SOCKET"], "reason = 'NO_SOCKET'"),
      (["--not-reason", "no_socket"], "reason = 'NETFILTER_DROP'"),
      (["--reason", "NETFILTER_DROP,TCP_CSUM"], "reason = 'NETFILTER_DROP'"),
      (["--reason", "core", "--not-reason", "NETFILTER_DROP"], "reason = 'NO_SOCKET'"),
    ])
    func `By reason`(arguments: [String], passing: String) throws {
      let namespace = try NetworkNamespaceFixture()
      try namespace.run("nft", ["add", "table", "inet", "t"])
      try namespace.run(
        "nft", ["add", "chain", "inet", "t", "input", "{ type filter hook input priority 0; }"])
      try namespace.run("nft", ["add", "rule", "inet", "t", "input", "udp", "dport", "40502", "drop"])
      let capture = try RunningCapture(arguments)
      try send(namespace, to: "127.0.0.1", port: 40501)
      try send(namespace, to: "127.0.0.1", port: 40502)
      try check(capture, [namespace], counted: 2 * Self.each, passing: passing, recorded: Self.each)
    }

    @Test(arguments: [
      (["--port", "40503"], "dport = 40503"), (["--port", "1-40503,50000-50001"], "dport = 40503"),
      (["--port", "40504-40600", "--port", "1"], "dport = 40504"),
    ])
    func `By port`(arguments: [String], passing: String) throws {
      let namespace = try NetworkNamespaceFixture()
      // The senders' own ports are none of those.
      try namespace.run("sysctl", ["-qw", "net.ipv4.ip_local_port_range=50002 60000"])
      let capture = try RunningCapture(arguments)
      try send(namespace, to: "127.0.0.1", port: 40503)
      try send(namespace, to: "127.0.0.1", port: 40504)
      try check(capture, [namespace], counted: 2 * Self.each, passing: passing, recorded: Self.each)
    }

    @Test(arguments: [
      (["--net", "127.1.2.3/16"], "daddr = '127.1.0.1'"), (["--net", "127.0.0.1"], "daddr = '127.0.0.1'"),
      (["--net", "::1,10.0.0.0/8,127.1.0.1/32"], "daddr = '127.1.0.1'"),
    ])
    func `By network`(arguments: [String], passing: String) throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(arguments)
      // From the same address as to it, so that either end tells them apart.
      for address in ["127.0.0.1", "127.1.0.1"] {
        try namespace.python(
          """
          import socket
          for i in range(\(Self.each)):
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.bind(("\(address)", 0))
            s.sendto(b"x", ("\(address)", 40505))
          """)
      }
      try check(capture, [namespace], counted: 2 * Self.each, passing: passing, recorded: Self.each)
    }

    @Test func `By network, of IPv6`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--net", "::/64"])
      try send(namespace, to: "127.0.0.1", port: 40506)
      try send(namespace, to: "::1", port: 40506)
      try check(capture, [namespace], counted: 2 * Self.each, passing: "daddr = '::1'", recorded: Self.each)
    }

    @Test(arguments: [
      (["--protocol", "TCP"], "transport = 'TCP'", 6), (["--protocol", "ipv6"], "protocol = 'IPv6'", 6),
      (["--protocol", "17"], "transport = 'UDP'", 12),
      (["--protocol", "TCP,0x86dd"], "transport = 'TCP' OR protocol = 'IPv6'", 12),
    ])
    func `By protocol`(arguments: [String], passing: String, recorded: Int) throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(arguments)
      try send(namespace, to: "127.0.0.1", port: 40507)
      try send(namespace, to: "::1", port: 40507)
      try send(namespace, to: "127.0.0.1", port: 40507, type: "STREAM")
      try check(capture, [namespace], counted: 3 * Self.each, passing: "(\(passing))", recorded: recorded)
    }

    @Test func `By port and protocol, behind options and extension headers`() throws {
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--port", "40514", "--protocol", "UDP"])
      try namespace.python(
        """
        import socket
        IPV6_HOPOPTS, IPV6_DSTOPTS = 54, 59
        # Padding, of 8 bytes, and of 24.
        short, long = bytes([0, 0, 1, 4]) + bytes(4), bytes([0, 2, 1, 20]) + bytes(20)
        for i in range(\(Self.each / 2)):
          for port in (40514, 40515):
            v4 = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            v4.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, bytes([1] * 12))
            v4.sendto(b"x", ("127.0.0.1", port))
            v6 = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            options = [(socket.IPPROTO_IPV6, IPV6_HOPOPTS, long), (socket.IPPROTO_IPV6, IPV6_DSTOPTS, short)]
            v6.sendmsg([b"x"], options, 0, ("::1", port))
        """)
      try check(
        capture, [namespace], counted: 2 * Self.each, passing: "dport = 40514 AND transport = 'UDP'",
        recorded: Self.each)
    }

    @Test(arguments: ["name", "number", "path"])
    func `By namespace`(kind: String) throws {
      let wanted = try NetworkNamespaceFixture()
      let other = try NetworkNamespaceFixture()
      let inode = try wanted.inode()
      let text = kind == "name" ? wanted.name : kind == "number" ? "\(inode)" : "/run/netns/\(wanted.name)"
      let capture = try RunningCapture(["--netns", text])
      try send(wanted, to: "127.0.0.1", port: 40508)
      try send(other, to: "127.0.0.1", port: 40508)
      try check(
        capture, [wanted, other], counted: 2 * Self.each, passing: "netns = '\(wanted.name)'",
        recorded: Self.each)
    }

    @Test func `By interface`() throws {
      let near = try NetworkNamespaceFixture()
      let far = try NetworkNamespaceFixture()
      try Live.privileged(
        "ip",
        [
          "link", "add", "near0", "netns", near.name, "type", "veth", "peer", "name", "far0", "netns",
          far.name,
        ]
      ).succeed()
      for (namespace, interface, address) in [(near, "near0", "10.99.0.1/24"), (far, "far0", "10.99.0.2/24")]
      {
        // Otherwise IPv6 has something to say on a new link, which may be dropped.
        try namespace.run("sysctl", ["-qw", "net.ipv6.conf.\(interface).disable_ipv6=1"])
        try namespace.run("ip", ["address", "add", address, "dev", interface])
        try namespace.run("ip", ["link", "set", interface, "up"])
      }
      let capture = try RunningCapture(["--interface", "nothing,far0"])
      try send(near, to: "10.99.0.2", port: 40509)
      try send(far, to: "127.0.0.1", port: 40509)
      try check(capture, [far], counted: 2 * Self.each, passing: "interface = 'far0'", recorded: Self.each)
    }

    @Test func `By control group, also by one above the socket's`() throws {
      let roots = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]
      guard
        let root = roots.first(where: { FileManager.default.fileExists(atPath: "\($0)/cgroup.controllers") })
      else {
        try Test.cancel("no control groups of version 2 are mounted")
      }
      let group = "dropdb-test-\(UUID().uuidString.prefix(8))"
      try Live.privileged("mkdir", ["-p", "\(root)/\(group)/below"]).succeed()
      defer { _ = try? Live.privileged("sh", ["-c", "rmdir \(root)/\(group)/below \(root)/\(group)"]).run() }
      let namespace = try NetworkNamespaceFixture()
      let capture = try RunningCapture(["--cgroup", "/\(group)"])
      // A socket in the group whose buffer is full, and one outside.
      let script = """
        import os, socket, sys
        own = next(l.split(":", 2)[2].strip() for l in open("/proc/self/cgroup") if l.startswith("0::"))
        folder, root, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
        open(folder + "/cgroup.procs", "w").write(str(os.getpid()))
        receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        receiver.bind(("127.0.0.1", port))
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for i in range(200): sender.sendto(b"x" * 1000, ("127.0.0.1", port))
        open(root + own + "/cgroup.procs", "w").write(str(os.getpid()))
        """
      // Not by 'ip netns exec', which puts another /sys in place of this one.
      for (folder, port) in [("\(root)/\(group)/below", 40510), (root, 40511)] {
        try Live.privileged(
          "nsenter", ["--net=/run/netns/\(namespace.name)", "python3", "-c", script, folder, root, "\(port)"]
        ).succeed()
      }
      // How many fit into a buffer is the kernel's affair; that the rest of 200 is dropped is not.
      _ = try capture.rows("SELECT 1 FROM drops WHERE dport = 40510", atLeast: 100)
      _ = try capture.stop()
      let counted = try #require(
        try capture.rows(
          "SELECT sum(packets) AS n FROM tallies WHERE netns = '\(namespace.name)' AND reason = 'SOCKET_RCVBUFF'"
        ).first?["n"] as? Int)
      let recorded = try capture.rows("SELECT dport, cgroup FROM drops WHERE netns = '\(namespace.name)'")
      #expect(counted >= 200 && counted <= 400)
      #expect(recorded.allSatisfy { $0["dport"] as? Int == 40510 })
      #expect(recorded.allSatisfy { $0["cgroup"] as? String == "/\(group)/below" })
      #expect(recorded.count == counted / 2)
    }

    @Test
    func `A filter is told at the start, kept with the capture, and wrong usage before anything is loaded`()
      throws
    {
      let capture = try RunningCapture(["--port", "40512", "--interface", "lo"])
      _ = try capture.stop()
      #expect(capture.standardError.contains("recording only interface lo, port 40512; counting all"))
      let options = try #require(
        try capture.rows("SELECT options FROM captures").first?["options"] as? String)
      let object = try #require(try JSONSerialization.jsonObject(with: Data(options.utf8)) as? NSDictionary)
      #expect(object == ["interface": ["lo"], "port": ["40512"]] as NSDictionary)
    }
  }
}

import Foundation
import Testing

extension LiveTests {
  /// What is kept of packets and decoded, by how they lie in the kernel's memory.
  @Suite struct KeptPacketTests {
    /// Payload that differs from one place to the next, and a file with it, whose pages go into packets as they are.
    private static let payload = """
      import tempfile
      payload = bytes(i % 251 for i in range(1200))
      file = tempfile.TemporaryFile()
      file.write(payload)
      file.flush()
      """

    private static let loopback = """
      packet = udp(PORT, payload=payload[:1000], source="127.0.0.1", destination="127.0.0.1", id=1)[14:]
      socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW).sendto(packet, ("127.0.0.1", 0))
      print(packet.hex())
      """

    private static let wire = """
      packet = udp(PORT, payload=payload[:1000])
      wire.send(packet)
      print(packet.hex())
      """

    /// UDP whose payload lies in the file's pages.
    private static let pages = """
      sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      sender.bind(("127.0.0.1", PORT))
      sender.connect(("127.0.0.1", 9))
      os.sendfile(sender.fileno(), file.fileno(), 0, 1200)
      print(struct.pack("!HHH", PORT, 9, 1208).hex())
      print(payload.hex())
      """

    /// TCP whose segments are dropped once the connection stands; its payload always lies in pages.
    private static let segment = """
      server = socket.create_server(("127.0.0.1", 9))
      client = socket.socket()
      client.bind(("127.0.0.1", PORT))
      client.connect(("127.0.0.1", 9))
      for command in ("table ip t", "chain ip t in { type filter hook input priority 0; }",
                      "rule ip t in tcp dport 9 ip length > 1000 drop"):
          assert os.system("nft 'add %s'" % command) == 0
      client.send(payload)
      print(struct.pack("!HH", PORT, 9).hex())
      print(payload.hex())
      """

    /// A datagram that the host puts together again of two buffers.
    private static let fragments = """
      datagram = udp(PORT, payload=payload)[34:]
      wire.send(ether(ipv4(datagram[:600], 17, id=7, fragment=0x2000)))
      wire.send(ether(ipv4(datagram[600:], 17, id=7, fragment=75)))
      print(datagram[:8].hex())
      print(payload.hex())
      """

    /// A packet in a packet, of which only the outer headers lie in one piece.
    private static let tunnel = """
      file.seek(0)
      file.write(bytes([8, 0, 0, 0, 0, 0, 42, 0]) + udp(777, dport=778, payload=payload[:100]))
      file.flush()
      sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      sender.bind(("127.0.0.1", PORT))
      sender.connect(("127.0.0.1", 4789))
      os.sendfile(sender.fileno(), file.fileno(), 0, 150)
      """

    /// What a script printed, and what was recorded of the packet it sent from port 40001.
    private func record(
      _ traffic: String, _ options: [String]
    ) throws -> (printed: [String], row: [String: Any]) {
      let namespace = try NetworkNamespaceFixture()
      try namespace.addWire()
      let capture = try RunningCapture(options + ["--record-routine"])
      let printed = try namespace.python(PythonWire.script("\(Self.payload)\n\(traffic)"))
      _ = try capture.rows(
        "SELECT 1 FROM drops WHERE netns = '\(namespace.name)' AND dport = \(PythonWire.endPort)", atLeast: 1)
      let rows = try capture.rows(
        """
        SELECT link, network_offset, packets.length AS length, lower(hex(bytes)) AS bytes, saddr, daddr, transport,
          dport, inner_saddr, inner_daddr, inner_sport, inner_dport
        FROM drops LEFT JOIN packets USING (ts)
        WHERE netns = '\(namespace.name)' AND sport = 40001 AND reason IN ('NO_SOCKET', 'NETFILTER_DROP') ORDER BY ts
        """)
      return (printed.split(separator: "\n").map(String.init), try #require(rows.first))
    }

    @Test(arguments: [16, 60, 200, 2000], [(loopback, "IP", 0), (wire, "Ethernet", 14)])
    func `Of a packet as many bytes are kept as asked, and its headers are known all the same`(
      _ kept: Int, _ traffic: (script: String, link: String, networkOffset: Int)
    ) throws {
      let (printed, row) = try record(traffic.script, ["--keep-packets", "\(kept)"])
      let sent = try #require(printed.first)
      #expect(row["bytes"] as? String == String(sent.prefix(2 * kept)))
      #expect(row["link"] as? String == traffic.link)
      #expect(row["network_offset"] as? Int == traffic.networkOffset)
      #expect(row["length"] as? Int == sent.count / 2)
      let isLoopback = traffic.networkOffset == 0
      #expect(row["saddr"] as? String == (isLoopback ? "127.0.0.1" : "10.77.0.2"))
      #expect(row["daddr"] as? String == (isLoopback ? "127.0.0.1" : "10.77.0.1"))
      #expect(row["transport"] as? String == "UDP")
      #expect(row["dport"] as? Int == 9)
    }

    @Test(
      .kernel(6, 11), arguments: [60, 4096],
      [(pages, 28, 1228), (segment, 52, 1252), (fragments, 42, 1242)])
    func `What of a packet does not lie in one piece is kept too`(
      _ kept: Int, _ traffic: (script: String, headers: Int, length: Int)
    ) throws {
      let (printed, row) = try record(traffic.script, ["--keep-packets", "\(kept)"])
      try #require(printed.count == 2)
      #expect(row["length"] as? Int == traffic.length)
      let bytes = try #require(row["bytes"] as? String)
      #expect(bytes.count / 2 == min(kept, traffic.length))
      // The kernel made the header of IP, and parts of the other.
      let isTCP = traffic.headers == 52
      #expect(bytes.dropFirst(2 * traffic.headers - (isTCP ? 64 : 16)).hasPrefix(printed[0]))
      #expect(bytes.dropFirst(2 * traffic.headers) == printed[1].prefix(2 * (kept - traffic.headers)))
      #expect(row["transport"] as? String == (isTCP ? "TCP" : "UDP"))
    }

    @Test(.kernel(6, 11), arguments: [[], ["--keep-packets", "16"]])
    func `Headers behind the first piece of a packet are decoded`(options: [String]) throws {
      let (_, row) = try record(Self.tunnel, options)
      #expect(row["inner_saddr"] as? String == "10.77.0.2")
      #expect(row["inner_daddr"] as? String == "10.77.0.1")
      #expect(row["inner_sport"] as? Int == 777)
      #expect(row["inner_dport"] as? Int == 778)
      #expect((row["bytes"] as? String)?.count ?? 0 == (options.isEmpty ? 0 : 32))
    }
  }
}

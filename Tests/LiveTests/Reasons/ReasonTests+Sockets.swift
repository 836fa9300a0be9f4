import Foundation
import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: sockets) func `What sockets do not take`(_ drop: DropCase) throws { try drop.check() }

  /// net/ipv4/udp.c, and packet_rcv() in net/packet/af_packet.c.
  private static let sockets = [
    DropCase(
      "NO_SOCKET", in: ["__udp4_lib_rcv", "udp_rcv"], "of UDP", traffic: "send(udp)"),
    DropCase(
      "UDP_CSUM", in: ["__udp4_lib_rcv", "udp_rcv"], counter: "UdpInCsumErrors",
      traffic: "send(lambda port: udp(port, sum=1))"),
    DropCase(
      "PKT_TOO_SMALL", in: ["__udp4_lib_rcv", "udp_rcv"], "of UDP", counter: "UdpInErrors",
      traffic: "send(lambda port: udp(port, length=4))"),
    DropCase(
      "SOCKET_FILTER", in: ["udp_queue_rcv_one_skb", "udp_queue_rcv_skb"], "of a UDP socket",
      counter: "UdpInErrors", traffic: receiver + "reject_all(receiver)\nsend(udp)"),
    // The smallest buffer there is holds two small datagrams.
    DropCase(
      "SOCKET_RCVBUFF", in: ["udp_queue_rcv_one_skb", "udp_queue_rcv_skb"], packets: 10, port: 40003,
      counter: "UdpRcvbufErrors",
      traffic: receiver + "receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)\nsend(udp, 12)"),
    // PACKET_STATISTICS (6) is the socket's own count of what came and of what it dropped.
    DropCase(
      "PACKET_SOCK_ERROR", in: ["packet_rcv"], packets: 7, length: 100, network: "0x88b5", transport: nil,
      traffic: """
        sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        sniffer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
        sniffer.bind(("host0", 0x88b5))
        send(lambda port: ether(bytes(100), 0x88b5), 10)
        assert struct.unpack("II", sniffer.getsockopt(263, 6, 8)) == (10, 7)
        for _ in range(3): sniffer.recv(200)
        """),
    DropCase(
      "UNHANDLED_PROTO", in: ["__netif_receive_skb_core"], "that nobody speaks", length: 46,
      network: "0x88b5", transport: nil, traffic: "send(lambda port: ether(bytes(46), 0x88b5))"),
  ]

  @Test func `Messages that wait at a UNIX socket when it closes`() throws {
    let row = try closing(
      "[sender.send(bytes(100)) for _ in range(3)]\nreceiver.close()", reason: "SOCKET_CLOSE")
    #expect(row["symbol"] as? String == "unix_release_sock")
    #expect(row["context"] as? String == "task")
  }

  /// unix_dgram_disconnected() in net/unix/af_unix.c: who changes its peer has no use for what others sent.
  @Test func `Messages that wait at a UNIX socket when it turns to another`() throws {
    let row = try closing(
      """
      [sender.send(bytes(100)) for _ in range(3)]
      other = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      other.bind("\\0dropdb")
      receiver.connect("\\0dropdb")
      """, reason: "UNIX_DISCONNECT")
    let symbol = try #require(row["symbol"] as? String)
    #expect(["skb_queue_purge_reason", "unix_dgram_disconnected"].contains(symbol), "\(symbol)")
    #expect(row["context"] as? String == "task")
  }

  /// What is known of three messages of 100 bytes, of which one drop is like the other.
  private func closing(_ script: String, reason: String) throws -> [String: Any] {
    let shared = try #require(SharedCapture.current)
    let namespace = try NetworkNamespaceFixture()
    shared.keep(namespace)
    try namespace.python(
      """
      import socket
      sender, receiver = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
      \(script)
      socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"end", ("127.0.0.1", \(PythonWire.endPort)))
      """)
    try shared.waitForEnd(of: namespace)
    let rows = try shared.capture.rows(
      "SELECT * FROM drops WHERE netns = '\(namespace.name)' AND reason = '\(reason)' AND length = 100")
    #expect(rows.count == 3)
    let tally = try shared.capture.rows(
      "SELECT sum(packets) AS n FROM tallies WHERE netns = '\(namespace.name)' AND reason = '\(reason)'")
    #expect((tally.first?["n"] as? Int ?? 0) >= 3)
    let row = try #require(rows.first)
    for column in ["protocol", "transport", "saddr", "daddr", "sport", "dport", "interface", "ifindex"] {
      #expect(row[column] is NSNull, "\(column)")
    }
    return row
  }
}

import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: beforeConnection) func `Segments before there is a connection`(_ drop: DropCase) throws {
    try drop.check()
  }

  @Test(arguments: inConnection) func `Segments that do not belong into their connection`(_ drop: DropCase)
    throws
  {
    try drop.check()
  }

  /// tcp_v4_rcv() in net/ipv4/tcp_ipv4.c, tcp_inbound_hash() in net/ipv4/tcp.c, tcp_rcv_state_process() in
  /// net/ipv4/tcp_input.c.
  private static let beforeConnection = [
    DropCase(
      "TCP_CSUM", in: ["tcp_v4_rcv"], length: 40, transport: "TCP", flags: "SYN", counter: "TcpInCsumErrors",
      traffic: "send(lambda port: tcp(port, SYN, sum=1))"),
    DropCase(
      "NO_SOCKET", in: ["tcp_v4_rcv"], length: 40, transport: "TCP", flags: "ACK", counter: "TcpOutRsts",
      traffic: "send(lambda port: tcp(port, ACK))"),
    DropCase(
      "TCP_FLAGS", in: ["tcp_rcv_state_process"], "what opens and closes at once", length: 40,
      transport: "TCP",
      flags: "FIN|SYN",
      traffic: "queue = listener()\nsend(lambda port: tcp(port, SYN | FIN))"),
    DropCase(
      "TCP_FLAGS", in: ["tcp_rcv_state_process", "tcp_v4_do_rcv"], "an answer to nothing", length: 40,
      transport: "TCP", flags: "ACK",
      traffic: "queue = listener()\nsend(lambda port: tcp(port, ACK))"),
    DropCase(
      "SOCKET_FILTER", in: ["tcp_v4_rcv"], "of a TCP socket", length: 40, transport: "TCP", flags: "SYN",
      traffic: "queue = listener(reject_all)\nsend(lambda port: tcp(port, SYN))"),
    DropCase(
      "TCP_MINTTL", in: ["tcp_v4_rcv"], length: 40, transport: "TCP", flags: "SYN",
      counter: "TcpExtTCPMinTTLDrop",
      traffic: """
        queue = listener(lambda socket_: socket_.setsockopt(socket.IPPROTO_IP, 21, 65))
        send(lambda port: tcp(port, SYN))
        """),
    DropCase(
      "TCP_MD5NOTFOUND", in: ["tcp_v4_rcv"], length: 40, transport: "TCP", flags: "SYN",
      counter: "TcpExtTCPMD5NotFound", traffic: keyedListener + "send(lambda port: tcp(port, SYN))"),
    DropCase(
      "TCP_MD5FAILURE", in: ["tcp_v4_rcv"], length: 60, transport: "TCP", flags: "SYN",
      counter: "TcpExtTCPMD5Failure",
      traffic: keyedListener + "send(lambda port: tcp(port, SYN, options=\(signature)))"),
    DropCase(
      "TCP_MD5UNEXPECTED", in: ["tcp_v4_rcv"], length: 60, transport: "TCP", flags: "SYN",
      counter: "TcpExtTCPMD5Unexpected",
      traffic: "queue = listener()\nsend(lambda port: tcp(port, SYN, options=\(signature)))"),
    DropCase(
      "TCP_AUTH_HDR", in: ["tcp_v4_rcv"], "signed twice", length: 76, transport: "TCP", flags: "SYN",
      traffic: """
        queue = listener()
        send(lambda port: tcp(port, SYN, options=b"\\x13\\x12" + bytes(16) + b"\\x13\\x10" + bytes(14) + b"\\1\\1"))
        """),
  ]

  /// tcp_validate_incoming(), tcp_sequence(), tcp_ack() and tcp_data_queue() in net/ipv4/tcp_input.c.
  private static let inConnection = [
    DropCase(
      "TCP_FLAGS", in: established, "not even an ACK", length: 41, transport: "TCP", flags: "none", seq: 1001,
      traffic: "connections(lambda peer, socket_: peer.send(0, b'x'))"),
    DropCase(
      "TCP_OLD_SEQUENCE", in: validation, length: 40, transport: "TCP", flags: "ACK", seq: 996,
      traffic: "connections(lambda peer, socket_: peer.send(ACK, seq=-5))"),
    DropCase(
      "TCP_INVALID_SEQUENCE", in: validation, length: 42, transport: "TCP", flags: "ACK", seq: 1001001,
      traffic: "connections(lambda peer, socket_: peer.send(ACK, b'xx', seq=1000000))"),
    // Half of it would fit. While nothing waits to be read, that is taken nevertheless.
    DropCase(
      "TCP_INVALID_END_SEQUENCE", in: validation, length: 240, transport: "TCP", flags: "ACK", seq: 65141,
      traffic: """
        def overrun(peer, socket_):
            peer.send(ACK, b"x")
            peer.send(ACK, bytes(200), seq=peer.window - 100)
        connections(overrun)
        """),
    DropCase(
      "TCP_ACK_UNSENT_DATA", in: established, length: 42, transport: "TCP", flags: "ACK", seq: 1001,
      traffic: "connections(lambda peer, socket_: peer.send(ACK, b'xx', ack=100))"),
    DropCase(
      "TCP_TOO_OLD_ACK", in: established, length: 42, transport: "TCP", flags: "ACK", seq: 1001,
      traffic: "connections(lambda peer, socket_: peer.send(ACK, b'xx', ack=-1000000))"),
    DropCase(
      "TCP_INVALID_SYN", in: validation, length: 40, transport: "TCP", flags: "SYN", seq: 1001,
      traffic: "connections(lambda peer, socket_: peer.send(SYN))"),
    DropCase(
      "TCP_OLD_DATA", in: ["tcp_data_queue", "tcp_rcv_established"], length: 50, transport: "TCP",
      flags: "ACK", seq: 1001,
      traffic: "connections(lambda peer, socket_: [peer.send(ACK, bytes(10)) for _ in 'ab'])"),
    DropCase(
      "TCP_OFOMERGE", in: ["tcp_data_queue_ofo", "tcp_data_queue", "tcp_rcv_established"], length: 50,
      transport: "TCP", flags: "ACK", seq: 1011,
      traffic: "connections(lambda peer, socket_: [peer.send(ACK, bytes(10), seq=10) for _ in 'ab'])"),
    DropCase(
      "TCP_RFC7323_PAWS", in: validation, length: 53, transport: "TCP", flags: "ACK", seq: 1001,
      counter: "TcpExtPAWSEstab",
      traffic: """
        stamp = lambda value: struct.pack("!BBBBII", 1, 1, 8, 10, value, 0)
        connections(lambda peer, socket_: peer.send(ACK, b"x", options=stamp(5)), options=stamp(1000))
        """),
    DropCase(
      "TCP_ABORT_ON_DATA", in: ["tcp_rcv_state_process", "tcp_v4_do_rcv"], length: 42, transport: "TCP",
      flags: "ACK", seq: 1001, counter: "TcpExtTCPAbortOnData",
      traffic: "connections(lambda peer, socket_: [socket_.close(), peer.send(ACK, b'xx')])"),
  ]

  private static let established = ["tcp_rcv_established", "tcp_v4_do_rcv"]
  private static let validation = ["tcp_validate_incoming", "tcp_rcv_established"]

  /// TCP_MD5SIG: kind, length and a signature that is wrong, then two octets of nothing.
  private static let signature = #"b"\x13\x12" + bytes(16) + b"\1\1""#
  private static let keyedListener = """
    key = struct.pack("HH4s120xBBHI80s", socket.AF_INET, 0, address(PEER), 0, 0, 6, 0, b"secret")
    queue = listener(lambda socket_: socket_.setsockopt(socket.IPPROTO_TCP, 14, key))

    """
}

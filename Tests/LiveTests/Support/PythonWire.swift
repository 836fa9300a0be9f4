/// What the scripts that send packets begin and end with.
enum PythonWire {
  /// The port of the last datagram of a script.
  static let endPort = 9999

  /// A script that sends what the kernel itself never would.
  ///
  /// It ends with a datagram to a closed port on loopback: once that drop is stored, so is every one before it.
  static func script(_ traffic: String) -> String { "\(prelude)\n\(traffic)\n\(end)" }

  /// Packets by hand, the end of the wire to send them from, and a TCP that does as it is told.
  private static let prelude = #"""
    import array, os, socket, struct, time

    HOST_MAC, WIRE_MAC = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
    HOST, PEER, HOST6, PEER6 = "10.77.0.1", "10.77.0.2", "fd77::1", "fd77::2"
    FIN, SYN, RST, ACK = 1, 2, 4, 16
    PORT = 40001
    os.environ["PATH"] += ":/usr/sbin:/sbin"

    def address(text): return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)

    def checksum(octets):
        octets += b"\0" * (len(octets) % 2)
        value = sum(struct.unpack("!%dH" % (len(octets) // 2), octets))
        while value >> 16: value = (value & 0xffff) + (value >> 16)
        return ~value & 0xffff

    def ether(payload, ethertype=0x0800, destination=HOST_MAC, source=WIRE_MAC):
        return destination + source + struct.pack("!H", ethertype) + payload

    def ipv4(payload, protocol, source=PEER, destination=HOST, ttl=64, tos=0, id=0, fragment=0, first=0x45,
             length=None, header_sum=None):
        length = 20 + len(payload) if length is None else length
        header = lambda value: struct.pack("!BBHHHBBH4s4s", first, tos, length, id, fragment, ttl, protocol, value,
                                           address(source), address(destination))
        return header(checksum(header(0)) if header_sum is None else header_sum) + payload

    def ipv6(payload, protocol, source=PEER6, destination=HOST6, hops=64):
        return struct.pack("!IHBB", 6 << 28, len(payload), protocol, hops) + address(source) + address(destination) + payload

    def internet(payload, protocol, at, v6=False, sum=None, source=None, destination=None, **header):
        """A frame with the payload, whose checksum stands at an offset of it."""
        source = source or (PEER6 if v6 else PEER)
        destination = destination or (HOST6 if v6 else HOST)
        if sum is None:
            pseudo = address(source) + address(destination) + struct.pack("!II", len(payload), protocol)
            sum = checksum((b"" if protocol == 1 else pseudo) + payload) or 0xffff
        payload = payload[:at] + struct.pack("!H", sum) + payload[at + 2:]
        packet = (ipv6 if v6 else ipv4)(payload, protocol, source, destination, **header)
        return ether(packet, 0x86dd if v6 else 0x0800)

    def udp(sport, dport=9, payload=b"dropped", length=None, **header):
        length = 8 + len(payload) if length is None else length
        return internet(struct.pack("!HHHH", sport, dport, length, 0) + payload, 17, 6, **header)

    def tcp(sport, flags, seq=1000, ack=0, payload=b"", options=b"", **header):
        segment = struct.pack("!HHIIBBHHH", sport, 9, seq & 0xffffffff, ack & 0xffffffff,
                              5 + len(options) // 4 << 4, flags, 64240, 0, 0)
        return internet(segment + options + payload, 6, 16, **header)

    def icmp(type, code, rest=bytes(4), **header):
        protocol = 58 if header.get("v6") else 1
        return internet(struct.pack("!BBH", type, code, 0) + rest, protocol, 2, **header)

    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    wire.bind(("wire0", 0))

    def send(frame, count=3):
        """So many frames, each of a source port of its own."""
        for i in range(count): wire.send(frame(PORT + i))

    def datagrams(destination, count=3, size=100):
        """So many datagrams of the host itself, each from a port of its own."""
        for i in range(count):
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sender.bind(("0.0.0.0", PORT + i))
            sender.sendto(bytes(size), (destination, 9))

    def listener(prepare=lambda socket: None, backlog=8):
        socket_ = socket.socket()
        prepare(socket_)
        socket_.bind((HOST, 9))
        socket_.listen(backlog)
        return socket_

    def reject_all(socket_):
        """A filter of one instruction, `ret #0`."""
        instruction = array.array("B", struct.pack("=HBBI", 6, 0, 0, 0))
        socket_.setsockopt(socket.SOL_SOCKET, 26, struct.pack("@HP", 1, instruction.buffer_info()[0]))

    class Peer:
        """A connection from the other end of the wire, which does what no TCP should."""
        def __init__(self, sport, options=b""):
            self.sport, self.options, self.seq, self.ack = sport, options, 1000, 0
            ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
            ear.bind(("wire0", 0x0800))
            ear.settimeout(10)
            self.send(SYN)
            segment = b""
            while segment[:4] != struct.pack("!HH", 9, sport): segment = ear.recv(2000)[34:]
            self.ack = struct.unpack("!I", segment[4:8])[0] + 1
            self.window = struct.unpack("!H", segment[14:16])[0]
            self.seq += 1
            self.send(ACK)
        def send(self, flags, payload=b"", seq=0, ack=0, options=None):
            """Sequence and acknowledgement number count from where the connection stands."""
            wire.send(tcp(self.sport, flags, self.seq + seq, self.ack + ack if flags & ACK else 0, payload,
                          self.options if options is None else options))

    kept = []

    def connections(act, options=b"", count=3, prepare=lambda socket: None):
        """Does something to each of so many connections, when both sides think it established."""
        queue = listener(prepare)
        for i in range(count):
            peer = Peer(PORT + i, options)
            kept.append(queue.accept()[0])
            act(peer, kept[-1])
    """#

  /// More connections than a listener has room for.
  ///
  /// The queue has room for one more when four handshakes begin, before the first of these is completed: more begun ones
  /// would make the kernel send cookies.
  static let crowd = """
    queue = listener(backlog=4)
    for i in range(4): kept.append(Peer(PORT + i))
    class Half(Peer):
        isComplete = False
        def send(self, flags, *rest, **more):
            if flags != ACK or self.isComplete: Peer.send(self, flags, *rest, **more)
    halves = [Half(PORT + 4 + i) for i in range(4)]
    for half in halves:
        half.isComplete = True
        half.send(ACK)
    """

  private static let end = """
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"end", ("127.0.0.1", \(endPort)))
    """
}

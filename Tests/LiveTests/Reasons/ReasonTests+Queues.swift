import Foundation
import Testing

extension LiveTests.ReasonTests {
  @Test(arguments: queues) func `What has no room in a queue`(_ drop: DropCase) throws { try drop.check() }

  /// tcp_add_backlog() in net/ipv4/tcp_ipv4.c, enqueue_to_backlog() in net/core/dev.c, tcp_check_req() in
  /// net/ipv4/tcp_minisocks.c.
  private static let queues = [
    DropCase(
      "TCP_LISTEN_OVERFLOW", in: ["tcp_v4_rcv", "tcp_check_req"], length: 40, transport: "TCP", port: 40006,
      flags: "ACK", seq: 1001, counter: "TcpExtListenOverflows",
      traffic: PythonWire.crowd),
    // What waited finds no memory once the reader has gone.
    DropCase(
      "SOCKET_BACKLOG", in: ["tcp_v4_rcv", "tcp_add_backlog"], packets: 1, length: 41, transport: "TCP",
      flags: "ACK", besides: "PROTO_MEM", counter: "TcpExtTCPBacklogDrop", traffic: busyReader),
    // It has not been received yet, and belongs to the socket that sent it at the other end.
    DropCase(
      "CPU_BACKLOG", in: ["enqueue_to_backlog"], packets: 1, context: "task", and: ["direction": "sent"],
      traffic: burst),
  ]

  /// Its reader holds the socket while it waits for a page to copy into, which userfaultfd keeps from it.
  ///
  /// Segments wait meanwhile; each leaves a gap, or the kernel would put them together.
  private static let busyReader = #"""
    import ctypes, fcntl, mmap, threading
    USERFAULTFD = 323 if os.uname().machine == "x86_64" else 282
    UFFDIO_API, UFFDIO_REGISTER = 0xc018aa3f, 0xc020aa00
    faults = ctypes.CDLL(None, use_errno=True).syscall(USERFAULTFD, os.O_CLOEXEC)
    assert faults >= 0, ctypes.get_errno()
    fcntl.ioctl(faults, UFFDIO_API, struct.pack("QQQ", 0xaa, 0, 0))
    page = mmap.mmap(-1, mmap.PAGESIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    start = ctypes.addressof(ctypes.c_char.from_buffer(page))
    fcntl.ioctl(faults, UFFDIO_REGISTER, struct.pack("QQQQ", start, mmap.PAGESIZE, 1, 0))

    def dropped():
        names, values = [line.split() for line in open("/proc/net/netstat") if line.startswith("TcpExt")]
        return int(values[names.index("TCPBacklogDrop")])

    def overrun(peer, socket_):
        peer.send(ACK, b"x")
        reader = threading.Thread(target=lambda: socket_.recv_into(page, 1))
        reader.start()
        # A fault can be read once the reader waits.
        assert len(os.read(faults, 32)) == 32
        for i in range(1, 2000):
            peer.send(ACK, b"x", seq=2 * i)
            if dropped(): break
        print("tcp_seq", peer.seq + 2 * i)
        os.close(faults)
        reader.join()

    connections(overrun, count=1, prepare=lambda socket_: socket_.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0))
    """#

  /// What is sent is cloned before it goes, so often that the queue of the CPU has no room for the packet itself.
  ///
  /// The clones are put there by a program on the way out, and nobody can empty the queue until that is done.
  private static let burst =
    PythonBPF.prelude + """
      BPF_F_INGRESS, room = 1, \(backlog)
      attach(SCHED_CLS, TCX_EGRESS, "wire0", 0,
             op(0xbf, 6, 1), move(7, 0),
             op(0xbf, 1, 6), move(2, socket.if_nametoindex("wire0")), move(3, BPF_F_INGRESS), call(13),
             op(0x07, 7, number=1), op(0xa5, 7, offset=-6, number=room + 1),
             move(0, 0), RETURN)
      try: send(udp, 1)
      except OSError as error: assert error.errno == errno.ENOBUFS
      """

  private static let backlog: Int = {
    let text = try? String(contentsOfFile: "/proc/sys/net/core/netdev_max_backlog", encoding: .utf8)
    return Int((text ?? "").trimmingCharacters(in: .whitespacesAndNewlines)) ?? 1000
  }()
}

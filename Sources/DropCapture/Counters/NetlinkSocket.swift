#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// A socket to ask the kernel about the network namespace that the calling thread was in when it was made (`man 7 rtnetlink`).
struct NetlinkSocket: ~Copyable {
  /// The kernel fills at most so much at once, and no message of these dumps is longer.
  private static let pieceSize = 1 << 16
  /// More pieces than this are not waited for: a gigabyte of interfaces.
  private static let mostPieces = 1 << 14
  /// `NETLINK_ROUTE`.
  private static let route: CInt = 0
  /// `SO_NETNS_COOKIE` (`include/uapi/asm-generic/socket.h`, 5.14).
  private static let namespaceCookie: CInt = 71

  private let descriptor: CInt

  /// A socket; `nil` where the kernel gives none.
  init?() {
    descriptor = socket(AF_NETLINK, CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue), Self.route)
    guard descriptor >= 0 else { return nil }
    // The kernel answers at once; but nobody shall wait for ever.
    var patience = timeval(tv_sec: 2, tv_usec: 0)
    _ = unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// What the kernel calls this namespace and never another one; 0 where it does not tell.
  func cookie() -> UInt64 {
    var cookie: UInt64 = 0
    var size = socklen_t(MemoryLayout<UInt64>.size)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, Self.namespaceCookie, &cookie, &size) == 0 else {
      return 0
    }
    return cookie
  }

  /// Asks for everything of a kind.
  ///
  /// - Parameters:
  ///   - request: A request for a dump.
  ///   - type: The type of the messages that answer it.
  ///   - body: Takes each, without its header.
  /// - Returns: Whether all of the answer came.
  func dump(_ request: [UInt8], type: UInt16, _ body: (Span<UInt8>) -> Void) -> Bool {
    guard unsafe send(descriptor, request, request.count, 0) == request.count else { return false }
    var piece = [UInt8](repeating: 0, count: Self.pieceSize)
    for _ in 0..<Self.mostPieces {
      let count = unsafe recv(descriptor, &piece, piece.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      switch NetlinkMessages.forEach(piece.span.extracting(0..<count), type: type, body) {
      case .none: continue
      case .done: return true
      case .refused: return false
      }
    }
    return false
  }
}

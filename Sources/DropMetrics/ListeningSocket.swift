#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// A socket to which others connect, and which waits for nobody.
struct ListeningSocket: ~Copyable {
  let descriptor: CInt
  /// Where it listens, with the port that the kernel chose.
  let address: ServedAddress

  /// Listens.
  ///
  /// - Throws: ``MetricsError`` that says why not.
  init(_ wanted: ServedAddress) throws(MetricsError) {
    let family = wanted.bytes.count == 16 ? AF_INET6 : AF_INET
    let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { throw MetricsError(wanted, errno) }
    // After a restart connections of before may still be closing.
    var yes: CInt = 1
    let size = socklen_t(MemoryLayout<CInt>.size)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
    guard Self.bind(descriptor, wanted) == 0, listen(descriptor, 16) == 0 else {
      let code = errno
      close(descriptor)
      throw MetricsError(wanted, code)
    }
    self.descriptor = descriptor
    address = ServedAddress(bytes: wanted.bytes, port: Self.port(of: descriptor) ?? wanted.port)
  }

  deinit { close(descriptor) }

  /// The next who connects; `nil` where nobody waits.
  func accept() -> CInt? {
    let connection = systemAccept(descriptor)
    guard connection >= 0 else { return nil }
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    _ = fcntl(connection, F_SETFL, O_NONBLOCK)
    return connection
  }

  private static func bind(_ descriptor: CInt, _ address: ServedAddress) -> CInt {
    if address.bytes.count == 16 {
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      name.sin6_port = address.port.bigEndian
      unsafe withUnsafeMutableBytes(of: &name.sin6_addr) { unsafe $0.copyBytes(from: address.bytes) }
      return bind(descriptor, &name)
    }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = address.port.bigEndian
    unsafe withUnsafeMutableBytes(of: &name.sin_addr) { unsafe $0.copyBytes(from: address.bytes) }
    return bind(descriptor, &name)
  }

  private static func bind<Name>(_ descriptor: CInt, _ name: inout Name) -> CInt {
    unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe systemBind(descriptor, $0, socklen_t(MemoryLayout<Name>.size))
      }
    }
  }

  private static func port(of descriptor: CInt) -> UInt16? {
    // Its beginning, family and port, is the same for both families (RFC 3493, 3.3).
    var name = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let status = unsafe withUnsafeMutablePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &size)
      }
    }
    return status == 0 ? UInt16(bigEndian: name.sin6_port) : nil
  }
}

/// `accept(2)`, under a name that does not hide behind the method called `accept`.
private func systemAccept(_ descriptor: CInt) -> CInt {
  accept(descriptor, nil, nil)
}

/// `bind(2)`, under a name that does not hide behind the methods called `bind`.
private func systemBind(_ descriptor: CInt, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> CInt {
  unsafe bind(descriptor, address, length)
}

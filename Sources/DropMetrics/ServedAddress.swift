#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// An address and a port to listen at.
public struct ServedAddress: Equatable, Sendable, CustomStringConvertible {
  /// The address, 4 or 16 bytes in network order.
  public let bytes: [UInt8]
  /// The port; 0 for one that the kernel chooses.
  public let port: UInt16

  /// Reads `127.0.0.1:9432`, `[::1]:9432` or `localhost:9432`; `nil` for anything else.
  ///
  /// Other names are not looked up: who answers for one may change.
  public init?(_ text: String) {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    let digits = text[text.index(after: colon)...]
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
      return nil
    }
    var host = text[..<colon]
    if host == "localhost" { host = "127.0.0.1" }
    if host.hasPrefix("["), host.hasSuffix("]") {
      guard let bytes = Self.address(String(host.dropFirst().dropLast()), AF_INET6, count: 16) else {
        return nil
      }
      self.bytes = bytes
    } else {
      guard let bytes = Self.address(String(host), AF_INET, count: 4) else { return nil }
      self.bytes = bytes
    }
    self.port = port
  }

  init(bytes: [UInt8], port: UInt16) {
    self.bytes = bytes
    self.port = port
  }

  /// As it is written.
  public var description: String {
    let isIPv6 = bytes.count == 16
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    // It has room for any, and the family is one of the two that are known.
    _ = unsafe inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count))
    let host = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  private static func address(_ text: String, _ family: CInt, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return unsafe inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// An IPv4 or IPv6 address, in network order, without allocation.
public struct IPAddress: BitwiseCopyable, Hashable, Sendable {
  /// Whether this is an IPv6 address.
  public let isIPv6: Bool
  /// The first half of an IPv6 address; 0 of an IPv4 address.
  package let high: UInt64
  /// The second half of an IPv6 address; an IPv4 address as one number.
  package let low: UInt64

  /// An IPv4 address from its four bytes as one big-endian number (127.0.0.1 is `0x7f000001`).
  public init(v4 value: UInt32) {
    isIPv6 = false
    high = 0
    low = UInt64(value)
  }

  /// An IPv6 address from its two halves as big-endian numbers (::1 is `(0, 1)`).
  public init(v6High high: UInt64, low: UInt64) {
    isIPv6 = true
    self.high = high
    self.low = low
  }
}

extension IPAddress {
  /// The 4 or 16 bytes in network order.
  public var bytes: [UInt8] {
    let count = isIPv6 ? 16 : 4
    return (0..<count).map { index in
      let fromEnd = count - 1 - index
      return UInt8(truncatingIfNeeded: (fromEnd < 8 ? low : high) >> UInt64(8 * (fromEnd & 7)))
    }
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted quads, or the form of RFC 5952, as `inet_ntop` prints them.
  public var description: String {
    guard isIPv6 else {
      let value = UInt32(truncatingIfNeeded: low)
      return "\(value >> 24).\(value >> 16 & 0xff).\(value >> 8 & 0xff).\(value & 0xff)"
    }
    var bytes = [UInt8](repeating: 0, count: 16)
    for index in 0..<8 {
      bytes[index] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * index))
      bytes[index + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * index))
    }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    // inet_ntop writes at most the given size, NUL included, and cannot fail for AF_INET6 with this much room.
    _ = unsafe inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

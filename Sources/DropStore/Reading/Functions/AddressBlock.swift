internal import DropEvents

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A range of IPv4 or IPv6 addresses: `10.0.0.0/8`, `fd00::/8`, or one address.
struct AddressBlock {
  private let first: IPAddress
  private let highMask: UInt64
  private let lowMask: UInt64

  /// Reads a range; bits behind the length of the prefix are ignored.
  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let start = parts.first, let address = Self.address(String(start)) else { return nil }
    let width: UInt64 = address.isIPv6 ? 128 : 32
    var length = width
    if parts.count == 2 {
      guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let number = UInt64(parts[1]), number <= width
      else { return nil }
      length = number
    }
    // Of an IPv4 address the last half of the last half is used. Swift's shift by 64 and more gives 0.
    highMask = address.isIPv6 && length > 0 ? ~0 << (64 - min(length, 64)) : 0
    let lowLength = address.isIPv6 ? length - min(length, 64) : length + 32
    lowMask = lowLength > 0 ? ~0 << (64 - lowLength) : 0
    first = address
  }

  /// Whether an address lies in it; one of the other family never does, an IPv4 address mapped into IPv6 included.
  func contains(_ address: IPAddress) -> Bool {
    address.isIPv6 == first.isIPv6 && (address.high ^ first.high) & highMask == 0
      && (address.low ^ first.low) & lowMask == 0
  }

  /// Reads an address.
  static func address(_ text: String) -> IPAddress? {
    // The C library would stop at a NUL and not see what follows.
    guard !text.utf8.contains(0) else { return nil }
    var v4 = in_addr()
    if unsafe inet_pton(AF_INET, text, &v4) == 1 { return IPAddress(v4: UInt32(bigEndian: v4.s_addr)) }
    var v6 = [UInt8](repeating: 0, count: 16)
    guard unsafe inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
    let halves = [v6[..<8], v6[8...]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    return IPAddress(v6High: halves[0], low: halves[1])
  }
}

public import DropEvents

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// An IPv4 or IPv6 network, in which an address is or is not.
public struct AddressNetwork: Hashable, Sendable {
  /// Its first address: bits behind the prefix are 0.
  public let address: IPAddress
  /// How many bits of the address count: 0 to 32, or 0 to 128.
  public let prefixLength: Int

  private let highMask: UInt64
  private let lowMask: UInt64

  /// A network.
  ///
  /// - Parameters:
  ///   - address: An address in it.
  ///   - prefixLength: How many of its bits count; brought into the bounds of what there are.
  public init(address: IPAddress, prefixLength: Int) {
    let bits = address.isIPv6 ? 128 : 32
    let length = min(max(0, prefixLength), bits)
    self.prefixLength = length
    // Shifting by the width or more gives 0 here.
    if address.isIPv6 {
      highMask = UInt64.max << UInt64(max(0, 64 - length))
      lowMask = UInt64.max << UInt64(min(64, 128 - length))
      self.address = IPAddress(v6High: address.high & highMask, low: address.low & lowMask)
    } else {
      highMask = 0
      lowMask = (UInt64.max << UInt64(32 - length)) & 0xffff_ffff
      self.address = IPAddress(v4: UInt32(truncatingIfNeeded: address.low & lowMask))
    }
  }

  /// Reads a network; bits behind the length of the prefix are ignored.
  ///
  /// - Parameter text: `10.0.0.0/8`, `fd00::/8`, or one address.
  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let start = parts.first, let address = Self.address(String(start)) else { return nil }
    var length = address.isIPv6 ? 128 : 32
    if parts.count == 2 {
      guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let number = Int(parts[1]), number <= length
      else { return nil }
      length = number
    }
    self.init(address: address, prefixLength: length)
  }

  /// Whether an address is in the network; one of the other family is not, an IPv4 address mapped into IPv6 included.
  public func contains(_ address: IPAddress) -> Bool {
    address.isIPv6 == self.address.isIPv6 && address.high & highMask == self.address.high
      && address.low & lowMask == self.address.low
  }

  /// The address that a text is, as the database has it.
  ///
  /// - Parameter text: Dotted quads, or IPv6 in any of its forms.
  /// - Returns: `nil` for what is no address.
  public static func address(_ text: String) -> IPAddress? {
    // The C library would take what stands before a NUL for the whole.
    guard !text.utf8.contains(0) else { return nil }
    var bytes = [UInt8](repeating: 0, count: 16)
    if unsafe inet_pton(AF_INET, text, &bytes) == 1 {
      return IPAddress(v4: UInt32(truncatingIfNeeded: number(bytes[..<4])))
    }
    if unsafe inet_pton(AF_INET6, text, &bytes) == 1 {
      return IPAddress(v6High: number(bytes[..<8]), low: number(bytes[8...]))
    }
    return nil
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension AddressNetwork: CustomStringConvertible {
  /// The address and the length of the prefix: `10.0.0.0/8`.
  public var description: String { "\(address)/\(prefixLength)" }
}

import ArgumentParser
import DropCapture
import DropEvents

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// IP networks, as options name them.
enum NetworkSelection {
  /// The network of an address with the length of its prefix behind a slash; of an address alone, that one host.
  ///
  /// - Parameters:
  ///   - text: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.1`; bits behind the prefix are cleared.
  ///   - option: The option's name, for errors.
  /// - Returns: The network.
  /// - Throws: `ValidationError` naming the part that is wrong.
  static func network(_ text: String, of option: String = "--net") throws -> CaptureFilter.Network {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let address = parts.first.map(String.init) ?? ""
    guard var bytes = bytes(of: address) else {
      throw ValidationError("\(option) '\(text)': '\(address)' is no IPv4 or IPv6 address")
    }
    let bits = bytes.count * 8
    var length = bits
    if parts.count == 2 {
      guard let given = Int(parts[1]), (0...bits).contains(given), parts[1].utf8.first != UInt8(ascii: "+")
      else {
        throw ValidationError(
          "\(option) '\(text)': '\(parts[1])' is no length of an IPv\(bits == 32 ? 4 : 6) prefix; give 0 to \(bits)"
        )
      }
      length = given
    }
    for index in bytes.indices {
      let kept = min(8, max(0, length - index * 8))
      bytes[index] &= UInt8(truncatingIfNeeded: 0xff00 >> kept)
    }
    return CaptureFilter.Network(address: self.address(bytes), prefixLength: length)
  }

  /// The bytes of an address in network order, 4 or 16.
  private static func bytes(of text: String) -> [UInt8]? {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: count)
      if unsafe inet_pton(family, text, &bytes) == 1 { return bytes }
    }
    return nil
  }

  private static func address(_ bytes: [UInt8]) -> IPAddress {
    let number = { (part: ArraySlice<UInt8>) in part.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    return bytes.count == 4
      ? IPAddress(v4: UInt32(truncatingIfNeeded: number(bytes[...])))
      : IPAddress(v6High: number(bytes[..<8]), low: number(bytes[8...]))
  }
}

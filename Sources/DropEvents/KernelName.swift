/// A name the kernel keeps in 16 bytes: a process name (`TASK_COMM_LEN`) or an interface name (`IFNAMSIZ`).
///
/// The bytes are whatever the kernel held: not necessarily UTF-8, and possibly control characters.
/// ``text`` is safe to store as text; printing is the printer's concern.
public struct KernelName: BitwiseCopyable, Hashable, Sendable {
  /// How many bytes a name has at most (`include/linux/sched.h`, `include/uapi/linux/if.h`).
  public static let capacity = 16

  /// The first eight bytes, the first of them lowest.
  package private(set) var low: UInt64 = 0
  /// The other eight.
  package private(set) var high: UInt64 = 0

  /// A name of the bytes up to the first NUL, at most 16 of them.
  public init(_ bytes: some Sequence<UInt8>) {
    var index = 0
    for byte in bytes {
      if byte == 0 || index == Self.capacity { break }
      if index < 8 {
        low |= UInt64(byte) << UInt64(8 * index)
      } else {
        high |= UInt64(byte) << UInt64(8 * (index - 8))
      }
      index += 1
    }
  }

  /// A name of 16 bytes, of which those from the first NUL on mean nothing.
  ///
  /// Each drop has two names, so they are taken as words and not byte by byte.
  ///
  /// - Parameters:
  ///   - low: The first eight bytes, the first of them lowest.
  ///   - high: The other eight.
  package init(low: UInt64, high: UInt64) {
    let end = Self.length(low)
    self.low = low & Self.mask(end)
    self.high = end < 8 ? 0 : high & Self.mask(Self.length(high))
  }

  /// How many bytes of a word stand before its first NUL.
  private static func length(_ word: UInt64) -> Int {
    // The lowest bit that this leaves is in the first byte that is 0; borrows go upwards only.
    let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    return zeros.trailingZeroBitCount / 8
  }

  private static func mask(_ bytes: Int) -> UInt64 { bytes < 8 ? 1 << UInt64(8 * bytes) - 1 : .max }

  /// A name of the first 16 bytes of a string.
  public init(_ string: String) {
    self.init(string.utf8)
  }

  /// Whether the name has no byte at all.
  public var isEmpty: Bool { low == 0 && high == 0 }

  /// The bytes, without the terminating NUL.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.capacity)
    for index in 0..<Self.capacity {
      let word = index < 8 ? low : high
      let byte = UInt8(truncatingIfNeeded: word >> UInt64(8 * (index & 7)))
      if byte == 0 { break }
      bytes.append(byte)
    }
    return bytes
  }

  /// The name as a string; bytes that are not UTF-8 become U+FFFD.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

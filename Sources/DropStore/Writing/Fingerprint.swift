internal import DropEvents

/// A hash of fields that is the same in every process, as it is stored: FNV-1a, folded to 32 bits.
struct Fingerprint {
  private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Of few bits, to be small in the file; signed, because SQLite stores such a number in four bytes.
  var value: Int64 { Int64(Int32(truncatingIfNeeded: hash ^ hash >> 32)) }

  private mutating func combine(byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }

  mutating func combine(_ value: (some FixedWidthInteger)?) {
    // Unknown differs from 0.
    guard let value else { return combine(byte: 0) }
    combine(byte: 1)
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      combine(byte: UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func combine(_ text: String?) {
    for byte in text?.utf8 ?? "".utf8 { combine(byte: byte) }
    combine(byte: 0)
  }
}

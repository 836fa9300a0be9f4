/// How long the record of a type is: by its kind, and by the layout section for kinds that came later.
///
/// A table, not a switch: the next record cannot be looked at before this one's length is known, and a branch
/// by kind is guessed wrong too often.
struct RecordSizes: Sendable {
  /// Every record begins with name, info, and size or type.
  static let head = 12

  /// What the record of each of 128 kinds is made of.
  ///
  /// The bytes that every record has in the lower half, and the bytes for each of `vlen` elements in
  /// the upper; 0 for a kind of unknown size. A type's record by kind: `include/uapi/linux/btf.h`.
  let table: [UInt32]

  /// The sizes of the known kinds, and of those that a layout section describes.
  ///
  /// An entry has 4 bytes (7.1, `struct btf_layout`): the bytes after the head, the bytes for each of `vlen`
  /// elements, and two of flags. It is believed only for kinds not known here: for FUNC, `vlen` is no count
  /// at all.
  init(layout: Range<Int>?, in bytes: Span<UInt8>) {
    var table = [UInt32](repeating: 0, count: 128)
    for kind in [2, 7, 8, 9, 10, 11, 12, 16, 18] { table[kind] = Self.entry(0, 0) }
    for kind in [1, 14, 17] { table[kind] = Self.entry(4, 0) }
    table[3] = Self.entry(12, 0)
    for kind in [4, 5, 15, 19] { table[kind] = Self.entry(0, 12) }
    for kind in [6, 13] { table[kind] = Self.entry(0, 8) }

    let layout = layout ?? 0..<0
    for kind in 20..<128 where layout.count >= 4 * (kind + 1) {
      let fixed = bytes[layout.lowerBound + 4 * kind]
      let each = bytes[layout.lowerBound + 4 * kind + 1]
      // Records stay at a multiple of 4 bytes from the section's start; libbpf refuses others too.
      if fixed % 4 == 0 && each % 4 == 0 { table[kind] = Self.entry(fixed, each) }
    }
    self.table = table
  }

  private static func entry(_ fixed: UInt8, _ each: UInt8) -> UInt32 {
    UInt32(head) + UInt32(fixed) | UInt32(each) << 16
  }

  /// A record's length in bytes, always a multiple of 4; 0 for a kind of unknown size.
  ///
  /// `info`: bits 0–23 are `vlen`, 24–30 the kind, 31 the kind's flag. Until April 2026 `vlen` had 16 bits
  /// and the kind 5, and the bits between had to be zero, so the wide masks read both.
  @inline(__always)
  static func size(info: UInt32, by table: Span<UInt32>) -> Int {
    let entry = table[Int((info >> 24) & 0x7f)]
    return Int(entry & 0xffff) + Int(entry >> 16) * Int(info & 0xff_ffff)
  }
}

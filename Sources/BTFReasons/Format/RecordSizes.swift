/// How long the record of a type is: by its kind, and by the layout section for kinds that came later.
struct RecordSizes: Sendable {
  /// Every record begins with name, info, and size or type.
  static let head = 12

  private struct Layout {
    var fixed: Int
    var each: Int
  }

  /// Of the kinds from 20 on; `nil` where the layout says what no record can be.
  private let later: [Layout?]

  /// The sizes of the known kinds, and of those that a layout section describes.
  ///
  /// An entry has 4 bytes (7.1, `struct btf_layout`): the bytes after the head, the bytes for each of `vlen`
  /// elements, and two of flags. It is believed only for kinds not known here: for FUNC, `vlen` is no count at all.
  init(layout: Range<Int>?, in bytes: Span<UInt8>) {
    guard let layout else {
      later = []
      return
    }
    var later: [Layout?] = []
    var entry = layout.lowerBound + 20 * 4
    while entry + 4 <= layout.upperBound && later.count < 128 - 20 {
      let fixed = Int(bytes[entry])
      let each = Int(bytes[entry + 1])
      // Records stay at a multiple of 4 bytes from the section's start; libbpf refuses others too.
      later.append(fixed % 4 == 0 && each % 4 == 0 ? Layout(fixed: fixed, each: each) : nil)
      entry += 4
    }
    self.later = later
  }

  /// A record's length in bytes, always a multiple of 4 and at least 12; `nil` for a kind of unknown size.
  ///
  /// `info`: bits 0–23 are `vlen`, 24–30 the kind, 31 the kind's flag. Until April 2026 `vlen` had 16 bits and the
  /// kind 5, and the bits between had to be zero, so the wide masks read both.
  @inline(__always)
  func size(info: UInt32) -> Int? {
    let vlen = Int(info & 0xff_ffff)
    let kind = (info >> 24) & 0x7f
    switch kind {
    case 2, 7, 8, 9, 10, 11, 12, 16, 18: return Self.head
    case 1, 14, 17: return Self.head + 4
    case 3: return Self.head + 12
    case 4, 5, 15, 19: return Self.head + 12 * vlen
    case 6, 13: return Self.head + 8 * vlen
    default: return laterSize(kind: Int(kind), vlen: vlen)
    }
  }

  private func laterSize(kind: Int, vlen: Int) -> Int? {
    guard kind >= 20, kind - 20 < later.count, let layout = later[kind - 20] else { return nil }
    return Self.head + layout.fixed + layout.each * vlen
  }
}

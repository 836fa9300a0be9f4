/// A count in four bytes, as nearly all counts are small; a larger one is the sum of up to three.
struct PackedCount {
  /// How many bits of a count each has.
  private static let width: UInt32 = 27
  private static let mask: UInt32 = 1 << width - 1

  /// Some bits of the count, and above them from which of these parts on.
  private let bits: UInt32

  /// Nothing.
  static let none = PackedCount(bits: 0)

  /// The count that it adds.
  var count: Int64 { Int64(bits & Self.mask) << Int64(bits >> Self.width * Self.width) }

  /// Packs a count.
  ///
  /// - Parameters:
  ///   - count: the count, not negative; of 0 there is none.
  ///   - body: takes each.
  @inline(__always)
  static func pack(_ count: Int64, _ body: (PackedCount) -> Void) {
    var rest = UInt64(bitPattern: count)
    var part: UInt32 = 0
    while rest != 0 {
      let bits = UInt32(truncatingIfNeeded: rest) & mask
      if bits != 0 { body(PackedCount(bits: part << width | bits)) }
      rest >>= UInt64(width)
      part += 1
    }
  }
}

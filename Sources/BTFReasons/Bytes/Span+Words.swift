/// Words of a BTF: 32 bits in the file's byte order, at any alignment.
///
/// Records need not be aligned in memory: `.BTF` sections have an alignment of 1, and the header's length
/// need not be a multiple of 4.
extension Span<UInt8> {
  /// The 32 bits at an offset, byte-swapped where the file's order is not the host's.
  ///
  /// `unsafeLoadUnaligned` checks its bounds; what is unsafe about it is only that not every type may be made
  /// of any bits, and `UInt32` may. It replaces four checked reads by one: 0.49 → 0.42 ms for the types of a
  /// 6.18 kernel.
  ///
  /// - Precondition: the four bytes lie within the span; callers check before they ask.
  @inline(__always)
  func word(at offset: Int, swapped: Bool) -> UInt32 {
    let word = unsafe self.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return swapped ? word.byteSwapped : word
  }

  /// Eight words as they stand in the file, not swapped; bounds and safety as in ``word(at:swapped:)``.
  @inline(__always)
  func eightRawWords(at offset: Int) -> SIMD8<UInt32> {
    unsafe self.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD8<UInt32>.self)
  }

  /// Where the first NUL is, between two offsets; the second where there is none.
  ///
  /// Eight bytes at a time; bounds and safety as in ``word(at:swapped:)``.
  ///
  /// - Precondition: Both offsets lie within the span.
  @inline(__always)
  func firstNUL(from start: Int, to end: Int) -> Int {
    var place = start
    while end - place >= 8 {
      let word = UInt64(
        littleEndian: unsafe self.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
      // The lowest of the bits that stand is that of the first byte that is 0.
      let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
      if zeros != 0 { return place + zeros.trailingZeroBitCount / 8 }
      place += 8
    }
    while place < end && self[place] != 0 { place += 1 }
    return place
  }
}

/// What a split BTF tells about a base that is not at hand.
enum SplitBase {
  /// How long the base's strings are, in bytes.
  ///
  /// Nothing in the file says so. But a split BTF holds only strings that its own types use, and numbers them
  /// from the end of the base's on. So the greatest name offset is that of the last own string, and the
  /// difference between the two is the length sought. (Exact for all 8,448 module BTFs of two Debian kernels
  /// that have strings of their own.) Taken for true only if then every own name is at the start of a string,
  /// which a wrong length would not give.
  ///
  /// - Throws: Types that cannot be walked, or names that no length explains.
  static func stringLength(
    header: BTF.Header, sizes: RecordSizes, swapped: Bool, in bytes: Span<UInt8>, file: String?
  ) throws(BTFError) -> UInt64 {
    var greatest: UInt32 = 0
    try forEachName(header: header, sizes: sizes, swapped: swapped, in: bytes, file: file) { name, _ in
      greatest = max(greatest, name)
      return true
    }
    // Without own strings every name is in the base, however long that is.
    guard let final = header.strings.last else { return UInt64(greatest) + 1 }
    var last = final
    while last > header.strings.lowerBound && bytes[last - 1] != 0 { last -= 1 }
    let lastOffset = UInt32(clamping: last - header.strings.lowerBound)
    guard greatest >= lastOffset else {
      throw BTFError(
        .baseMissing, file: file, offset: header.strings.lowerBound,
        "the last string is not used, so the length of the base's strings cannot be told; give the base")
    }
    let length = greatest - lastOffset

    let misplaced = try misplacedName(
      UInt64(length), header: header, sizes: sizes, swapped: swapped, in: bytes, file: file)
    if let misplaced {
      throw BTFError(
        .baseMissing, file: file, offset: misplaced,
        "a name that fits no length of the base's strings; give the base")
    }
    return UInt64(length)
  }

  /// Where a name stands that cannot be if the base's strings have a length: past all strings, or in the middle of an
  /// own one.
  ///
  /// - Returns: An offset in the file; `nil` where the length explains every name.
  static func misplacedName(
    _ length: UInt64, header: BTF.Header, sizes: RecordSizes, swapped: Bool, in bytes: Span<UInt8>,
    file: String?
  ) throws(BTFError) -> Int? {
    var misplaced: Int?
    try forEachName(header: header, sizes: sizes, swapped: swapped, in: bytes, file: file) { name, place in
      guard UInt64(name) >= length else { return true }
      // Smaller than a name, so it fits.
      let start = Int(UInt64(name) - length)
      if start == 0 || start < header.strings.count && bytes[header.strings.lowerBound + start - 1] == 0 {
        return true
      }
      misplaced = place
      return false
    }
    return misplaced
  }

  /// Visits every name offset with its place in the file, until the visitor says no.
  private static func forEachName(
    header: BTF.Header, sizes: RecordSizes, swapped: Bool, in bytes: Span<UInt8>, file: String?,
    _ visit: (_ name: UInt32, _ place: Int) -> Bool
  ) throws(BTFError) {
    var walk = TypeWalk(types: header.types, sizes: sizes, swapped: swapped, file: file)
    while let (offset, info) = try walk.next(in: bytes) {
      guard visit(bytes.word(at: offset, swapped: swapped), offset) else { return }
      let stride: Int
      switch BTF.Kind(rawValue: UInt8((info >> 24) & 0x7f)) {
      case .structure, .union, .enumeration64: stride = 12
      case .enumeration, .prototype: stride = 8
      default: continue
      }
      var element = offset + RecordSizes.head
      while element < walk.offset {
        guard visit(bytes.word(at: element, swapped: swapped), element) else { return }
        element += stride
      }
    }
  }
}

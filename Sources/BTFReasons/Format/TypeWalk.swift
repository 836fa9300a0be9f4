/// The one way through the types: records have no index and lengths of their own, so each tells where the next begins.
struct TypeWalk {
  let sizes: RecordSizes
  let swapped: Bool
  let end: Int
  let file: String?
  private(set) var offset: Int

  /// A walk over all types of a section.
  init(types: Range<Int>, sizes: RecordSizes, swapped: Bool, file: String?) {
    self.sizes = sizes
    self.swapped = swapped
    self.file = file
    offset = types.lowerBound
    end = types.upperBound
  }

  /// Steps over the next record.
  ///
  /// - Returns: The record's offset and its info word, or `nil` at the end. The record and all that belongs to it lie
  ///   within the section, so whoever got it may read it without asking again.
  /// - Throws: A record that does not fit, or whose length is unknown.
  @inline(__always)
  mutating func next(in bytes: Span<UInt8>) throws(BTFError) -> (offset: Int, info: UInt32)? {
    let start = offset
    let room = end - start
    guard room >= RecordSizes.head else {
      if room == 0 { return nil }
      throw BTFError(
        .malformedType, file: file, offset: start, "the types end \(room) bytes into a record of at least 12")
    }
    let info = bytes.word(at: start + 4, swapped: swapped)
    guard let size = sizes.size(info: info) else { throw unknownKind(at: start, info) }
    guard size <= room else {
      throw BTFError(
        .malformedType, file: file, offset: start,
        "a record of \(size) bytes where the types end after \(room)")
    }
    offset = start + size
    return (start, info)
  }

  private func unknownKind(at start: Int, _ info: UInt32) -> BTFError {
    let kind = (info >> 24) & 0x7f
    if kind == 0 {
      return BTFError(.malformedType, file: file, offset: start, "a record of kind 0, which is none")
    }
    return BTFError(
      .unknownKind, file: file, offset: start,
      "kind \(kind) is unknown here, and the file has no layout section that tells its size")
  }
}

extension BTF {
  /// A walk over the own types, not those of the base.
  func walk() -> TypeWalk {
    TypeWalk(types: header.types, sizes: sizes, swapped: swapped, file: file)
  }
}

extension BTF {
  /// What a BTF says about itself: where its sections are.
  ///
  /// `struct btf_header` in `include/uapi/linux/btf.h`: 24 bytes, or 32 with a layout section (7.1); longer
  /// ones of the future are read for the part that is known. Section ranges are in bytes from the start of
  /// the file.
  public struct Header: Hashable, Sendable {
    /// The header's own length, in bytes; the sections are placed relative to its end.
    public let length: Int
    /// The format's version, which is 1.
    public let version: UInt8
    /// Flags; none is defined.
    public let flags: UInt8
    /// Where the types are.
    public let types: Range<Int>
    /// Where the strings are.
    public let strings: Range<Int>
    /// Where the layout of kinds is; `nil` where there is none.
    public let layout: Range<Int>?
  }
}

extension BTF.Header {
  /// Reads the header and makes sure that every section lies within the bytes and over no other.
  init(parsing bytes: Span<UInt8>, order: BTF.ByteOrder, file: String?) throws(BTFError) {
    let swapped = order != .host
    func fault(_ offset: Int, _ sentence: String) -> BTFError {
      BTFError(.malformedHeader, file: file, offset: offset, sentence)
    }
    guard bytes.count >= 24 else { throw fault(bytes.count, "the file ends within the header") }
    version = bytes[2]
    flags = bytes[3]
    guard version == 1 else {
      throw BTFError(
        .notBTF, file: file, offset: 2, "version \(version) of the format, of which only 1 is known")
    }
    let length = Int(bytes.word(at: 4, swapped: swapped))
    guard length >= 24 else { throw fault(4, "a header of \(length) bytes; the shortest has 24") }
    guard length <= bytes.count else {
      throw fault(4, "a header of \(length) bytes in a file of \(bytes.count)")
    }
    self.length = length

    // Two numbers of 32 bits and the header's length: no overflow in 64.
    let count = UInt64(bytes.count)
    func section(_ field: Int, _ name: String) throws(BTFError) -> Range<Int> {
      let start = UInt64(length) + UInt64(bytes.word(at: field, swapped: swapped))
      let end = start + UInt64(bytes.word(at: field + 4, swapped: swapped))
      guard end <= count else {
        throw fault(field, "the \(name) end at byte \(end) of a file of \(count)")
      }
      return Int(start)..<Int(end)
    }
    types = try section(8, "types")
    strings = try section(16, "strings")
    let kinds = length >= 32 ? try section(24, "kinds' layout") : 0..<0
    layout = kinds.isEmpty ? nil : kinds

    guard !types.overlaps(strings) else { throw fault(16, "the strings lie over the types") }
    guard !types.overlaps(kinds), !strings.overlaps(kinds) else {
      throw fault(24, "the kinds' layout lies over another section")
    }
    if let last = strings.last, bytes[last] != 0 {
      throw BTFError(.malformedName, file: file, offset: last, "the strings do not end in NUL")
    }
  }
}

extension BTF.Header {
  /// How many bytes a BTF has that other bytes begin with, and that stands alone.
  ///
  /// - Returns: `nil` where they do not begin with such a BTF, or not with a whole one.
  package static func lengthOfBTF(in bytes: Span<UInt8>) -> Int? {
    guard let order = try? BTF.ByteOrder(of: bytes, file: nil),
      let header = try? BTF.Header(parsing: bytes, order: order, file: nil),
      !header.types.isEmpty, !header.strings.isEmpty, bytes[header.strings.lowerBound] == 0
    else { return nil }
    return max(header.types.upperBound, header.strings.upperBound, header.layout?.upperBound ?? 0)
  }
}

/// The first 12 bytes of a type, `struct btf_type`.
struct Record: BitwiseCopyable {
  /// Where it stands, in bytes from the file's start.
  let offset: Int
  /// The name's place in the strings of the base and the own.
  let name: UInt32
  /// Count, kind, and the kind's flag.
  let info: UInt32
  /// The size in bytes or the id of another type, by kind.
  let word: UInt32

  var kind: BTF.Kind { BTF.Kind(rawValue: UInt8((info >> 24) & 0x7f)) }
  var vlen: Int { Int(info & 0xff_ffff) }
  var flag: Bool { info >> 31 == 1 }

  /// - Precondition: 12 bytes from `offset` on lie within the bytes.
  @inline(__always)
  init(at offset: Int, in bytes: Span<UInt8>, swapped: Bool) {
    self.offset = offset
    name = bytes.word(at: offset, swapped: swapped)
    info = bytes.word(at: offset + 4, swapped: swapped)
    word = bytes.word(at: offset + 8, swapped: swapped)
  }
}

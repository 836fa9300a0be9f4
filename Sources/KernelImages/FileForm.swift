import BTFReasons

/// What a file is, by its first bytes.
enum FileForm: Equatable {
  /// BTF, or an ELF file.
  case plain
  /// Something compressed, from its first byte on.
  case compressed(Compression)
  /// A kernel image of x86, or one for EFI, that says where in it the compressed kernel is.
  case packed(Range<Int>)
  /// None of these; it may still be a kernel image that holds BTF somewhere.
  case other

  /// Looks at a file's beginning, of which 4 KiB are enough.
  init(of bytes: [UInt8]) {
    let span = bytes.span
    if bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) || bytes.starts(with: [0x9f, 0xeb])
      || bytes.starts(with: [0xeb, 0x9f])
    {
      self = .plain
    } else if let method = Compression(at: 0, in: span) {
      self = .compressed(method)
    } else if let payload = Self.x86Payload(span) ?? Self.efiPayload(span) {
      self = .packed(payload)
    } else {
      self = .other
    }
  }

  /// Where the header of an x86 image says that the kernel is (`arch/x86/boot/header.S`): counted from the end of
  /// the sectors that the real-mode part has.
  private static func x86Payload(_ bytes: Span<UInt8>) -> Range<Int>? {
    guard bytes.count >= 0x250, bytes.has([0x55, 0xaa], at: 0x1fe), bytes.has(Array("HdrS".utf8), at: 0x202),
      // Protocol 2.08 (2.6.26) brought the two fields.
      bytes.littleEndian(at: 0x206, bytes: 2) >= 0x208
    else { return nil }
    // An image that says 0 means 4.
    let sectors = bytes[0x1f1] == 0 ? 4 : Int(bytes[0x1f1])
    let start = (sectors + 1) * 512 + bytes.littleEndian(at: 0x248, bytes: 4)
    return start..<start + bytes.littleEndian(at: 0x24c, bytes: 4)
  }

  /// Where the header of an EFI image that decompresses itself says that the kernel is.
  private static func efiPayload(_ bytes: Span<UInt8>) -> Range<Int>? {
    guard bytes.count >= 32, bytes.has([0x4d, 0x5a], at: 0), bytes.has(Array("zimg".utf8), at: 4) else {
      return nil
    }
    let start = bytes.littleEndian(at: 8, bytes: 4)
    return start..<start + bytes.littleEndian(at: 12, bytes: 4)
  }
}

extension Span<UInt8> {
  /// Whether some bytes stand at an offset.
  fileprivate func has(_ wanted: [UInt8], at offset: Int) -> Bool {
    wanted.indices.allSatisfy { self[offset + $0] == wanted[$0] }
  }

  /// A number of up to 4 bytes, the lowest first.
  fileprivate func littleEndian(at offset: Int, bytes: Int) -> Int {
    (0..<bytes).reduce(0) { $0 | Int(self[offset + $1]) << (8 * $1) }
  }
}

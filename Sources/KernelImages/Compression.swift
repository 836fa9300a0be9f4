import BTFReasons

/// How a file or a part of one is compressed: the methods that the kernel knows (`lib/decompress.c`).
enum Compression: String, CaseIterable {
  case gzip, xz, zstd, lzma, bzip2, lz4, lzo

  /// What a stream begins with.
  ///
  /// That of `lzma` is none by itself: the usual properties, and a dictionary whose size is a multiple of
  /// 64 KiB. That of `lz4` is of the older format, which the kernel uses.
  var magic: [UInt8] {
    switch self {
    case .gzip: [0x1f, 0x8b, 8]
    case .xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]
    case .zstd: [0x28, 0xb5, 0x2f, 0xfd]
    case .lzma: [0x5d, 0, 0]
    case .bzip2: [0x42, 0x5a, 0x68]
    case .lz4: [0x02, 0x21, 0x4c, 0x18]
    case .lzo: [0x89, 0x4c, 0x5a, 0x4f]
    }
  }

  /// The method of a stream that begins at an offset.
  init?(at offset: Int, in bytes: Span<UInt8>) {
    let method = Self.allCases.first { method in
      let magic = method.magic
      guard offset >= 0, bytes.count - magic.count >= offset else { return false }
      return magic.indices.allSatisfy { bytes[offset + $0] == magic[$0] }
    }
    guard let method else { return nil }
    self = method
  }

  /// Decompresses a stream.
  ///
  /// What follows the stream in the range is left alone.
  ///
  /// - Parameters:
  ///   - bytes: Where the stream is.
  ///   - range: The part of them that it begins.
  ///   - left: The most bytes it may become; those that it does become are taken off, also where it fails.
  ///   - file: What to call the bytes in messages.
  /// - Throws: ``BTFError`` for a method that is not supported, and a stream that is corrupted, ends too early
  ///   or becomes too long.
  func decompress(
    _ bytes: [UInt8], _ range: Range<Int>, left: inout Int, file: String
  ) throws(BTFError) -> [UInt8] {
    let stream = CompressedStream(bytes: bytes, range: range, method: self, file: file)
    return switch self {
    case .gzip: try stream.decompress(ZlibDecoder(), left: &left)
    case .xz: try stream.decompress(LZMADecoder(isAlone: false), left: &left)
    case .lzma: try stream.decompress(LZMADecoder(isAlone: true), left: &left)
    case .zstd: try stream.decompress(ZstdDecoder(), left: &left)
    case .bzip2, .lz4, .lzo:
      throw BTFError(
        .compressed, file: file, offset: range.lowerBound,
        "compressed by \(rawValue), which dropdb does not decompress; do so with the command '\(command)'")
    }
  }

  private var command: String { self == .lzo ? "lzop" : rawValue }
}

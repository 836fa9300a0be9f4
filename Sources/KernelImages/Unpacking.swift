import BTFReasons

/// Takes a file apart until BTF comes to light, and keeps count of what comes out.
struct Unpacking {
  /// What holds BTF: itself, or an ELF file with a section of it.
  struct Found {
    let bytes: [UInt8]
    /// What to call it in messages: the file, and where in it this was.
    let label: String
  }

  /// How deep forms may lie in each other: a compressed image has a compressed kernel in it.
  private static let deepest = 3
  /// How many of a file's streams are tried where nothing says which has the kernel.
  private static let mostTries = 256

  /// How many bytes may still come out of all streams together, also of those that turn out to be none.
  private var left: Int

  init(limit: Int) {
    left = limit
  }

  /// Finds BTF or ELF in a file.
  mutating func findBTF(in bytes: [UInt8], _ label: String, depth: Int = 0) throws(BTFError) -> Found {
    guard depth <= Self.deepest else {
      throw BTFError(.compressed, file: label, "compressed more than \(Self.deepest) times")
    }
    switch FileForm(of: bytes) {
    case .plain:
      return Found(bytes: bytes, label: label)
    case .compressed(let method):
      return try unpack(bytes, 0..<bytes.count, method, label, depth)
    case .packed(let payload):
      guard payload.upperBound <= bytes.count else {
        throw BTFError(
          .malformedStream, file: label, offset: bytes.count,
          "the image ends before its compressed kernel, which is in bytes \(payload.lowerBound) to "
            + "\(payload.upperBound): the file is not whole")
      }
      guard let method = Compression(at: payload.lowerBound, in: bytes.span) else {
        throw BTFError(
          .compressed, file: label, offset: payload.lowerBound,
          "the kernel in this image is compressed by an unknown method")
      }
      return try unpack(bytes, payload, method, label, depth)
    case .other:
      return try search(bytes, label)
    }
  }

  /// The bytes that a section of an ELF file had before it was compressed.
  mutating func contents(of section: CompressedSection) throws(BTFError) -> [UInt8] {
    let file = section.file ?? "section"
    let method: Compression
    switch section.method {
    case 1: method = .gzip
    case 2: method = .zstd
    default:
      throw BTFError(
        .compressed, file: file, offset: section.offset,
        "the section is compressed by a method (\(section.method)) that dropdb does not know")
    }
    var limit = min(left, section.size)
    defer { left -= section.size }
    return try method.decompress(section.bytes, 0..<section.bytes.count, left: &limit, file: file)
  }

  private mutating func unpack(
    _ bytes: [UInt8], _ range: Range<Int>, _ method: Compression, _ label: String, _ depth: Int
  ) throws(BTFError) -> Found {
    let unpacked = try method.decompress(bytes, range, left: &left, file: label)
    return try findBTF(in: unpacked, Self.label(label, method, range.lowerBound), depth: depth + 1)
  }

  /// Looks through a file that does not say what it is: for BTF, and for what looks compressed and has BTF in it.
  private mutating func search(_ bytes: [UInt8], _ label: String) throws(BTFError) -> Found {
    if let found = RawBTFSearch.first(in: bytes, label) { return found }
    // lzma's streams begin like too much else, and the other methods cannot be tried.
    for method in [Compression.zstd, .xz, .gzip] {
      var place = bytes.place(of: method.magic, from: 0)
      var tries = 0
      while let start = place, tries < Self.mostTries, left > 0 {
        tries += 1
        if let unpacked = try? method.decompress(bytes, start..<bytes.count, left: &left, file: label) {
          let label = Self.label(label, method, start)
          if FileForm(of: unpacked) == .plain { return Found(bytes: unpacked, label: label) }
          if let found = RawBTFSearch.first(in: unpacked, label) { return found }
        }
        place = bytes.place(of: method.magic, from: start + 1)
      }
    }
    throw BTFError(
      .noBTF, file: label,
      "neither BTF nor ELF, nor a kernel image in which BTF can be found; a kernel has it if it was built with "
        + "CONFIG_DEBUG_INFO_BTF")
  }

  private static func label(_ file: String, _ method: Compression, _ place: Int) -> String {
    "\(file) (\(method.rawValue) at byte \(place))"
  }
}

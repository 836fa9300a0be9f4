/// The BTF of a kernel (`vmlinux`) or a module (`*.ko`) as its ELF file holds it.
struct ELFBTF {
  /// The contents of `.BTF`.
  let types: [UInt8]
  /// The contents of `.BTF.base`: what of the kernel's types a module that was built apart from its kernel uses
  /// (6.11, pahole 1.28). Where it is there, the module's own types continue this, and no kernel's.
  let base: [UInt8]?
  /// What to call the two in messages.
  let typesName: String
  let baseName: String

  /// Takes the sections out of a file.
  ///
  /// - Parameters:
  ///   - count: The file's length, in bytes.
  ///   - file: What to call it in messages.
  ///   - inflate: Decompresses a section.
  ///   - read: Reads a part of the file, which lies within it.
  /// - Throws: ``BTFError`` for a file that is no ELF or has no BTF in it.
  init(
    count: Int, file: String?, inflate: CompressedSection.Inflater, _ read: ELF.Reader
  ) throws(BTFError) {
    let elf = try ELF(count: count, file: file, read)
    func contents(_ name: String) throws(BTFError) -> [UInt8]? {
      guard let section = elf.section(named: name) else { return nil }
      let range = try elf.range(of: section, name: "contents of \(name)", upTo: InputFile.longest)
      let bytes = try read(range)
      guard section.flags & ELF.Section.isCompressed != 0 else { return bytes }
      return try inflate(
        CompressedSection(bytes, at: range.lowerBound, in: elf, file: Self.label(file, name)))
    }
    guard let types = try contents(".BTF") else {
      throw BTFError(
        .noBTF, file: file,
        "an ELF file without a section .BTF: a kernel or module built without CONFIG_DEBUG_INFO_BTF, or "
          + "stripped of it")
    }
    self.types = types
    base = try contents(".BTF.base")
    typesName = Self.label(file, ".BTF")
    baseName = Self.label(file, ".BTF.base")
  }

  private static func label(_ file: String?, _ section: String) -> String {
    file.map { "\($0): \(section)" } ?? section
  }
}

extension CompressedSection {
  /// Reads the header that a compressed section begins with.
  fileprivate init(_ bytes: [UInt8], at offset: Int, in elf: ELF, file: String?) throws(BTFError) {
    guard bytes.count >= elf.layout.compressionHeaderSize else {
      throw BTFError(.malformedELF, file: file, offset: offset, "too short for a compressed section")
    }
    let header = ELF.Fields(bytes, order: elf.order)
    let size = header[elf.layout.originalSize]
    guard size <= UInt64(InputFile.longest) else {
      throw BTFError(
        .malformedELF, file: file, offset: offset,
        "\(size) bytes when decompressed, where \(InputFile.longest) are the most")
    }
    method = header[elf.layout.method]
    self.bytes = Array(bytes.dropFirst(elf.layout.compressionHeaderSize))
    self.size = Int(size)
    self.offset = offset + elf.layout.compressionHeaderSize
    self.file = file
  }
}

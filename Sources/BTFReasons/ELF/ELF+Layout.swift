extension ELF {
  /// Where the fields of the headers are, which differs by the file's class: `Elf32_Ehdr`, `Elf32_Shdr`,
  /// `Elf32_Chdr` and their like of 64 bits in `elf.h`.
  struct Layout {
    /// A number in a header.
    struct Field {
      let offset: Int
      let bytes: Int

      init(_ offset: Int, _ bytes: Int) {
        self.offset = offset
        self.bytes = bytes
      }
    }

    let headerSize: Int
    /// In the file's header: `e_shoff`, `e_shentsize`, `e_shnum`, `e_shstrndx`.
    let sections, sectionSize, sectionCount, namesIndex: Field

    let sectionHeaderSize: Int
    /// In a section's header: `sh_name`, `sh_type`, `sh_flags`, `sh_offset`, `sh_size`, `sh_link`.
    let name, kind, flags, offset, size, link: Field

    let compressionHeaderSize: Int
    /// In the header of a compressed section: `ch_type`, `ch_size`.
    let method, originalSize: Field

    /// The class ELFCLASS32.
    static let narrow = Layout(
      headerSize: 52,
      sections: Field(32, 4), sectionSize: Field(46, 2), sectionCount: Field(48, 2), namesIndex: Field(50, 2),
      sectionHeaderSize: 40,
      name: Field(0, 4), kind: Field(4, 4), flags: Field(8, 4), offset: Field(16, 4), size: Field(20, 4),
      link: Field(24, 4),
      compressionHeaderSize: 12, method: Field(0, 4), originalSize: Field(4, 4))

    /// The class ELFCLASS64.
    static let wide = Layout(
      headerSize: 64,
      sections: Field(40, 8), sectionSize: Field(58, 2), sectionCount: Field(60, 2), namesIndex: Field(62, 2),
      sectionHeaderSize: 64,
      name: Field(0, 4), kind: Field(4, 4), flags: Field(8, 8), offset: Field(24, 8), size: Field(32, 8),
      link: Field(40, 4),
      compressionHeaderSize: 24, method: Field(0, 4), originalSize: Field(8, 8))
  }

  /// The numbers of one header.
  struct Fields {
    private let bytes: [UInt8]
    private let start: Int
    private let order: BTF.ByteOrder

    init(_ bytes: [UInt8], at start: Int = 0, order: BTF.ByteOrder) {
      self.bytes = bytes
      self.start = start
      self.order = order
    }

    /// A number.
    ///
    /// - Precondition: The header is there as a whole; callers check before they ask.
    subscript(field: Layout.Field) -> UInt64 {
      let place = start + field.offset
      var number: UInt64 = 0
      for index in 0..<field.bytes {
        let byte = bytes[order == .bigEndian ? place + index : place + field.bytes - 1 - index]
        number = number << 8 | UInt64(byte)
      }
      return number
    }
  }
}

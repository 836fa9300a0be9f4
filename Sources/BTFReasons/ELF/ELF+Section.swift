extension ELF {
  /// The header of a section.
  struct Section {
    /// `SHT_NOBITS`: the section was taken out, and only its header left.
    static let withoutBytes: UInt64 = 8
    /// `SHF_COMPRESSED`.
    static let isCompressed: UInt64 = 1 << 11

    /// Where its name is among the names.
    let name: UInt64
    let kind: UInt64
    let flags: UInt64
    /// Where its bytes are in the file, and how many; not checked yet.
    let offset, size: UInt64
    /// Where this header is in the file.
    let header: Int
  }
}

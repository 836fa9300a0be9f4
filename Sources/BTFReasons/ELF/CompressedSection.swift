/// A section whose bytes are compressed (`SHF_COMPRESSED`).
///
/// The toolchains compress debug information only, but `objcopy` does so to any section when asked.
package struct CompressedSection {
  /// How: `ELFCOMPRESS_ZLIB` is 1, `ELFCOMPRESS_ZSTD` is 2.
  package let method: UInt64
  /// The compressed bytes.
  package let bytes: [UInt8]
  /// How many bytes they become.
  package let size: Int
  /// Where the bytes are in the file, and what to call that in messages.
  package let offset: Int
  package let file: String?

  /// Gives the bytes that were compressed.
  package typealias Inflater = (CompressedSection) throws(BTFError) -> [UInt8]

  /// What this library alone does: it has no dependencies, and so nothing that decompresses.
  static func refuse(_ section: CompressedSection) throws(BTFError) -> [UInt8] {
    throw BTFError(
      .compressed, file: section.file, offset: section.offset,
      "the section is compressed; 'objcopy --decompress-debug-sections' or the library KernelImages undo that"
    )
  }
}

import Synchronization

/// The types of a kernel or a kernel module, as the kernel itself describes them: BTF, the BPF Type Format.
///
/// Reads the raw form (`/sys/kernel/btf/*`, the contents of a `.BTF` section, what `bpftool` and pahole
/// write), and ELF files that have it in a section. Both byte orders, the kinds 1–19 with counts of 24 bits, later kinds by the layout section (7.1),
/// split BTF on its base or without it, and a `.BTF.base` as base. The format is told in the kernel's
/// `Documentation/bpf/btf.rst` and `include/uapi/linux/btf.h`.
///
/// Opening reads the header only. Types are looked at when asked for, and nothing is copied from the file
/// before. A value is immutable and may be used from several threads.
///
/// Files are read leniently where real ones differ from the kernel's rules (gaps, bytes after the last
/// section, a longer header, names that are the end of another name, names that are not UTF-8);
/// ``checkKernelRules()`` is strict.
public final class BTF: Sendable {
  /// The file's path, for messages, and where in the file the BTF is if it is only a part; `nil` for bytes
  /// that came without a name.
  public let file: String?
  /// Where the sections are.
  public let header: Header
  /// The byte order of the machine that the BTF describes.
  public let byteOrder: ByteOrder
  /// The BTF that a split one continues; `nil` for one that stands alone, or whose base is not at hand.
  public let base: BTF?
  /// Whether this is a module's BTF, which continues the types and strings of a base.
  public let isSplit: Bool

  let source: ByteSource
  let sizes: RecordSizes
  /// Where the own strings begin in the numbering of names: after those of the base.
  let firstString: UInt64
  let index = AtomicLazyReference<TypeIndex>()

  var swapped: Bool { byteOrder != .host }

  /// Opens a file: raw BTF, or the ELF file of a kernel (`vmlinux`) or a module (`*.ko`), by its first bytes.
  ///
  /// `/sys/kernel/btf/vmlinux` is mapped where the kernel allows it (6.16), so that it costs no memory; other
  /// raw BTF is read, and of an ELF file the sections that are needed.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - base: What a module's BTF is split from: the BTF of exactly the kernel it was built for. Without it
  ///     a split BTF is recognised and read alone: its own names are all there, types and names in the base
  ///     are not. A module that brings its own base (`.BTF.base`) continues that one and no other, so it is
  ///     read on it whatever is given here.
  /// - Throws: ``BTFError`` for a file that cannot be read or holds no BTF.
  public convenience init(contentsOf path: String, base: BTF? = nil) throws(BTFError) {
    try self.init(InputFile(path), base: base, inflate: CompressedSection.refuse)
  }

  /// Reads bytes in memory.
  ///
  /// - Parameters:
  ///   - bytes: A whole BTF, or a whole ELF file that holds one.
  ///   - base: What it is split from, as in ``init(contentsOf:base:)``.
  ///   - file: What to call the bytes in messages.
  /// - Throws: ``BTFError`` for bytes that are or hold no BTF.
  public convenience init(bytes: [UInt8], base: BTF? = nil, file: String? = nil) throws(BTFError) {
    try self.init(bytes: bytes, base: base, file: file, inflate: CompressedSection.refuse)
  }

  /// Reads a file that is open; `inflate` decompresses a section of an ELF file.
  package convenience init(
    _ input: InputFile, base: BTF?, inflate: CompressedSection.Inflater
  ) throws(BTFError) {
    if ELF.begins(input.bytes.span) {
      if input.isRegular {
        let sections = try ELFBTF(count: input.length, file: input.path, inflate: inflate) {
          (range) throws(BTFError) in try input.part(range)
        }
        try self.init(sections, base: base)
      } else {
        try self.init(bytes: input.readToEnd(), base: base, file: input.path, inflate: inflate)
      }
    } else if let mapping = input.mapping {
      try self.init(ByteSource(mapping), base: base, file: input.path)
    } else {
      // What does not begin like a BTF is given up before it is read whole, so that /dev/zero ends.
      _ = try ByteOrder(of: input.bytes.span, file: input.path)
      try self.init(ByteSource(input.readToEnd()), base: base, file: input.path)
    }
  }

  /// Reads bytes in memory; `inflate` decompresses a section of an ELF file.
  package convenience init(
    bytes: [UInt8], base: BTF?, file: String?, inflate: CompressedSection.Inflater
  ) throws(BTFError) {
    if ELF.begins(bytes.span) {
      let sections = try ELFBTF(count: bytes.count, file: file, inflate: inflate) { Array(bytes[$0]) }
      try self.init(sections, base: base)
    } else {
      try self.init(ByteSource(bytes), base: base, file: file)
    }
  }

  private convenience init(_ sections: ELFBTF, base: BTF?) throws(BTFError) {
    var base = base
    if let own = sections.base { base = try BTF(ByteSource(own), base: nil, file: sections.baseName) }
    try self.init(ByteSource(sections.types), base: base, file: sections.typesName)
  }

  /// The BTF of the running kernel.
  ///
  /// - Throws: ``BTFError`` where the kernel shows none.
  public static func runningKernel() throws(BTFError) -> BTF {
    try BTF(contentsOf: ByteSource.runningKernelPath)
  }

  private init(_ source: ByteSource, base: BTF?, file: String?) throws(BTFError) {
    self.source = source
    self.file = file
    self.base = base
    let opened = try source.withBytes { (bytes) throws(BTFError) in
      let order = try ByteOrder(of: bytes, file: file)
      let header = try Header(parsing: bytes, order: order, file: file)
      // The strings of a BTF that stands alone begin with the empty name; those of a split one continue the
      // base's, which has it already, and may be none at all (include/uapi/linux/btf.h, libbpf's
      // btf__new_empty_split).
      let isAlone = header.strings.first.map { bytes[$0] == 0 } ?? false
      return Opened(
        order: order, header: header, isAlone: isAlone,
        sizes: RecordSizes(layout: header.layout, in: bytes))
    }
    byteOrder = opened.order
    header = opened.header
    isSplit = base != nil || !opened.isAlone
    sizes = opened.header.layout == nil ? base?.sizes ?? opened.sizes : opened.sizes
    if let base {
      guard base.byteOrder == opened.order else {
        throw BTFError(.baseMismatch, file: file, "the base has the other byte order")
      }
      firstString = base.endOfStrings
    } else if opened.isAlone {
      firstString = 0
    } else {
      firstString = try source.withBytes { (bytes) throws(BTFError) in
        try SplitBase.stringLength(
          header: opened.header, sizes: opened.sizes, swapped: opened.order != .host, in: bytes, file: file)
      }
    }
  }

  /// A split BTF that was read alone, on its base; one that brought its own base stays on that.
  ///
  /// - Throws: ``BTFError/Code/baseMismatch`` where the base's strings do not have the length that this one
  ///   tells.
  func placed(on base: BTF) throws(BTFError) -> BTF {
    if self.base != nil { return self }
    let fits = header.strings.isEmpty || firstString == base.endOfStrings
    guard try fits ? true : isExplained(by: base) else {
      let given = base.file ?? "the one given"
      throw fault(
        .baseMismatch,
        "its base has \(firstString) bytes of strings, but \(given) has \(base.endOfStrings)")
    }
    return try BTF(source, base: base, file: file)
  }

  /// Whether all names are where they must be if this is the base, though the length inferred from them is another.
  ///
  /// So it is for a BTF with a last string that nothing uses; of 21,800 modules of distributions one is such.
  private func isExplained(by base: BTF) throws(BTFError) -> Bool {
    try source.withBytes { (bytes) throws(BTFError) in
      try SplitBase.misplacedName(
        base.endOfStrings, header: header, sizes: sizes, swapped: swapped, in: bytes, file: file) == nil
    }
  }

  private struct Opened {
    let order: ByteOrder
    let header: Header
    let isAlone: Bool
    let sizes: RecordSizes
  }

  /// The first name offset that is past all strings, those of the base included.
  var endOfStrings: UInt64 { firstString + UInt64(header.strings.count) }

  /// Whether some types and names are in a base that is not at hand.
  var lacksBase: Bool { isSplit && base == nil }

  func fault(_ code: BTFError.Code, at offset: Int? = nil, _ sentence: String) -> BTFError {
    BTFError(code, file: file, offset: offset, sentence)
  }
}

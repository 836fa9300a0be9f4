extension BTF {
  /// The kernel's limits (`include/uapi/linux/btf.h`, `BTF_MAX_*`; `kernel/bpf/btf.c`).
  private enum Limit {
    static let typeID: UInt32 = 0xf_ffff
    static let nameOffset = 0xff_ffff
    static let modifiers = 32
  }

  /// Checks the BTF by the rules by which a kernel takes it as its own or a module's.
  ///
  /// What `btf_parse_base` and `btf_parse_module` of Linux 7.3 (`kernel/bpf/btf.c`) check: the header without
  /// unknown bytes, sections that fill the file without a gap, each type by itself, all references, and no
  /// endless chain of modifiers. Not the further rules for BTF that a program brings along (sizes of members,
  /// structs within themselves). The wide counts and the layout section of 2026 are allowed.
  ///
  /// Opening a file and reading types needs none of this; it tells whether a file is what a kernel would have
  /// made.
  ///
  /// - Throws: ``BTFError`` for the first rule that is broken, with ``BTFError/Code/kernelRule`` where
  ///   reading works all the same; ``BTFError/Code/baseMissing`` for a split BTF without its base, which
  ///   cannot be checked.
  public func checkKernelRules() throws(BTFError) {
    guard !lacksBase else { throw fault(.baseMissing, "a split BTF can only be checked on its base") }
    try checkHeader()
    try checkTypes()
    try checkChains()
  }

  private func broken(_ offset: Int, _ sentence: String) -> BTFError {
    fault(.kernelRule, at: offset, sentence)
  }

  private func checkHeader() throws(BTFError) {
    try source.withBytes { (bytes) throws(BTFError) in
      guard header.flags == 0 else { throw broken(3, "flags \(header.flags), where none is defined") }
      for offset in 32..<max(32, header.length) where bytes[offset] != 0 {
        throw broken(offset, "a byte of the header that is unknown and not 0")
      }
      guard bytes.word(at: 8, swapped: swapped) % 4 == 0, header.types.count % 4 == 0 else {
        throw broken(8, "types that are not at a multiple of 4 bytes")
      }
      if let layout = header.layout {
        guard (layout.lowerBound - header.length) % 4 == 0, layout.count % 4 == 0 else {
          throw broken(24, "a layout of kinds that is not at a multiple of 4 bytes")
        }
      }
      guard isSplit || !header.types.isEmpty else { throw broken(12, "no types") }
      guard isSplit || !header.strings.isEmpty else { throw broken(20, "no strings") }
      guard header.strings.count <= Limit.nameOffset + 1 else {
        throw broken(20, "more than \(Limit.nameOffset) bytes of strings")
      }
      // The sections must fill what is behind the header: no gap, no byte behind the last.
      var filled = header.length
      let sections = [header.types, header.strings, header.layout ?? filled..<filled].filter { !$0.isEmpty }
      for section in sections.sorted(by: { $0.lowerBound < $1.lowerBound }) {
        guard section.lowerBound == filled else { throw broken(filled, "bytes that belong to no section") }
        filled = section.upperBound
      }
      guard filled == bytes.count else { throw broken(filled, "bytes behind the last section") }
      if header.length < 32, !header.strings.isEmpty, header.strings.upperBound != bytes.count {
        throw broken(16, "strings that are not the last section")
      }
    }
  }

  private func checkTypes() throws(BTFError) {
    let first = try firstTypeID() ?? 1
    let own = try typeIndex().offsets.count
    let end = UInt64(first) + UInt64(own)
    guard end - 1 <= Limit.typeID else { throw broken(12, "more than \(Limit.typeID) types") }
    try source.withBytes { (bytes) throws(BTFError) in
      var walk = walk()
      while let (offset, _) = try walk.next(in: bytes) {
        let record = Record(at: offset, in: bytes, swapped: swapped)
        try KernelTypeRules(btf: self, record: record, typeIDs: end).check(bytes)
      }
    }
  }

  /// No more modifiers in a row than the kernel follows, and so no loop of them
  /// (`btf_check_modifier_chain_length`, 7.2).
  private func checkChains() throws(BTFError) {
    let offsets = try typeIndex().offsets
    for position in offsets.indices {
      let start = ownType(at: position, offset: Int(offsets[position]))
      var type = start
      var length = 0
      while [.typedef, .volatile, .const, .restrict, .typeTag].contains(type.kind) {
        length += 1
        guard length <= Limit.modifiers else {
          throw broken(
            start.offset, "more than \(Limit.modifiers) typedefs and modifiers in a row, or a loop")
        }
        guard let next = try type.target() else { break }
        type = next
      }
    }
  }
}

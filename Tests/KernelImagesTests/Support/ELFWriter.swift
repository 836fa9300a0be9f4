import BTFReasons

/// Writes ELF files in memory, of either class and byte order; whatever it is told, right or wrong.
struct ELFWriter {
  struct Section {
    var name: String
    /// `SHT_PROGBITS`.
    var kind = 1
    var flags = 0
    var bytes: [UInt8] = []
    /// What the header says instead of the bytes' length.
    var size: Int?
  }

  var isWide = true
  var order = BTF.ByteOrder.littleEndian
  var sections: [Section] = []
  /// Whether the counts are told by the first section's header, as those over 65,279 are.
  var hasLongCounts = false

  init(isWide: Bool = true, order: BTF.ByteOrder = .littleEndian, _ sections: Section...) {
    self.isWide = isWide
    self.order = order
    self.sections = sections
  }

  /// A file with one section `.BTF`, beside some that a kernel has.
  static func kernel(_ btf: [UInt8], isWide: Bool = true, order: BTF.ByteOrder = .littleEndian) -> ELFWriter {
    ELFWriter(
      isWide: isWide, order: order, Section(name: ".text", bytes: [0xc3]),
      Section(name: ".BTF_ids", bytes: [1, 2, 3, 4]), Section(name: ".BTF", flags: 2, bytes: btf))
  }

  func number(_ value: Int, _ bytes: Int) -> [UInt8] {
    let low = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return order == .littleEndian ? low : low.reversed()
  }

  private func header(name: Int, _ section: Section, at offset: Int, link: Int = 0) -> [UInt8] {
    let word = isWide ? 8 : 4
    return number(name, 4) + number(section.kind, 4) + number(section.flags, word) + number(0, word)
      + number(offset, word) + number(section.size ?? section.bytes.count, word) + number(link, 4)
      + number(0, 4) + number(1, word) + number(0, word)
  }

  /// The whole file: header, contents, the sections' headers.
  func bytes() -> [UInt8] {
    let word = isWide ? 8 : 4
    let headSize = isWide ? 64 : 52
    var names: [UInt8] = [0]
    var contents: [UInt8] = []
    var headers: [UInt8] = []
    let all = sections + [Section(name: ".shstrtab", kind: 3)]
    let places = all.map { section in
      defer { names += Array(section.name.utf8) + [0] }
      return names.count
    }
    for (section, place) in zip(all, places) {
      var section = section
      if section.name == ".shstrtab" { section.bytes = names }
      headers += header(name: place, section, at: headSize + contents.count)
      contents += section.bytes
    }
    let count = all.count + 1
    let none = Section(name: "", kind: 0, size: hasLongCounts ? count : 0)
    headers = header(name: 0, none, at: 0, link: hasLongCounts ? count - 1 : 0) + headers
    let head =
      [0x7f, 0x45, 0x4c, 0x46, isWide ? 2 : 1, order == .littleEndian ? 1 : 2, 1]
      + [UInt8](repeating: 0, count: 9)
      + number(1, 2) + number(62, 2) + number(1, 4) + number(0, word) + number(0, word)
      + number(headSize + contents.count, word) + number(0, 4) + number(headSize, 2) + number(0, 2)
      + number(0, 2)
      + number(isWide ? 64 : 40, 2) + number(hasLongCounts ? 0 : count, 2)
      + number(hasLongCounts ? 0xffff : count - 1, 2)
    return head + contents + headers
  }
}

/// What of an ELF file is needed to find a section by its name: `elf(5)`, of 32 or 64 bits, in either byte
/// order.
///
/// The file is read in parts, so that of a kernel with debug information, which has a gigabyte, only some
/// kilobytes and the wanted sections are.
struct ELF {
  /// Reads a part of the file, which lies within it.
  typealias Reader = (Range<Int>) throws(BTFError) -> [UInt8]

  /// How many bytes the headers of all sections may have, and the names of all sections; real ones have under
  /// 1 MiB.
  static let longestTable = 64 << 20

  /// What to call the file in messages.
  let file: String?
  /// The file's length, in bytes.
  let count: Int
  let layout: Layout
  let order: BTF.ByteOrder
  /// The headers of all sections as they stand in the file, and where that is.
  private var table: [UInt8] = []
  private var tableStart = 0
  /// The names of the sections, each with a NUL behind it.
  private var names: [UInt8] = []

  /// Whether bytes begin as an ELF file does.
  static func begins(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 4 && bytes[0] == 0x7f && bytes[1] == 0x45 && bytes[2] == 0x4c && bytes[3] == 0x46
  }

  /// Reads the headers.
  ///
  /// - Parameters:
  ///   - count: The file's length, in bytes.
  ///   - file: What to call it in messages.
  ///   - read: Reads a part of it.
  init(count: Int, file: String?, _ read: Reader) throws(BTFError) {
    self.file = file
    self.count = count
    func fault(_ offset: Int, _ sentence: String) -> BTFError {
      BTFError(.malformedELF, file: file, offset: offset, sentence)
    }
    let start = try read(0..<min(count, Layout.wide.headerSize))
    guard start.count >= Layout.narrow.headerSize else {
      throw fault(count, "the file ends within the ELF header")
    }
    guard start[4] == 1 || start[4] == 2 else { throw fault(4, "the ELF class is \(start[4]), not 1 or 2") }
    guard start[5] == 1 || start[5] == 2 else {
      throw fault(5, "the ELF byte order is \(start[5]), not 1 or 2")
    }
    layout = start[4] == 1 ? .narrow : .wide
    order = start[5] == 1 ? .littleEndian : .bigEndian
    guard start.count >= layout.headerSize else { throw fault(count, "the file ends within the ELF header") }

    let header = Fields(start, order: order)
    let place = header[layout.sections]
    guard place != 0 else { throw BTFError(.noBTF, file: file, "an ELF file without sections") }
    guard header[layout.sectionSize] == UInt64(layout.sectionHeaderSize) else {
      throw fault(layout.sectionSize.offset, "section headers of \(header[layout.sectionSize]) bytes")
    }
    guard let tableStart = Int(exactly: place), tableStart <= count - layout.sectionHeaderSize else {
      throw fault(layout.sections.offset, "the sections begin at byte \(place) of a file of \(count)")
    }
    self.tableStart = tableStart

    // What 16 bits cannot tell stands in the first section's header, which is that of no section.
    let first = Fields(try read(tableStart..<tableStart + layout.sectionHeaderSize), order: order)
    var sections = header[layout.sectionCount]
    if sections == 0 { sections = first[layout.size] }
    var namesIndex = header[layout.namesIndex]
    if namesIndex == 0xffff { namesIndex = first[layout.link] }
    guard sections <= UInt64(min(count - tableStart, Self.longestTable) / layout.sectionHeaderSize) else {
      throw fault(layout.sectionCount.offset, "\(sections) sections in a file of \(count) bytes")
    }
    table = try read(tableStart..<tableStart + Int(sections) * layout.sectionHeaderSize)
    guard namesIndex < sections else {
      throw fault(layout.namesIndex.offset, "the names are in section \(namesIndex) of \(sections)")
    }
    let namesSection = section(Int(namesIndex))
    names = try read(try range(of: namesSection, name: "names of the sections", upTo: Self.longestTable))
  }

  /// A section by its name, the first where there are several.
  ///
  /// - Returns: `nil` where there is none.
  func section(named name: String) -> Section? {
    let wanted = Array(name.utf8) + [0]
    // The first header is that of no section.
    for index in 0..<table.count / layout.sectionHeaderSize where index > 0 {
      let section = section(index)
      guard let start = Int(exactly: section.name), start <= names.count - wanted.count else { continue }
      if names[start..<start + wanted.count].elementsEqual(wanted) { return section }
    }
    return nil
  }

  /// Where in the file the bytes of a section are.
  ///
  /// - Throws: A section that has none, is too long, or lies outside the file.
  func range(of section: Section, name: String, upTo longest: Int) throws(BTFError) -> Range<Int> {
    guard section.kind != Section.withoutBytes else {
      throw BTFError(
        .noBTF, file: file, offset: section.header,
        "the \(name) have no bytes here (SHT_NOBITS), as in files of debug information split from their "
          + "program; give the kernel or module itself")
    }
    let (end, isOver) = section.offset.addingReportingOverflow(section.size)
    guard !isOver, end <= UInt64(count) else {
      throw BTFError(
        .malformedELF, file: file, offset: section.header,
        "the \(name): \(section.size) bytes at byte \(section.offset) of a file of \(count)")
    }
    guard section.size <= UInt64(longest) else {
      throw BTFError(
        .malformedELF, file: file, offset: section.header,
        "the \(name): \(section.size) bytes, where \(longest) are the most")
    }
    return Int(section.offset)..<Int(end)
  }

  private func section(_ index: Int) -> Section {
    let start = index * layout.sectionHeaderSize
    let fields = Fields(table, at: start, order: order)
    return Section(
      name: fields[layout.name], kind: fields[layout.kind], flags: fields[layout.flags],
      offset: fields[layout.offset], size: fields[layout.size], header: tableStart + start)
  }
}

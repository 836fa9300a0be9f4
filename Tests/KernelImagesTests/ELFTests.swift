import BTFReasons
import Foundation
import KernelImages
import Testing

/// BTF in the sections of ELF files, by the library alone.
@Suite struct ELFTests {
  static let classes: [(isWide: Bool, order: BTF.ByteOrder)] = [
    (true, .littleEndian), (true, .bigEndian), (false, .littleEndian), (false, .bigEndian),
  ]

  static func identity(_ bytes: [UInt8]) throws -> String { try BTF(bytes: bytes).identity }

  @Test(
    "Both classes and both byte orders are read, from bytes, from a file and from a pipe", arguments: classes)
  func found(isWide: Bool, order: BTF.ByteOrder) throws {
    let raw = try Fixture.kernel(order)
    for hasLongCounts in [false, true] {
      var writer = ELFWriter.kernel(raw, isWide: isWide, order: order)
      writer.hasLongCounts = hasLongCounts
      let elf = writer.bytes()
      let inMemory = try BTF(bytes: elf, file: "vmlinux")
      #expect(try inMemory.identity == Self.identity(raw))
      #expect(inMemory.file == "vmlinux: .BTF")
      #expect(try DropReasons(kernel: inMemory)[name: "NO_SOCKET"] != nil)
      try Fixture.withFile(elf) { path in
        let fromFile = try BTF(contentsOf: path)
        #expect(fromFile.identity == inMemory.identity)
        let reasons = try DropReasons(files: [path])
        #expect(reasons[name: "NO_SOCKET"] != nil)
      }
      let pipe = Pipe()
      try pipe.fileHandleForWriting.write(contentsOf: Data(elf))
      try pipe.fileHandleForWriting.close()
      let fromPipe = try BTF(contentsOf: "/proc/self/fd/\(pipe.fileHandleForReading.fileDescriptor)")
      #expect(fromPipe.identity == inMemory.identity)
    }
  }

  @Test("A module that brings its base is read on it, whatever base is given")
  func ownBase() throws {
    let module = ELFWriter(
      ELFWriter.Section(name: ".BTF.base", bytes: try Fixture.bytes("split-base")),
      ELFWriter.Section(name: ".BTF", bytes: try Fixture.bytes("split-module")))
    let expected = try BTF(
      bytes: Fixture.bytes("split-module"), base: BTF(bytes: Fixture.bytes("split-base")))
    for given in [nil, try BTF(bytes: Fixture.kernel())] {
      let btf = try BTF(bytes: module.bytes(), base: given, file: "module.ko")
      #expect(btf.isSplit)
      #expect(btf.base?.file == "module.ko: .BTF.base")
      #expect(try btf.typeCount() == expected.typeCount())
      let last = UInt32(try btf.typeCount())
      #expect(try btf.type(last)?.name() == expected.type(last)?.name())
    }
    // Among files it stays on that base, too, though the kernel is another.
    let kernel = ELFWriter.kernel(try Fixture.kernel())
    try Fixture.withFile(kernel.bytes()) { kernel in
      try Fixture.withFile(module.bytes()) { module in
        let reasons = try DropReasons(files: [module, kernel])
        #expect(reasons.faults == [])
      }
    }
  }

  @Test("A module without its base is recognised as one")
  func split() throws {
    let writer = ELFWriter(ELFWriter.Section(name: ".BTF", bytes: try Fixture.bytes("split-module")))
    let alone = try BTF(bytes: writer.bytes())
    #expect(alone.isSplit && alone.base == nil)
    let base = try BTF(bytes: Fixture.bytes("split-base"))
    #expect(try BTF(bytes: writer.bytes(), base: base).base === base)
  }

  @Test("A name is the section's whole name, even where it is the end of another")
  func names() throws {
    let raw = try Fixture.kernel()
    var writer = ELFWriter.kernel(raw)
    writer.sections.insert(ELFWriter.Section(name: ".BTF.ext", bytes: [1]), at: 0)
    writer.sections.insert(ELFWriter.Section(name: ".rel.BTF", bytes: [2]), at: 1)
    #expect(try BTF(bytes: writer.bytes()).identity == Self.identity(raw))
    // Linkers put a name into another's end: the name of .BTF is then the last four bytes of .rel.BTF.
    writer.sections[4].name = ""
    var elf = writer.bytes()
    let names = try #require(elf.firstRange(of: Array(".rel.BTF".utf8)))
    let place = try #require(elf.firstRange(of: Array("\0.BTF.ext".utf8))).lowerBound
    let start = elf.count - 64 * 2
    elf.replaceSubrange(start..<start + 4, with: writer.number(names.upperBound - 4 - place, 4))
    #expect(try BTF(bytes: elf).identity == Self.identity(raw))
  }

  struct Bad: CustomTestStringConvertible {
    let testDescription: String
    let code: BTFError.Code
    let sentence: String
    let elf: @Sendable () throws -> [UInt8]
  }

  static let bad = [
    Bad(testDescription: "no bytes", code: .noBTF, sentence: ".BTF") {
      var writer = ELFWriter.kernel(try Fixture.kernel())
      writer.sections[2].kind = 8
      return writer.bytes()
    },
    Bad(testDescription: "no section", code: .noBTF, sentence: ".BTF") {
      ELFWriter(ELFWriter.Section(name: ".BTF_ids"), ELFWriter.Section(name: "BTF")).bytes()
    },
    Bad(testDescription: "no sections at all", code: .noBTF, sentence: "sections") {
      var elf = ELFWriter.kernel([]).bytes()
      elf.replaceSubrange(40..<48, with: [UInt8](repeating: 0, count: 8))
      return elf
    },
    Bad(testDescription: "an empty section", code: .notBTF, sentence: "0 bytes") {
      ELFWriter.kernel([]).bytes()
    },
    Bad(testDescription: "a section past the end", code: .malformedELF, sentence: ".BTF") {
      var writer = ELFWriter.kernel(try Fixture.kernel())
      writer.sections[2].size = 1 << 20
      return writer.bytes()
    },
    Bad(testDescription: "a size that wraps 64 bits", code: .malformedELF, sentence: ".BTF") {
      var writer = ELFWriter.kernel(try Fixture.kernel())
      writer.sections[2].size = -1
      return writer.bytes()
    },
    Bad(testDescription: "a compressed section", code: .compressed, sentence: "compressed") {
      var writer = ELFWriter.kernel([UInt8](repeating: 0, count: 100))
      writer.sections[2].flags = 1 << 11
      return writer.bytes()
    },
    Bad(
      testDescription: "a compressed section without its header", code: .malformedELF, sentence: "compressed"
    ) {
      var writer = ELFWriter.kernel([1, 0, 0, 0])
      writer.sections[2].flags = 1 << 11
      return writer.bytes()
    },
    Bad(testDescription: "a compressed section of terabytes", code: .malformedELF, sentence: "decompressed") {
      var writer = ELFWriter.kernel([])
      writer.sections[2].flags = 1 << 11
      writer.sections[2].bytes = writer.number(1, 8) + writer.number(1 << 50, 8) + writer.number(1, 8)
      return writer.bytes()
    },
    Bad(testDescription: "headers past the end", code: .malformedELF, sentence: "begin at byte") {
      var elf = ELFWriter.kernel([]).bytes()
      elf.replaceSubrange(40..<48, with: [UInt8](repeating: 0xff, count: 8))
      return elf
    },
    Bad(testDescription: "more sections than the file", code: .malformedELF, sentence: "65535 sections") {
      var elf = ELFWriter.kernel([]).bytes()
      elf.replaceSubrange(60..<62, with: [0xff, 0xff])
      return elf
    },
    Bad(testDescription: "2⁶⁴ − 1 sections", code: .malformedELF, sentence: "18446744073709551615 sections") {
      var elf = ELFWriter.kernel([]).bytes()
      let table = elf.count - 5 * 64
      elf.replaceSubrange(60..<62, with: [0, 0])
      elf.replaceSubrange(table + 32..<table + 40, with: [UInt8](repeating: 0xff, count: 8))
      return elf
    },
    Bad(testDescription: "names in no section", code: .malformedELF, sentence: "names") {
      var elf = ELFWriter.kernel([]).bytes()
      elf.replaceSubrange(62..<64, with: [9, 0])
      return elf
    },
    Bad(testDescription: "names past the end", code: .malformedELF, sentence: "names") {
      var elf = ELFWriter.kernel([]).bytes()
      elf.replaceSubrange(elf.count - 32..<elf.count - 24, with: [0, 0, 0, 1, 0, 0, 0, 0])
      return elf
    },
    Bad(testDescription: "section headers of another size", code: .malformedELF, sentence: "65 bytes") {
      var elf = ELFWriter.kernel([]).bytes()
      elf[58] = 65
      return elf
    },
    Bad(testDescription: "class 3", code: .malformedELF, sentence: "class") {
      [0x7f, 0x45, 0x4c, 0x46, 3] + [UInt8](repeating: 0, count: 60)
    },
    Bad(testDescription: "byte order 0", code: .malformedELF, sentence: "order") {
      [0x7f, 0x45, 0x4c, 0x46, 2] + [UInt8](repeating: 0, count: 60)
    },
    Bad(testDescription: "the magic alone", code: .malformedELF, sentence: "ends") {
      [0x7f, 0x45, 0x4c, 0x46]
    },
  ]

  @Test("What is wrong is told with the file's name, the same from bytes and from a file", arguments: bad)
  func malformed(_ bad: Bad) throws {
    let elf = try bad.elf()
    let error = try #require(throws: BTFError.self) { try BTF(bytes: elf, file: "vmlinux") }
    #expect(error.code == bad.code)
    #expect(error.sentence.contains(bad.sentence) || error.file?.contains(bad.sentence) == true)
    #expect(error.file?.hasPrefix("vmlinux") == true)
    try Fixture.withFile(elf) { path in
      let fromFile = try #require(throws: BTFError.self) { try BTF(contentsOf: path) }
      #expect(fromFile.code == error.code)
      #expect(fromFile.sentence == error.sentence)
      #expect(fromFile.offset == error.offset)
    }
  }

  @Test(
    "Every truncation and every flipped byte of the headers gives a value or an error", arguments: classes)
  func hostile(isWide: Bool, order: BTF.ByteOrder) throws {
    var writer = ELFWriter.kernel(Array(try Fixture.kernel(order).prefix(200)), isWide: isWide, order: order)
    writer.sections.append(ELFWriter.Section(name: ".BTF.base", bytes: [1, 2, 3]))
    let elf = writer.bytes()
    for count in elf.indices {
      #expect(throws: BTFError.self) { try BTF(bytes: Array(elf.prefix(count))) }
    }
    for index in elf.indices {
      for mask: UInt8 in [0x01, 0x80, 0xff] {
        var flipped = elf
        flipped[index] ^= mask
        do throws(BTFError) { _ = try BTF(bytes: flipped) } catch { #expect(!error.sentence.isEmpty) }
      }
    }
  }

  @Test(
    "What clang writes is read, for either byte order",
    .enabled(if: Tool.exists("clang"), "install clang with the targets bpfel and bpfeb"),
    arguments: [("bpfel", BTF.ByteOrder.littleEndian), ("bpfeb", .bigEndian)])
  func clang(target: String, order: BTF.ByteOrder) throws {
    let source =
      "enum skb_drop_reason { SKB_NOT_DROPPED_YET, SKB_DROP_REASON_X, SKB_DROP_REASON_MAX } reason;\n"
    try Fixture.withFile(Array(source.utf8), named: "kernel.c") { path in
      try Tool.run("clang", "-target", target, "-g", "-c", path, "-o", "\(path).o")
      let btf = try BTF(contentsOf: "\(path).o")
      #expect(btf.byteOrder == order)
      #expect(try DropReasons(kernel: btf)[name: "X"]?.value == 1)
    }
  }
}

import BTFReasons
import Testing

@Suite struct MalformedTests {
  /// What reading a file comes to.
  enum Outcome: Sendable {
    /// The enum `my_enum` (or another) has these enumerators.
    case enumerators(of: String = "my_enum", [String])
    /// Opening fails.
    case refused(BTFError.Code, offset: Int)
    /// The file opens, but its types cannot be walked.
    case brokenTypes(BTFError.Code, offset: Int)
    /// All but the names can be read.
    case brokenName(BTFError.Code)
    /// The types can be walked, but following type 3 fails.
    case brokenReference(BTFError.Code)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let file: String
    let outcome: Outcome
    /// Whether a kernel would take the file.
    var isStrict = false
    var testDescription: String { file }
  }

  static let cases: [Case] = [
    Case(file: "nothing-wrong", outcome: .enumerators(["ONE", "TWO"]), isStrict: true),
    Case(file: "big-endian", outcome: .enumerators(["ONE", "TWO"]), isStrict: true),
    Case(file: "name-in-mid-string", outcome: .enumerators(of: "enum", ["ONE", "TWO"]), isStrict: true),
    Case(file: "name-at-end-of-strings", outcome: .brokenName(.malformedName)),
    Case(file: "name-past-strings", outcome: .brokenName(.malformedName)),
    Case(file: "strings-without-final-nul", outcome: .refused(.malformedName, offset: 87)),
    Case(file: "name-not-utf8", outcome: .enumerators(of: "\u{fffd}\u{fffd}\u{fffd}", ["ONE", "TWO"])),
    Case(file: "enum-past-types", outcome: .brokenTypes(.malformedType, offset: 68)),
    Case(file: "strings-over-types", outcome: .refused(.malformedHeader, offset: 16)),
    Case(file: "strings-wrap-32-bits", outcome: .refused(.malformedHeader, offset: 16)),
    Case(file: "missing-type", outcome: .brokenReference(.missingType)),
    Case(file: "const-of-itself", outcome: .brokenReference(.endlessChain)),
    Case(file: "const-volatile-loop", outcome: .brokenReference(.endlessChain)),
    Case(file: "unknown-kind-without-layout", outcome: .brokenTypes(.unknownKind, offset: 68)),
    Case(file: "unknown-kind-with-layout", outcome: .enumerators(of: "after", ["THREE"])),
    Case(file: "unknown-kind-with-odd-layout", outcome: .brokenTypes(.unknownKind, offset: 76)),
    Case(file: "bytes-after-strings", outcome: .enumerators(["ONE", "TWO"])),
    Case(file: "gap-before-strings", outcome: .enumerators(["ONE", "TWO"])),
    Case(file: "header-25", outcome: .enumerators(["ONE", "TWO"]), isStrict: true),
    Case(file: "header-28", outcome: .enumerators(["ONE", "TWO"]), isStrict: true),
    Case(file: "header-40-not-zero", outcome: .enumerators(["ONE", "TWO"])),
    Case(file: "header-20", outcome: .refused(.malformedHeader, offset: 4)),
    Case(file: "header-past-end", outcome: .refused(.malformedHeader, offset: 4)),
    Case(file: "enum-declared-before-defined", outcome: .enumerators(["ONE", "TWO"]), isStrict: true),
    Case(file: "enum64", outcome: .enumerators(["GREAT"]), isStrict: true),
    Case(file: "member-like-an-enum", outcome: .enumerators(["ONE", "TWO"])),
    Case(file: "kind-0", outcome: .brokenTypes(.malformedType, offset: 68)),
    Case(file: "types-end-in-record", outcome: .brokenTypes(.malformedType, offset: 40)),
    Case(file: "version-2", outcome: .refused(.notBTF, offset: 2)),
    Case(file: "wrong-magic", outcome: .refused(.notBTF, offset: 0)),
    Case(file: "elf-magic", outcome: .refused(.malformedELF, offset: 4)),
  ]

  @Test("A malformed file has the result that is right for its fault", arguments: cases)
  func outcome(_ test: Case) throws {
    switch test.outcome {
    case .enumerators(let name, let expected):
      let btf = try Fixture.btf("malformed/\(test.file)")
      let types = try (1...UInt32(btf.typeCount())).compactMap { try btf.type($0) }
      let found = try types.first { try $0.isEnum && $0.count > 0 && $0.name() == name }
      #expect(try found?.enumerators()?.map(\.name) == expected)
      if !name.unicodeScalars.contains("\u{fffd}") {
        #expect(try btf.enums(named: name) == [found].compactMap { $0 })
      }
    case .refused(let code, let offset):
      let error = #expect(throws: BTFError.self) { try Fixture.btf("malformed/\(test.file)") }
      #expect(error?.code == code)
      #expect(error?.offset == offset)
      #expect(error?.file == Fixture.path("malformed/\(test.file)"))
    case .brokenTypes(let code, let offset):
      let btf = try Fixture.btf("malformed/\(test.file)")
      let error = #expect(throws: BTFError.self) { try btf.typeCount() }
      #expect(error?.code == code)
      #expect(error?.offset == offset)
    case .brokenName(let code):
      let btf = try Fixture.btf("malformed/\(test.file)")
      let type = try #require(try btf.type(1))
      #expect(throws: BTFError.self) { try type.name() }
      let error = #expect(throws: BTFError.self) { try btf.checkKernelRules() }
      #expect(error?.code == code)
      #expect(try type.enumerators()?.map(\.name) == ["ONE", "TWO"])
    case .brokenReference(let code):
      let type = try #require(try Fixture.btf("malformed/\(test.file)").type(3))
      let error = #expect(throws: BTFError.self) { try type.resolved() }
      #expect(error?.code == code)
    }
  }

  @Test("A kernel's rules refuse what a kernel would refuse", arguments: cases)
  func kernelRules(_ test: Case) {
    do throws(BTFError) {
      try Fixture.btf("malformed/\(test.file)").checkKernelRules()
      #expect(test.isStrict)
    } catch {
      #expect(!test.isStrict, "\(error)")
    }
  }

  @Test("A member that looks like an enum is none")
  func disguise() throws {
    let btf = try Fixture.btf("malformed/member-like-an-enum")
    #expect(try btf.enums(named: "fake_enum").isEmpty)
    #expect(try btf.structMembers("disguise")?.first?.name == "fake_enum")
  }

  @Test("An enum that does not fit is not found by its name either")
  func enumPastTypes() throws {
    let btf = try Fixture.btf("malformed/enum-past-types")
    #expect(try btf.enums(named: "my_enum").count == 1)
    let error = #expect(throws: BTFError.self) { try btf.enums(named: "huge") }
    #expect(error?.code == .malformedType)
    #expect(error?.offset == 68)
  }

  @Test("A count of 24 bits is read")
  func longEnum() throws {
    var writer = BTFWriter()
    let name = writer.name("my_enum")
    let names = (0..<8).map { writer.name("E\($0)") }
    for index in 0..<10_000 { _ = writer.name("pad\(index)") }
    writer.head(name, .enumeration, count: 70_000, 4)
    for index in 0..<70_000 { writer.words(names[index % 8], index) }
    let type = try #require(try BTF(bytes: writer.bytes()).enums(named: "my_enum").first)
    #expect(type.count == 70_000)
    // The names of one type are distinct; 70,000 of two bytes are not in strings of 100,000.
    #expect(throws: BTFError.self) { try type.enumerators() }
  }

  @Test("A name longer than the kernel has is refused, not searched")
  func longName() throws {
    var writer = BTFWriter()
    writer.enumeration(String(repeating: "x", count: 512), ["ONE": 1])
    let btf = try BTF(bytes: writer.bytes())
    #expect(throws: BTFError.self) { try btf.type(1)?.name() }
  }

  @Test(
    "Every truncation of a file gives a value or an error",
    arguments: [
      "kernel-little", "kernel-big", "split-base", "split-module", "malformed/unknown-kind-with-layout",
    ])
  func truncations(_ name: String) throws {
    let bytes = try Fixture.bytes(name)
    for count in 0..<bytes.count { exercise(Array(bytes[..<count])) }
  }

  @Test(
    "Every flip of a byte gives a value or an error",
    arguments: [
      "kernel-little", "kernel-big", "split-base", "split-module", "malformed/unknown-kind-with-layout",
    ], [0xff, 0x01, 0x80] as [UInt8])
  func flips(_ name: String, _ mask: UInt8) throws {
    var bytes = try Fixture.bytes(name)
    for place in bytes.indices {
      bytes[place] ^= mask
      exercise(bytes)
      bytes[place] ^= mask
    }
  }

  @Test(
    "A split file of which a byte is flipped gives a value or an error on its base",
    arguments: [0xff, 0x04] as [UInt8])
  func splitFlips(_ mask: UInt8) throws {
    let base = try Fixture.btf("split-base")
    var bytes = try Fixture.bytes("split-module")
    for place in bytes.indices {
      bytes[place] ^= mask
      exercise(bytes, base: base)
      bytes[place] ^= mask
    }
  }

  @Test("No bytes at all, and one, are no BTF", arguments: [[], [0x9f], [0x9f, 0xeb]] as [[UInt8]])
  func short(_ bytes: [UInt8]) {
    #expect(throws: BTFError.self) { try BTF(bytes: bytes) }
  }
}

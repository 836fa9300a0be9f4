import BTFReasons
import Testing

@Suite struct TypesTests {
  /// The same types as clang and pahole write them: both byte orders, alone.
  static let kernels = ["kernel-little", "kernel-big", "split-base"]

  @Test(
    "The byte order is that of the file, not of the host",
    arguments: [
      ("kernel-little", BTF.ByteOrder.littleEndian), ("kernel-big", .bigEndian),
    ])
  func byteOrder(_ name: String, _ order: BTF.ByteOrder) throws {
    #expect(try Fixture.btf(name).byteOrder == order)
  }

  @Test("A file and its bytes in memory are the same", arguments: kernels)
  func waysIn(_ name: String) throws {
    let file = try Fixture.btf(name)
    let memory = try BTF(bytes: Fixture.bytes(name))
    #expect(file.header == memory.header)
    #expect(file.identity == memory.identity)
    #expect(try file.typeCount() == memory.typeCount())
    #expect(file.file == Fixture.path(name))
    #expect(memory.file == nil)
  }

  @Test(
    "Enumerators have the values of the source, signed and of 64 bits too",
    arguments: ["kernel-little", "kernel-big"])
  func enumerators(_ name: String) throws {
    let btf = try Fixture.btf(name)
    func values(_ name: String) throws -> [UInt64]? {
      let found = try btf.enums(named: name)
      #expect(found.count == 1)
      return try found.first?.enumerators()?.map(\.bits)
    }
    #expect(try values("signed_values") == [.max, 0, UInt64(bitPattern: Int64(Int32.min))])
    #expect(try values("wide_values") == [1, 0xfedc_ba98_7654_3210])
    #expect(try values("wide_signed") == [UInt64(bitPattern: -0x123_4567_89ab_cdef), 5])
    #expect(try values("skb_drop_reason")?.last == 0xffff_0000)
    #expect(try btf.enums(named: "wide_signed").first?.enumerators()?.map(\.isSigned) == [true, true])
    #expect(
      try btf.enums(named: "wide_values").first?.enumerators()?.map(\.name) == ["WIDE_ONE", "WIDE_GREAT"])
    #expect(try btf.enums(named: "sk_buff").isEmpty)
  }

  @Test("Members have their places and bit-field sizes", arguments: kernels)
  func members(_ name: String) throws {
    let btf = try Fixture.btf(name)
    let members = try #require(try btf.structMembers("sk_buff"))
    #expect(members.prefix(4).map(\.name) == ["", "cloned", "pkt_type", "flags"])
    #expect(members.prefix(4).map(\.bitFieldSize) == [nil, 1, 3, nil])
    #expect(members[0].bitOffset == 0)
    #expect(members[3].bitOffset == 160)
    #expect(try btf.structMembers("no_such_struct") == nil)
  }

  @Test("A member is found within anonymous structs and unions, and only there", arguments: kernels)
  func nestedMembers(_ name: String) throws {
    let btf = try Fixture.btf(name)
    #expect(try btf.hasMember("cloned", inStruct: "sk_buff"))
    #expect(try btf.hasMember("dev", inStruct: "sk_buff"))
    #expect(try btf.hasMember("rbnode", inStruct: "sk_buff"))
    #expect(try !btf.hasMember("ifindex", inStruct: "sk_buff"))
    #expect(try !btf.hasMember("cloned", inStruct: "no_such_struct"))
  }

  @Test("A tracepoint's parameters have the names of its functions, without the data's", arguments: kernels)
  func tracepoint(_ name: String) throws {
    let btf = try Fixture.btf(name)
    let parameters = try #require(try btf.tracepointParameters("kfree_skb"))
    #expect(parameters.map(\.name) == ["skb", "location", "reason", "rx_sk"])
    #expect(try btf.type(parameters[2].typeID)?.name() == "skb_drop_reason")
    #expect(try btf.tracepointParameters("no_such_tracepoint") == nil)
  }

  @Test("Sizes are those of the type behind typedefs and modifiers, times the elements", arguments: kernels)
  func sizes(_ name: String) throws {
    let btf = try Fixture.btf(name)
    func member(_ name: String) throws -> BTF.TypeRecord? {
      let members = try #require(try btf.structMembers("sk_buff"))
      return try btf.type(#require(members.first { $0.name == name }).typeID)
    }
    #expect(try member("flags")?.byteSize() == 24)
    #expect(try member("weight")?.byteSize() == 8)
    #expect(try member("wide")?.byteSize() == 8)
    #expect(try member("cloned")?.resolved()?.name() == "unsigned int")
    #expect(try member("print")?.byteSize() == nil)
    #expect(try btf.types(named: "flags_t").first?.resolved()?.kind == .int)
    #expect(try btf.types(named: "sock", kind: .forward).first?.byteSize() == nil)
  }

  @Test(
    "A prototype with ... ends in a parameter without name and type",
    arguments: ["kernel-little", "kernel-big"])
  func variadic(_ name: String) throws {
    let btf = try Fixture.btf(name)
    let print = try #require(try btf.structMembers("sk_buff")?.first { $0.name == "print" })
    let prototype = try btf.type(print.typeID)?.target()
    let last = try prototype?.parameters()?.last
    #expect(last?.name == "")
    #expect(last?.typeID == 0)
  }

  @Test("Types are found by id, by name and by kind")
  func lookup() throws {
    let btf = try Fixture.btf("kernel-little")
    let structure = try #require(try btf.types(named: "sk_buff").first)
    #expect(try btf.types(named: "sk_buff", kind: .structure) == [structure])
    #expect(try btf.types(named: "sk_buff", kind: .union).isEmpty)
    #expect(try btf.types(named: "sk_buf").isEmpty)
    #expect(try btf.types(named: "sk_buffs").isEmpty)
    let id = try #require(try structure.id())
    #expect(try btf.type(id) == structure)
    #expect(try btf.type(0) == nil)
    let error = #expect(throws: BTFError.self) { try btf.type(39) }
    #expect(error?.code == .missingType)
  }

  @Test("All types of a name are found")
  func equalNames() throws {
    var writer = BTFWriter()
    for value in 1...3 { writer.enumeration("twice", ["A\(value)": value]) }
    let btf = try BTF(bytes: writer.bytes())
    #expect(try btf.types(named: "twice").count == 3)
    #expect(try btf.enums(named: "twice").map(\.position) == [0, 1, 2])
  }

  @Test("A chain of 32 typedefs is followed, one of 33 is refused", arguments: [(32, true), (33, false)])
  func chains(_ length: Int, _ isFollowed: Bool) throws {
    var writer = BTFWriter()
    writer.integer("int", size: 4)
    for index in 1...length { writer.reference(.typedef, to: index, named: "t\(index)") }
    let btf = try BTF(bytes: writer.bytes())
    let last = try #require(try btf.type(UInt32(length + 1)))
    if isFollowed {
      #expect(try last.byteSize() == 4)
      try btf.checkKernelRules()
    } else {
      #expect(throws: BTFError.self) { try last.byteSize() }
      #expect(throws: BTFError.self) { try btf.checkKernelRules() }
    }
  }

  @Test("An array of arrays without end has no size but an error")
  func endlessArrays() throws {
    var writer = BTFWriter()
    writer.head(0, .array, 0)
    writer.words(1, 1, 3)
    let btf = try BTF(bytes: writer.bytes())
    #expect(throws: BTFError.self) { try btf.type(1)?.byteSize() }
  }

  @Test("An array larger than memory has no size but an error")
  func greatArray() throws {
    var writer = BTFWriter()
    writer.integer("int", size: 4)
    for element in 1...3 {
      writer.head(0, .array, 0)
      writer.words(element, 1, 0xffff_ffff)
    }
    let btf = try BTF(bytes: writer.bytes())
    #expect(throws: BTFError.self) { try btf.type(4)?.byteSize() }
  }

  @Test("A file made by clang or pahole is one that a kernel would take", arguments: kernels)
  func kernelRules(_ name: String) throws {
    try Fixture.btf(name).checkKernelRules()
  }

  @Test("The identity is FNV-1a of the bytes")
  func identity() throws {
    var expected: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in try Fixture.bytes("kernel-little") { expected = (expected ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let identity = try Fixture.btf("kernel-little").identity
    #expect(identity.count == 16)
    #expect(UInt64(identity, radix: 16) == expected)
    #expect(try Fixture.btf("kernel-big").identity != identity)
  }
}

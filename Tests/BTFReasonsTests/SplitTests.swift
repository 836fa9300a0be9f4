import BTFReasons
import Foundation
import Testing

@Suite struct SplitTests {
  @Test("A module's types continue those of its base")
  func onBase() throws {
    let base = try Fixture.btf("split-base")
    let module = try Fixture.btf("split-module", base: base)
    #expect(module.isSplit)
    #expect(module.base === base)
    let vport = try #require(try module.structMembers("vport"))
    #expect(vport.map(\.name) == ["dev", "ovs", "plain", "twin"])
    // The pointer, the struct behind it and their names are the base's.
    #expect(try module.type(vport[0].typeID)?.target()?.name() == "net_device")
    #expect(try module.type(vport[1].typeID)?.name() == "ovs_drop_reason")
    #expect(try module.types(named: "sk_buff").first?.btf === base)
    #expect(try module.typeCount() > base.typeCount())
    try module.checkKernelRules()
  }

  @Test("A module without its base has its own names, and says what it has not")
  func withoutBase() throws {
    let module = try Fixture.btf("split-module")
    #expect(module.isSplit)
    #expect(module.base == nil)
    let reasons = try #require(try module.enums(named: "ovs_drop_reason").first)
    #expect(
      try reasons.enumerators()?.map(\.name) == [
        "__OVS_DROP_REASON", "OVS_DROP_LAST_ACTION", "OVS_DROP_METER", "OVS_DROP_MAX",
      ])
    #expect(try reasons.id() == nil)
    let vport = try #require(try module.types(named: "vport").first)
    #expect(try vport.members()?.map(\.name) == [nil, "ovs", "plain", "twin"])
    for ask in [{ _ = try module.type(1) }, { _ = try module.checkKernelRules() }] as [() throws -> Void] {
      let error = #expect(throws: BTFError.self) { try ask() }
      #expect(error?.code == .baseMissing)
    }
  }

  @Test(
    "The length of a base's strings is found in either byte order",
    arguments: [
      BTF.ByteOrder.littleEndian, .bigEndian,
    ])
  func inferredLength(_ order: BTF.ByteOrder) throws {
    var kernel = BTFWriter.kernel(order: order)
    kernel.integer("int", size: 4)
    var module = BTFWriter(splitFrom: kernel.endOfStrings, order: order)
    module.enumeration("ovs_drop_reason", ["OVS_DROP_LAST_ACTION": 0x10001])
    module.structure("last", size: 4, ["member": (type: 3, offset: 0)])
    let alone = try BTF(bytes: module.bytes())
    #expect(
      try alone.enums(named: "ovs_drop_reason").first?.enumerators()?.map(\.name) == ["OVS_DROP_LAST_ACTION"])
    #expect(try alone.structMembers("last")?.map(\.name) == ["member"])
    let whole = try BTF(bytes: module.bytes(), base: BTF(bytes: kernel.bytes()))
    #expect(try whole.type(4)?.name() == "ovs_drop_reason")
    #expect(try whole.type(5)?.byteSize() == 4)
    try whole.checkKernelRules()
  }

  @Test("A module whose last string is unused cannot be read without its base")
  func unusedString() throws {
    var module = BTFWriter(splitFrom: 100)
    module.enumeration("my_drop_reason", ["MY_DROP": 0x10001])
    _ = module.name("unused")
    let error = #expect(throws: BTFError.self) { try BTF(bytes: module.bytes()) }
    #expect(error?.code == .baseMissing)
  }

  @Test("A module without strings of its own is read", arguments: [true, false])
  func withoutStrings(_ hasBase: Bool) throws {
    let kernel = try BTF(bytes: BTFWriter.kernel().bytes())
    var module = BTFWriter(splitFrom: kernel.header.strings.count)
    module.head(0, .pointer, 1)
    let btf = try BTF(bytes: module.bytes(), base: hasBase ? kernel : nil)
    #expect(btf.isSplit)
    #expect(try btf.typeCount() == (hasBase ? 3 : 1))
    #expect(try btf.enums(named: "skb_drop_reason").count == (hasBase ? 1 : 0))
  }

  @Test("A split BTF may be split again")
  func threeLevels() throws {
    let kernel = BTFWriter.kernel()
    var middle = BTFWriter(splitFrom: kernel.endOfStrings)
    middle.enumeration("middle", ["M": 1])
    var top = BTFWriter(splitFrom: middle.endOfStrings)
    top.reference(.typedef, to: 3, named: "top")
    let base = try BTF(bytes: kernel.bytes())
    let btf = try BTF(bytes: top.bytes(), base: BTF(bytes: middle.bytes(), base: base))
    #expect(try btf.type(4)?.name() == "top")
    #expect(try btf.type(4)?.resolved()?.enumerators()?.map(\.name) == ["M"])
    #expect(try btf.type(1)?.name() == "skb_drop_reason")
  }

  @Test("A module whose last string nothing uses is read right on its base")
  func unusedLastString() throws {
    var kernel = BTFWriter()
    kernel.enumeration("skb_drop_reason", ["SKB_DROP_REASON_NO_SOCKET": 3])
    kernel.enumeration(
      "skb_drop_reason_subsys", ["SKB_DROP_REASON_SUBSYS_CORE": 0, "SKB_DROP_REASON_SUBSYS_OPENVSWITCH": 2])
    // All of one length: read alone, each name seems to be the next one, and nothing looks wrong.
    var module = BTFWriter(splitFrom: kernel.strings.count)
    module.enumeration("ovs_drop_reason", ["__OVS_DROP_BASE": 0x20000, "OVS_DROP_METERS": 0x20001])
    _ = module.name("never_used_here")
    try Fixture.withTemporaryFolder { folder in
      let files = [folder.appending(path: "vmlinux"), folder.appending(path: "openvswitch")]
      try Data(kernel.bytes()).write(to: files[0])
      try Data(module.bytes()).write(to: files[1])
      let reasons = try DropReasons(files: files.map(\.path))
      #expect(reasons.faults == [])
      #expect(reasons[0x20001]?.name == "OVS_DROP_METERS")
      #expect(reasons[0x20001]?.subsystem == "openvswitch")
    }
  }

  @Test("A base of the other byte order is refused")
  func otherOrder() throws {
    let base = try Fixture.btf("kernel-big")
    let error = #expect(throws: BTFError.self) { try Fixture.btf("split-module", base: base) }
    #expect(error?.code == .baseMismatch)
  }

  @Test("A split BTF uses the layout of its base")
  func layoutOfBase() throws {
    var kernel = BTFWriter.kernel()
    kernel.integer("int", size: 4)
    let layout = [UInt8](repeating: 0, count: 80) + [4, 0, 0, 0]
    let base = try BTF(bytes: kernel.bytes(layout: layout))
    #expect(base.header.layout?.count == 84)
    var module = BTFWriter(splitFrom: kernel.endOfStrings)
    module.head(module.name("new"), BTF.Kind(rawValue: 20), 0)
    module.words(7)
    module.enumeration("after", ["A": 1])
    #expect(try BTF(bytes: module.bytes(), base: base).enums(named: "after").count == 1)
    #expect(throws: BTFError.self) { try BTF(bytes: module.bytes()) }
  }

  @Test("A distilled base's enum without enumerators is no definition")
  func distilled() throws {
    var base = BTFWriter()
    base.head(base.name("skb_drop_reason"), .enumeration, count: 0, 4)
    var module = BTFWriter(splitFrom: base.endOfStrings)
    module.enumeration("my_drop_reason", ["MY_DROP": 0x10001])
    let btf = try BTF(bytes: module.bytes(), base: BTF(bytes: base.bytes()))
    #expect(try btf.enums(named: "skb_drop_reason").isEmpty)
    #expect(try btf.types(named: "skb_drop_reason").count == 1)
    #expect(try btf.enums(named: "my_drop_reason").count == 1)
  }
}

import BTFReasons
import Foundation
import Testing

@Suite struct DropReasonsTests {
  static let kernels = ["kernel-little", "kernel-big"]

  @Test("The core's reasons have names without prefix, and marks are marked", arguments: kernels)
  func core(_ name: String) throws {
    let reasons = try DropReasons(kernel: Fixture.btf(name))
    let core = reasons.reasons.filter { $0.subsystem == "core" }
    #expect(
      core.map(\.name) == [
        "NOT_DROPPED_YET", "CONSUMED", "NOT_SPECIFIED", "NO_SOCKET", "TCP_CSUM", "QDISC_DROP", "MAX",
        "SUBSYS_MASK",
      ])
    #expect(core.map(\.value) == [0, 1, 2, 3, 4, 5, 6, 0xffff_0000])
    #expect(core.filter(\.isSentinel).map(\.name) == ["NOT_DROPPED_YET", "MAX", "SUBSYS_MASK"])
    #expect(reasons[3]?.symbol == "SKB_DROP_REASON_NO_SOCKET")
    #expect(reasons[1]?.symbol == "SKB_CONSUMED")
  }

  @Test("Subsystems have the numbers and names of the kernel's own enum", arguments: kernels)
  func subsystems(_ name: String) throws {
    let reasons = try DropReasons(kernel: Fixture.btf(name))
    #expect(reasons.subsystems.map(\.number) == [0, 1, 2, 3])
    #expect(reasons.subsystems.map(\.name) == ["core", "mac80211_unusable", "openvswitch", "qdisc"])
    #expect(reasons.subsystem(of: 0x3abcd)?.name == "qdisc")
    #expect(reasons.subsystem(of: 0x4abcd) == nil)
  }

  @Test("A subsystem's values outside its range are not its reasons", arguments: kernels)
  func outsiders(_ name: String) throws {
    let reasons = try DropReasons(kernel: Fixture.btf(name))
    #expect(
      reasons.reasons.filter { $0.subsystem == "qdisc" }.map(\.name) == [
        "__QDISC_DROP_REASON", "QDISC_DROP_GENERIC", "QDISC_DROP_OVERLIMIT", "QDISC_DROP_MAX",
      ])
    #expect(
      reasons.reasons.filter { $0.subsystem == "qdisc" && $0.isSentinel }.map(\.value) == [0x30000, 0x30003])
    #expect(reasons[name: "QDISC_DROP_UNSPEC"] == nil)
    #expect(reasons.name(of: 0) == "NOT_DROPPED_YET")
  }

  @Test("A module's reasons are those of its enums, the twin's extra one included", arguments: [true, false])
  func modules(_ onBase: Bool) throws {
    let kernel = try Fixture.btf("split-base")
    let module = try Fixture.btf("split-module", base: onBase ? kernel : nil)
    let reasons = try DropReasons(kernel: kernel, modules: [module])
    #expect(reasons.faults.isEmpty)
    let wireless = reasons.reasons.filter { $0.subsystem == "mac80211_unusable" }
    #expect(wireless.map(\.value) == [0x10000, 0x10001, 0x10002, 0x10003])
    let plain = ["RX_DROP_U_MIC_FAIL", "RX_DROP_U_REPLAY", "RX_DROP_U_BAD_MMIE"]
    #expect(wireless.map(\.name) == ["RX_DROP_UNUSABLE"] + plain)
    #expect(wireless.map(\.symbol) == ["___RX_DROP_UNUSABLE"] + plain)
    #expect(wireless.allSatisfy { !$0.isSentinel })
    #expect(reasons.name(of: 0x20002) == "OVS_DROP_METER")
    #expect(reasons[0x20000]?.isSentinel == true)
    #expect(reasons.name(of: 0) == "NOT_DROPPED_YET")
    #expect(reasons.name(of: 1) == "CONSUMED")
  }

  @Test("Reasons are in the order of their values, and each value finds its reason", arguments: kernels)
  func order(_ name: String) throws {
    let reasons = try DropReasons(kernel: Fixture.btf(name))
    #expect(reasons.reasons.map(\.value) == reasons.reasons.map(\.value).sorted())
    for reason in reasons.reasons {
      #expect(reasons[reason.value] == reason)
      #expect(reasons[name: reason.name] == reason)
      #expect(reasons[name: reason.symbol.lowercased()] == reason)
      #expect(reasons.name(of: reason.value) == reason.name)
    }
  }

  @Test(
    "An unknown value is described by its subsystem and number, never guessed",
    arguments: [
      (999, "core:999"), (0x203e7, "openvswitch:999"), (0x7000c, "7:12"), (0xffff_ffff, "65535:65535"),
    ] as [(UInt32, String)])
  func unknown(_ value: UInt32, _ expected: String) throws {
    let reasons = try DropReasons(kernel: Fixture.btf("kernel-little"))
    #expect(reasons[value] == nil)
    #expect(reasons.name(of: value) == expected)
  }

  @Test(
    "Names are found with and without prefix, in either case",
    arguments: [
      ("NO_SOCKET", 3), ("no_socket", 3), ("SKB_DROP_REASON_NO_SOCKET", 3), ("Skb_Consumed", 1),
      ("qdisc_drop_overlimit", 0x30002),
    ] as [(String, UInt32)])
  func names(_ name: String, _ value: UInt32) throws {
    #expect(try DropReasons(kernel: Fixture.btf("kernel-little"))[name: name]?.value == value)
  }

  @Test(
    "A name the kernel does not have is not found",
    arguments: ["", "SOCKET", "SKB_DROP_REASON_", "NO_SOCKET2"])
  func unknownNames(_ name: String) throws {
    #expect(try DropReasons(kernel: Fixture.btf("kernel-little"))[name: name] == nil)
  }

  @Test("A kernel without the enum is told apart from a file that cannot be read")
  func oldKernel() throws {
    var writer = BTFWriter()
    writer.integer("int", size: 4)
    let error = #expect(throws: BTFError.self) { try DropReasons(kernel: BTF(bytes: writer.bytes())) }
    #expect(error?.code == .noDropReasons)
    let missing = #expect(throws: BTFError.self) { try DropReasons(folder: "/no/such/folder") }
    #expect(missing?.code == .unreadable)
    #expect(missing?.file == "/no/such/folder/vmlinux")
  }

  @Test("A kernel before 6.4 has the core only, whatever modules say")
  func withoutSubsystems() throws {
    var writer = BTFWriter()
    writer.enumeration(
      "skb_drop_reason", ["SKB_DROP_REASON_NOT_SPECIFIED": 0, "SKB_DROP_REASON_NO_SOCKET": 1])
    writer.enumeration("other_drop_reason", ["OTHER_DROP": 0x10001])
    let reasons = try DropReasons(kernel: BTF(bytes: writer.bytes()))
    #expect(reasons.subsystems.map(\.name) == ["core"])
    // 5.17 has NOT_SPECIFIED for 0, which is a reason.
    #expect(reasons.reasons.map(\.name) == ["NOT_SPECIFIED", "NO_SOCKET"])
    #expect(reasons.reasons.allSatisfy { !$0.isSentinel })
    #expect(reasons.name(of: 0x10001) == "1:1")
  }

  @Test("A subsystem is found whatever its enum is called, if its values are most of the enum's")
  func foundNotListed() throws {
    var kernel = BTFWriter.kernel(subsystems: ["NEW_THING", "OTHER"])
    kernel.enumeration("x_drop_reason", ["X_A": 0x10001, "X_B": 0x10002, "X_NONE": 0])
    kernel.enumeration("y_drop_reason", ["Y_A": 0x20001, "Y_NONE": 0, "Y_MORE": 5])
    kernel.enumeration("z_drop_reasons", ["Z_A": 0x20002])
    let reasons = try DropReasons(kernel: BTF(bytes: kernel.bytes()))
    #expect(reasons.name(of: 0x10002) == "X_B")
    #expect(reasons[0x10001]?.subsystem == "new_thing")
    #expect(reasons.name(of: 0x20001) == "other:1")
    #expect(reasons.name(of: 0x20002) == "other:2")
  }

  @Test("Signed enums give the same values")
  func signed() throws {
    var kernel = BTFWriter()
    let name = kernel.name("skb_drop_reason")
    let members = [("SKB_DROP_REASON_NO_SOCKET", 3), ("SKB_DROP_REASON_SUBSYS_MASK", -65536)]
    let names = members.map { kernel.name($0.0) }
    kernel.head(name, .enumeration, count: 2, flag: true, 4)
    for (name, member) in zip(names, members) { kernel.words(name, member.1) }
    let reasons = try DropReasons(kernel: BTF(bytes: kernel.bytes()))
    #expect(reasons.reasons.map(\.value) == [3, 0xffff_0000])
  }

  @Test("Several names of one value are all there, and the first that is no mark names it")
  func aliases() throws {
    var kernel = BTFWriter.kernel()
    kernel.enumeration(
      "ovs_drop_reason", ["__OVS_BASE": 0x10000, "OVS_B": 0x10001, "OVS_A": 0x10001, "OVS_REAL": 0x10000])
    let reasons = try DropReasons(kernel: BTF(bytes: kernel.bytes()))
    #expect(
      reasons.reasons.filter { $0.subsystem == "openvswitch" }.map(\.name) == [
        "OVS_REAL", "__OVS_BASE", "OVS_B", "OVS_A",
      ])
    #expect(reasons.name(of: 0x10001) == "OVS_B")
    #expect(reasons.name(of: 0x10000) == "OVS_REAL")
    #expect(reasons[name: "ovs_a"]?.value == 0x10001)
  }

  @Test("An enum of more reasons than numbers is refused, and no other is")
  func tooMany() throws {
    let kernel = BTFWriter.kernel()
    var module = BTFWriter(splitFrom: kernel.endOfStrings)
    let name = module.name("ovs_drop_reason")
    module.head(name, .enumeration, count: 0x10000, 4)
    for index in 0..<0x10000 { module.words(name, index) }
    let btf = try BTF(bytes: module.bytes(), base: BTF(bytes: kernel.bytes()))
    let reasons = try DropReasons(kernel: BTF(bytes: kernel.bytes()), modules: [btf])
    #expect(reasons.faults.map(\.code) == [.malformedType])
    #expect(reasons.name(of: 3) == "NO_SOCKET")
  }

  @Test("Where two modules differ about a value, the first is right and the fault is told")
  func conflict() throws {
    let kernel = BTFWriter.kernel()
    var first = BTFWriter(splitFrom: kernel.endOfStrings)
    first.enumeration("ovs_drop_reason", ["OVS_A": 0x10001, "OVS_B": 0x10002])
    var second = BTFWriter(splitFrom: kernel.endOfStrings)
    second.enumeration("copy_drop_reason", ["OVS_A": 0x10001, "OVS_C": 0x10002])
    let reasons = try DropReasons(
      kernel: BTF(bytes: kernel.bytes()),
      modules: [BTF(bytes: first.bytes(), file: "first"), BTF(bytes: second.bytes(), file: "second")])
    #expect(reasons.name(of: 0x10002) == "OVS_B")
    #expect(reasons.faults.map(\.code) == [.conflictingReasons])
    #expect(reasons.faults.first?.file == "second")
  }

  @Test(
    "A reason whose name is no identifier is refused", arguments: ["A\u{1b}[31m", "<b>", "a b", "1A", ""])
  func hostileNames(_ name: String) throws {
    let kernel = BTFWriter.kernel()
    var module = BTFWriter(splitFrom: kernel.endOfStrings)
    module.enumeration("ovs_drop_reason", [name: 0x10001])
    let reasons = try DropReasons(
      kernel: BTF(bytes: kernel.bytes()),
      modules: [BTF(bytes: module.bytes(), base: BTF(bytes: kernel.bytes()))])
    #expect(reasons.faults.map(\.code) == [.malformedName])
    #expect(reasons.name(of: 0x10001) == "openvswitch:1")
  }

  @Test("Files may come in any order; a module of another kernel is a fault", arguments: [true, false])
  func files(_ moduleFirst: Bool) throws {
    let names = moduleFirst ? ["split-module", "split-base"] : ["split-base", "split-module"]
    let reasons = try DropReasons(files: names.map(Fixture.path))
    #expect(reasons.faults.isEmpty)
    #expect(reasons.name(of: 0x20002) == "OVS_DROP_METER")

    let other = try DropReasons(files: [Fixture.path("split-module"), Fixture.path("kernel-little")])
    #expect(other.faults.map(\.code) == [.baseMismatch])
    #expect(other.faults.first?.file == Fixture.path("split-module"))
    #expect(other.name(of: 0x20002) == "openvswitch:2")
  }

  @Test("Files without a kernel, or with two, are told")
  func wrongFiles() throws {
    let error = #expect(throws: BTFError.self) { try DropReasons(files: [Fixture.path("split-module")]) }
    #expect(error?.code == .baseMissing)
    #expect(throws: BTFError.self) { try DropReasons(files: []) }
    let two = try DropReasons(files: [Fixture.path("kernel-little"), Fixture.path("kernel-big")])
    #expect(two.faults.map(\.file) == [Fixture.path("kernel-big")])
  }

  @Test("One bad module does not spoil the others")
  func badModule() throws {
    try Fixture.withTemporaryFolder { folder in
      try copy("split-base", to: folder, as: "vmlinux")
      try copy("split-module", to: folder, as: "openvswitch")
      try Data("no BTF".utf8).write(to: folder.appending(path: "broken"))
      let reasons = try DropReasons(folder: folder.path)
      #expect(reasons.faults.map(\.code) == [.notBTF])
      #expect(reasons.faults.first?.file == folder.appending(path: "broken").path)
      #expect(reasons.name(of: 0x20001) == "OVS_DROP_LAST_ACTION")
    }
  }

  @Test("Modules that come are read, and the names of those that go stay")
  func refresh() throws {
    try Fixture.withTemporaryFolder { folder in
      try copy("split-base", to: folder, as: "vmlinux")
      var reasons = try DropReasons(folder: folder.path)
      #expect(reasons.name(of: 0x20001) == "openvswitch:1")
      #expect(try !reasons.refresh())

      try copy("split-module", to: folder, as: "openvswitch")
      #expect(try reasons.refresh())
      #expect(reasons.name(of: 0x20001) == "OVS_DROP_LAST_ACTION")
      #expect(try !reasons.refresh())

      try FileManager.default.removeItem(at: folder.appending(path: "openvswitch"))
      #expect(try reasons.refresh())
      #expect(reasons.name(of: 0x20001) == "OVS_DROP_LAST_ACTION")

      // Another build of the module comes in its place.
      var module = try BTFWriter(splitFrom: Fixture.btf("split-base").header.strings.count)
      module.enumeration("ovs_drop_reason", ["OVS_DROP_FIRST": 0x20001])
      try Data(module.bytes()).write(to: folder.appending(path: "openvswitch"))
      #expect(try reasons.refresh())
      #expect(reasons.name(of: 0x20001) == "OVS_DROP_FIRST")
      #expect(reasons.name(of: 0x20002) == "OVS_DROP_METER")
      #expect(reasons.faults.isEmpty)

      try FileManager.default.removeItem(at: folder)
      #expect(throws: BTFError.self) { try reasons.refresh() }
      #expect(reasons.name(of: 0x20001) == "OVS_DROP_FIRST")
    }
  }

  private func copy(_ fixture: String, to folder: URL, as name: String) throws {
    try Data(Fixture.bytes(fixture)).write(to: folder.appending(path: name))
  }
}

import BTFReasons
import Foundation
import Testing

/// Kernels from 5.18 on, each against a list of what is in it.
@Suite(
  .enabled(
    if: Kernels.folder != nil, "set DROPDB_KERNELS to a folder of kernels' BTF (and install zstd)"))
struct KernelsTests {
  @Test(
    "Exactly the enumerators that a kernel has are found, in modules with and without the base",
    arguments: Kernels.names)
  func enums(_ kernel: String) throws {
    let vmlinux = try BTF(bytes: Kernels.bytes(kernel, "vmlinux"), file: kernel)
    let modules = try Kernels.modules(kernel).map { try Kernels.bytes(kernel, $0) }
    let expected = try Kernels.expected(kernel)
    #expect(expected["skb_drop_reason"] != nil)
    for (name, enumerators) in expected {
      for hasBase in [true, false] {
        let found =
          try vmlinux.enums(named: name)
          + modules.flatMap { bytes in
            let module = try BTF(bytes: bytes, base: hasBase ? vmlinux : nil)
            #expect(module.isSplit)
            return try module.enums(named: name).filter { $0.btf === module }
          }
        #expect(found.count == 1)
        #expect(
          try found.first?.enumerators()?.map {
            Kernels.Enumerator(name: $0.name ?? "", value: UInt32($0.bits))
          }
            == enumerators)
      }
    }
    // None but these, and the twins, are in the kernel's reasons.
    let reasons = try DropReasons(
      kernel: vmlinux, modules: modules.map { try BTF(bytes: $0, base: vmlinux) })
    let symbols = Set(expected.values.joined().map(\.name))
    for reason in reasons.reasons {
      #expect(symbols.contains(reason.symbol) || reason.symbol.hasPrefix("___"))
    }
  }

  @Test("Each value of a kernel has its name, and each name its value", arguments: Kernels.names)
  func reasons(_ kernel: String) throws {
    let vmlinux = try BTF(bytes: Kernels.bytes(kernel, "vmlinux"), file: kernel)
    let reasons = try DropReasons(
      kernel: vmlinux, modules: Kernels.modules(kernel).map { try BTF(bytes: Kernels.bytes(kernel, $0)) })
    #expect(reasons.faults.isEmpty)
    let subsystems = Set(reasons.subsystems.map { UInt32($0.number) })
    for (name, enumerators) in try Kernels.expected(kernel) where name != "skb_drop_reason_subsys" {
      for enumerator in enumerators where name == "skb_drop_reason" || enumerator.value >> 16 > 0 {
        guard name == "skb_drop_reason" || subsystems.contains(enumerator.value >> 16) else {
          #expect(reasons[enumerator.value] == nil)
          continue
        }
        let reason = try #require(reasons[enumerator.value])
        #expect(reason.symbol == enumerator.name)
        #expect(reasons[name: enumerator.name] == reason)
        #expect(reasons[name: reason.name] == reason)
        #expect(!reason.name.hasPrefix("SKB_DROP_REASON_"))
      }
    }
    #expect(reasons[name: "NO_SOCKET"]?.symbol == "SKB_DROP_REASON_NO_SOCKET")
    #expect(reasons[0]?.isSentinel == true)
    #expect(
      reasons.reasons.filter { $0.subsystem == "core" && $0.name == "MAX" }.allSatisfy { $0.isSentinel })
  }

  @Test(
    "The tracepoint of drops is found in every kernel, with the socket since 6.11", arguments: Kernels.names)
  func tracepoint(_ kernel: String) throws {
    let vmlinux = try BTF(bytes: Kernels.bytes(kernel, "vmlinux"), file: kernel)
    let names = try #require(try vmlinux.tracepointParameters("kfree_skb")).map(\.name)
    let isNew = ["6.12", "7."].contains { kernel.hasPrefix($0) }
    #expect(names.prefix(3) == ["skb", "location", "reason"])
    if isNew { #expect(names == ["skb", "location", "reason", "rx_sk"]) }
    #expect(try (vmlinux.tracepointParameters("qdisc_drop") != nil) == kernel.hasPrefix("7."))
  }

  @Test("A kernel's BTF keeps the kernel's rules, and so do its modules'", arguments: Kernels.names)
  func kernelRules(_ kernel: String) throws {
    let vmlinux = try BTF(bytes: Kernels.bytes(kernel, "vmlinux"), file: kernel)
    try vmlinux.checkKernelRules()
    for name in try Kernels.modules(kernel) {
      try BTF(bytes: Kernels.bytes(kernel, name), base: vmlinux, file: name).checkKernelRules()
    }
  }

  @Test("A module on its distilled base can be read with it and without")
  func distilled() throws {
    guard FileManager.default.fileExists(atPath: Kernels.file("distilled-base", "testmod.btf.zst").path)
    else {
      try Test.cancel("no distilled base among the kernels")
    }
    let base = try BTF(bytes: Kernels.bytes("distilled-base", "testmod.base"))
    let bytes = try Kernels.bytes("distilled-base", "testmod")
    let module = try BTF(bytes: bytes, base: base)
    #expect(!base.isSplit)
    try module.checkKernelRules()
    let alone = try BTF(bytes: bytes)
    #expect(try alone.typeCount() == module.typeCount() - base.typeCount())
    // Every other type, to keep the search short.
    for id in stride(from: UInt32(try base.typeCount() + 1), through: UInt32(try module.typeCount()), by: 2) {
      let type = try #require(try module.type(id))
      guard let name = try type.name(), !name.isEmpty else { continue }
      #expect(try alone.types(named: name, kind: type.kind).map(\.offset).contains(type.offset))
    }
  }
}

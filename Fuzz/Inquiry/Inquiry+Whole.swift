import BTFReasons

extension Inquiry {
  /// What is asked about a BTF as a whole.
  mutating func askWhole(_ btf: BTF) {
    note(btf.identity)
    note(btf.byteOrder)
    note(btf.isSplit)
    let header = btf.header
    for section in [header.types, header.strings, header.layout ?? header.types] {
      require(section.lowerBound >= header.length && section.upperBound <= length, "a section in the file")
    }

    // Of a split BTF without its base, only the types that are found without an index.
    for name in ["my_enum", "skb_drop_reason", "ovs_drop_reason"] {
      for type in ask(try btf.enums(named: name)) ?? [] {
        ask(about: type)
        askElements(of: type)
      }
    }
    noting(try btf.structMembers("sk_buff"))
    noting(try btf.hasMember("dev", inStruct: "sk_buff"))
    noting(try btf.tracepointParameters("kfree_skb"))
    if let base = btf.base {
      note(ask(try DropReasons(kernel: base, modules: [btf])).map(checked))
    }
    note(ask(try DropReasons(kernel: btf)).map(checked))
  }

  /// What must hold of reasons.
  ///
  /// - Returns: All that is in them.
  func checked(_ reasons: DropReasons) -> [Int] {
    // Each has an enumerator of at least 8 bytes.
    require(reasons.reasons.count <= length / 8, "no more reasons than enumerators")
    require(reasons.subsystems.count <= length / 8 + 1, "no more subsystems than enumerators")
    var hasher = Hasher()
    var previous: UInt32 = 0
    for reason in reasons.reasons {
      require(reason.value >= previous, "reasons in the order of their values")
      previous = reason.value
      require(reasons[reason.value]?.value == reason.value, "a reason is found by its value")
      require(reasons[name: reason.symbol] != nil, "a reason is found by its symbol")
      require(reasons[name: reason.name] != nil, "a reason is found by its name")
      // An enum of subsystems may leave out the core, or values may be marks that no subsystem has.
      require(
        reason.isSentinel || reason.value < 0x10000 || reasons.subsystem(of: reason.value) != nil,
        "a reason has a subsystem")
      for text in [reason.name, reason.symbol] {
        require(!text.isEmpty && text.utf8.allSatisfy(isPlain), "a name can be printed")
      }
      hasher.combine(reason)
    }
    for subsystem in reasons.subsystems {
      require(!subsystem.name.isEmpty && subsystem.name.utf8.allSatisfy(isPlain), "a name can be printed")
      hasher.combine(subsystem)
    }
    for value in [0, 1, 0xffff, 0x10000, 0x3_0001, 0xffff_0000, UInt32.max] {
      let name = reasons.name(of: value)
      require(!name.isEmpty && name.utf8.allSatisfy { isPlain($0) || $0 == 0x3a }, "a value can be printed")
      hasher.combine(name)
    }
    hasher.combine(reasons.faults)
    return [hasher.finalize(), reasons.reasons.count]
  }

  private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x5f, 0x61...0x7a: true
    default: false
    }
  }
}

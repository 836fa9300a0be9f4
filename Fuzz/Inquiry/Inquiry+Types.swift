import BTFReasons

extension Inquiry {
  /// What is asked about each type.
  mutating func askTypes(of btf: BTF) {
    // Whatever a kernel would take, we read. A module's check is about the module alone.
    let isStrict = ask(try btf.checkKernelRules()) != nil && ask(try btf.base?.checkKernelRules()) != nil
    note(isStrict)
    guard let count = noting(try btf.typeCount()) else {
      require(!isStrict, "types that a kernel would take can be counted")
      return
    }
    require(count <= length / 12, "no more types than records")
    // In a split BTF without its base no id can be told.
    for id in 0...UInt32(count) + 1 {
      guard let found = ask(try btf.type(id)) else {
        require(!isStrict || id > UInt32(count), "a type that a kernel would take can be read")
        continue
      }
      guard let type = found else {
        require(id == 0, "only void is no type")
        continue
      }
      require(ask(try type.id()) == id, "a type has the id that it is found by")
      require(ask(try type.btf.type(id)) == type, "a type is in its BTF")
      let name = ask(try type.name())
      require(!isStrict || name != nil, "a name that a kernel would take can be read")
      note(name)
      ask(about: type)
      askElements(of: type)
      if type.isEnum, type.count > 0, let name = name ?? nil { askEnum(type, named: name, in: btf) }
    }
  }

  mutating func ask(about type: BTF.TypeRecord) {
    note(type.kind)
    note(type.count)
    note(type.flag)
    note(type.offset)
    require(type.btf.header.types.contains(type.offset), "a type is among the types")
    if let target = ask(try type.target()) {
      if let target {
        require(ask(try target.id()) == type.targetID, "a target has the id it is referred to by")
      } else {
        require(type.targetID == nil || type.targetID == 0, "what is no target is void")
      }
    }
    note(type.targetID)
    if let resolved = ask(try type.resolved()) {
      let passed: [BTF.Kind] = [.typedef, .volatile, .const, .restrict, .typeTag]
      require(resolved.map { !passed.contains($0.kind) } ?? true, "a resolved type is no modifier")
      note(resolved?.offset)
    }
    let size = noting(try type.byteSize())
    require((size ?? nil) ?? 0 >= 0, "a size is not negative")
  }

  mutating func askElements(of type: BTF.TypeRecord) {
    if let members = noting(try type.members()) ?? nil {
      requireBounded(members.map(\.name), of: type)
      require(members.allSatisfy { $0.bitOffset >= 0 && $0.bitFieldSize != 0 }, "a member has a place")
    }
    if let parameters = noting(try type.parameters()) ?? nil {
      requireBounded(parameters.map(\.name), of: type)
    }
    if let enumerators = noting(try type.enumerators()) ?? nil {
      requireBounded(enumerators.map(\.name), of: type)
    }
  }

  private func requireBounded(_ names: [String?], of type: BTF.TypeRecord) {
    require(names.count == type.count, "as many elements as the record says")
    let total = names.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
    require(total <= length, "the names of a type are no longer than the file")
    require(names.allSatisfy { !($0?.utf8.contains(0) ?? false) }, "a name ends before its NUL")
  }

  /// What is found without an index is what the walk over all types finds.
  private mutating func askEnum(_ type: BTF.TypeRecord, named name: String, in btf: BTF) {
    // A name that is not UTF-8 cannot be asked for.
    if name.unicodeScalars.contains("\u{fffd}") { return }
    let byWalk = ask(try btf.types(named: name).filter { $0.isEnum && $0.count > 0 })
    let byScan = ask(try btf.enums(named: name))
    require(byScan?.contains(type) ?? false, "an enum is found by its name")
    require(byWalk == byScan, "the scan finds what the walk finds")
  }
}

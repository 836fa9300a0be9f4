/// What a BPF program must know about the kernel before it is loaded.
extension BTF {
  /// The parameters of a tracepoint, as a BPF program attached to it (`tp_btf`) gets them.
  ///
  /// The kernel describes a tracepoint by the typedef `btf_trace_NAME` of a pointer to a prototype
  /// (`include/trace/bpf_probe.h`). The parameters there have types but no names; the names are those of the
  /// function `__traceiter_NAME` (5.10, `include/linux/tracepoint.h`) or `__bpf_trace_NAME`, which the same
  /// macro declares with the same parameters. The first, `void *__data`, is for neither and is left out.
  ///
  /// - Parameter name: The tracepoint, such as `kfree_skb`.
  /// - Returns: The parameters in order, those without a name where no function tells it; `nil` where the
  ///   kernel has no such tracepoint.
  /// - Throws: ``BTFError`` for types that cannot be read.
  public func tracepointParameters(_ name: String) throws(BTFError) -> [Parameter]? {
    for typedef in try types(named: "btf_trace_\(name)", kind: .typedef) {
      guard let prototype = try typedef.resolved()?.target(), let types = try prototype.parameters(),
        !types.isEmpty
      else { continue }
      for function in ["__traceiter_\(name)", "__bpf_trace_\(name)"] {
        guard let named = try self.types(named: function, kind: .function).first?.target()?.parameters(),
          named.map(\.typeID) == types.map(\.typeID)
        else { continue }
        return Array(named.dropFirst())
      }
      return Array(types.dropFirst())
    }
    return nil
  }

  /// The members of a struct.
  ///
  /// - Returns: Those of the first definition of that name; `nil` where there is none.
  /// - Throws: ``BTFError`` for types that cannot be read.
  public func structMembers(_ name: String) throws(BTFError) -> [Member]? {
    try types(named: name, kind: .structure).first?.members()
  }

  /// Whether a struct is defined and has a member, directly or in an anonymous struct or union in it.
  ///
  /// - Throws: ``BTFError`` for types that cannot be read.
  public func hasMember(_ member: String, inStruct name: String) throws(BTFError) -> Bool {
    guard let definition = try types(named: name, kind: .structure).first else { return false }
    var pending = [definition]
    var seen: Set<UInt32?> = []
    while let type = pending.popLast() {
      guard let members = try type.members() else { continue }
      if members.contains(where: { $0.name == member }) { return true }
      for inner in members where inner.name == "" {
        guard let type = try type.btf.type(inner.typeID)?.resolved(), try seen.insert(type.id()).inserted
        else { continue }
        pending.append(type)
      }
    }
    return false
  }

  /// Whether an enum is defined and has an enumerator.
  ///
  /// - Throws: ``BTFError`` for types that cannot be read.
  public func hasEnumerator(_ enumerator: String, inEnum name: String) throws(BTFError) -> Bool {
    for type in try types(named: name) where type.isEnum {
      if try type.enumerators()?.contains(where: { $0.name == enumerator }) == true { return true }
    }
    return false
  }

  /// Where variables lie in a section of the kernel's data.
  ///
  /// - Parameters:
  ///   - names: The names of the variables.
  ///   - section: The section's name, such as `.data..percpu`.
  /// - Returns: The offset of each in bytes from the start of the section, without those that are not there.
  /// - Throws: ``BTFError`` for types that cannot be read.
  public func variableOffsets(
    _ names: Set<String>, inSection section: String
  ) throws(BTFError) -> [String: UInt32] {
    var offsets: [String: UInt32] = [:]
    for type in try types(named: section, kind: .dataSection) {
      for variable in type.variables() ?? [] {
        if let name = try self.type(variable.typeID)?.name(), names.contains(name) {
          offsets[name] = variable.offset
        }
      }
    }
    return offsets
  }
}

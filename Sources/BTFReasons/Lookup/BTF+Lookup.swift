extension BTF {
  /// How many types there are, those of the base included, `void` not.
  ///
  /// The first look at a type by id or name goes through all types once (about 1 ms for a kernel); later ones
  /// do not.
  ///
  /// - Throws: ``BTFError`` for types that cannot be read.
  public func typeCount() throws(BTFError) -> Int {
    try typeIndex().offsets.count + (base?.typeCount() ?? 0)
  }

  /// A type by its id.
  ///
  /// - Returns: `nil` for 0, which is `void`.
  /// - Throws: ``BTFError`` for an id that is not there, or cannot be told because the base is not at hand.
  public func type(_ id: UInt32) throws(BTFError) -> TypeRecord? {
    if id == 0 { return nil }
    guard let first = try firstTypeID() else {
      throw fault(.baseMissing, "type \(id) may be in the base, which is not at hand")
    }
    if id < first, let base { return try base.type(id) }
    let offsets = try typeIndex().offsets
    guard id - first < offsets.count else {
      throw fault(.missingType, "type \(id), where the last is \(UInt64(first) + UInt64(offsets.count) - 1)")
    }
    return ownType(at: Int(id - first), offset: Int(offsets[Int(id - first)]))
  }

  /// All types of a name, those of the base first; names are not unique in BTF.
  ///
  /// - Parameters:
  ///   - name: The name, byte for byte.
  ///   - kind: The only kind to find; `nil` for all.
  /// - Returns: Empty where there is none.
  /// - Complexity: O(types).
  /// - Throws: ``BTFError`` for types or names that cannot be read.
  public func types(named name: String, kind: Kind? = nil) throws(BTFError) -> [TypeRecord] {
    var found = try base?.types(named: name, kind: kind) ?? []
    let offsets = try typeIndex().offsets
    let text = name.utf8.span
    try source.withBytes { (bytes) throws(BTFError) in
      for position in offsets.indices {
        let offset = Int(offsets[position])
        if let kind, bytes.word(at: offset + 4, swapped: swapped) >> 24 & 0x7f != UInt32(kind.rawValue) {
          continue
        }
        guard hasName(text, bytes.word(at: offset, swapped: swapped), in: bytes) else { continue }
        found.append(ownType(at: position, offset: offset))
      }
    }
    return found
  }

  /// All definitions of an enum, of either kind, those of the base first.
  ///
  /// An enum without enumerators is only declared (or is a `.BTF.base`'s hint of one) and is not given.
  ///
  /// - Throws: ``BTFError`` for types that cannot be read.
  public func enums(named name: String) throws(BTFError) -> [TypeRecord] {
    try (base?.enums(named: name) ?? []) + ownEnums { $0.equals(name.utf8.span) }
  }

  func ownType(at position: Int, offset: Int) -> TypeRecord {
    TypeRecord(
      btf: self, position: position,
      record: source.withBytes { Record(at: offset, in: $0, swapped: swapped) })
  }

  /// Whether a name offset is that of a text; compares before it looks for the name's end.
  private func hasName(_ text: Span<UInt8>, _ name: UInt32, in bytes: Span<UInt8>) -> Bool {
    let position = UInt64(name)
    guard position >= firstString else { return base?.hasName(text, name) ?? false }
    let start = header.strings.lowerBound + Int(position - firstString)
    guard start < header.strings.upperBound, text.count < header.strings.upperBound - start else {
      return false
    }
    for index in text.indices where bytes[start + index] != text[index] { return false }
    return bytes[start + text.count] == 0
  }

  private func hasName(_ text: Span<UInt8>, _ name: UInt32) -> Bool {
    source.withBytes { hasName(text, name, in: $0) }
  }
}

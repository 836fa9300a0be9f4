extension BTF {
  /// A type: what its record says, and the way to what belongs to it.
  ///
  /// Holds its BTF, so it stays valid as long as it is kept.
  public struct TypeRecord: Sendable {
    /// What the type is.
    public var kind: Kind { record.kind }
    /// How many members, enumerators, parameters or variables it has; for a function, its linkage.
    public var count: Int { record.vlen }
    /// The kind's flag: a signed enum, a forward declaration of a union, members with bit-field sizes.
    public var flag: Bool { record.flag }
    /// Where the record stands, in bytes from the start of ``btf``'s file.
    public var offset: Int { record.offset }
    /// The BTF that the type is in: the one asked, or its base.
    public let btf: BTF
    /// How many types stand before it in ``btf``'s file.
    public let position: Int

    let record: Record

    /// The id by which other types refer to it.
    ///
    /// - Returns: `nil` in a split BTF whose base is not at hand, because ids count from the base's on.
    /// - Throws: ``BTFError`` for a base whose types cannot be counted.
    public func id() throws(BTFError) -> UInt32? {
      try btf.firstTypeID().map { $0 &+ UInt32(truncatingIfNeeded: position) }
    }

    /// Whether it is an enum, of 32 or of 64 bits.
    public var isEnum: Bool { kind == .enumeration || kind == .enumeration64 }

    /// The name; empty for a type without one, `nil` for one in a base that is not at hand.
    ///
    /// - Throws: ``BTFError`` for a name outside the strings.
    public func name() throws(BTFError) -> String? {
      try btf.string(record.name, at: offset)
    }
  }
}

extension BTF.TypeRecord: Equatable {
  /// Whether both are the same record of the same BTF.
  public static func == (left: BTF.TypeRecord, right: BTF.TypeRecord) -> Bool {
    left.btf === right.btf && left.offset == right.offset
  }
}

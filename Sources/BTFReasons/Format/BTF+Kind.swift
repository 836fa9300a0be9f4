extension BTF {
  /// What a type is: `BTF_KIND_*` of `include/uapi/linux/btf.h`, or a number that came later.
  public struct Kind: RawRepresentable, Hashable, Sendable {
    /// The kind's number, 1…127.
    public let rawValue: UInt8

    /// A kind by its number.
    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// An integer.
    public static let int = Kind(rawValue: 1)
    /// A pointer.
    public static let pointer = Kind(rawValue: 2)
    /// An array.
    public static let array = Kind(rawValue: 3)
    /// A struct.
    public static let structure = Kind(rawValue: 4)
    /// A union.
    public static let union = Kind(rawValue: 5)
    /// An enum of values of 32 bits; see ``TypeRecord/isEnum``.
    public static let enumeration = Kind(rawValue: 6)
    /// A struct or union that is declared but not defined.
    public static let forward = Kind(rawValue: 7)
    /// Another name for a type.
    public static let typedef = Kind(rawValue: 8)
    /// `volatile`.
    public static let volatile = Kind(rawValue: 9)
    /// `const`.
    public static let const = Kind(rawValue: 10)
    /// `restrict`.
    public static let restrict = Kind(rawValue: 11)
    /// A function, whose type is a prototype (4.20).
    public static let function = Kind(rawValue: 12)
    /// A function's parameters and result (4.20).
    public static let prototype = Kind(rawValue: 13)
    /// A variable.
    public static let variable = Kind(rawValue: 14)
    /// A section of variables.
    public static let dataSection = Kind(rawValue: 15)
    /// A floating-point number (5.13).
    public static let float = Kind(rawValue: 16)
    /// A tag on a declaration (5.16).
    public static let declarationTag = Kind(rawValue: 17)
    /// A tag on a type (5.17).
    public static let typeTag = Kind(rawValue: 18)
    /// An enum with values of 64 bits (6.0); see ``TypeRecord/isEnum``.
    public static let enumeration64 = Kind(rawValue: 19)
  }
}

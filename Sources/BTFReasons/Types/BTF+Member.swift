extension BTF {
  /// A member of a struct or union.
  public struct Member: Hashable, Sendable {
    /// The name; empty for an anonymous struct or union, `nil` for one in a base that is not at hand.
    public let name: String?
    /// The id of its type.
    public let typeID: UInt32
    /// Where it begins, in bits from the start of the struct.
    public let bitOffset: Int
    /// Its width in bits; `nil` where it is no bit-field.
    ///
    /// BTF of before 5.0 keeps the width with the member's integer type instead.
    public let bitFieldSize: Int?
  }
}

extension BTF.TypeRecord {
  /// The members in the order of the source.
  ///
  /// - Returns: `nil` for a type that is no struct or union.
  /// - Throws: ``BTFError`` for a name outside the strings.
  public func members() throws(BTFError) -> [BTF.Member]? {
    guard kind == .structure || kind == .union else { return nil }
    let hasBitFields = flag
    let swapped = btf.swapped
    return try btf.elements(of: record, stride: 12) { (bytes, place, name) in
      let offset = bytes.word(at: place + 8, swapped: swapped)
      let width = Int(offset >> 24)
      return BTF.Member(
        name: name,
        typeID: bytes.word(at: place + 4, swapped: swapped),
        bitOffset: Int(hasBitFields ? offset & 0xff_ffff : offset),
        bitFieldSize: hasBitFields && width > 0 ? width : nil)
    }
  }
}

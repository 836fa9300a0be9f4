extension BTF {
  /// A parameter of a function.
  public struct Parameter: Hashable, Sendable {
    /// The name; empty where the source gives none, `nil` for one in a base that is not at hand.
    public let name: String?
    /// The id of its type; 0, without a name and in the last place, stands for `...`.
    public let typeID: UInt32
  }
}

extension BTF.TypeRecord {
  /// The parameters of a prototype, in order.
  ///
  /// - Returns: `nil` for a type that is no prototype.
  /// - Throws: ``BTFError`` for a name outside the strings.
  public func parameters() throws(BTFError) -> [BTF.Parameter]? {
    guard kind == .prototype else { return nil }
    let swapped = btf.swapped
    return try btf.elements(of: record, stride: 8) { (bytes, place, name) in
      BTF.Parameter(name: name, typeID: bytes.word(at: place + 4, swapped: swapped))
    }
  }
}

extension BTF {
  /// A variable of a section of the kernel's data, such as `.data..percpu`.
  public struct SectionVariable: Hashable, Sendable {
    /// The id of the variable, a type of kind ``Kind/variable``.
    public let typeID: UInt32
    /// Where it begins, in bytes from the start of the section.
    public let offset: UInt32
    /// Its size in bytes.
    public let size: UInt32
  }
}

extension BTF.TypeRecord {
  /// The variables in the order of the file.
  ///
  /// - Returns: `nil` for a type that is no section of data.
  public func variables() -> [BTF.SectionVariable]? {
    guard kind == .dataSection else { return nil }
    let swapped = btf.swapped
    return btf.source.withBytes { bytes in
      (0..<count).map { index in
        let place = offset + RecordSizes.head + 12 * index
        return BTF.SectionVariable(
          typeID: bytes.word(at: place, swapped: swapped),
          offset: bytes.word(at: place + 4, swapped: swapped),
          size: bytes.word(at: place + 8, swapped: swapped))
      }
    }
  }
}

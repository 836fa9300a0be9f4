extension BTF {
  /// A name and a value of an enum.
  public struct Enumerator: Hashable, Sendable {
    /// The name; `nil` for one in a base that is not at hand.
    public let name: String?
    /// The value's 64 bits: of a signed enum sign-extended, so to be read as `Int64(bitPattern:)`.
    public let bits: UInt64
    /// Whether the enum is signed.
    ///
    /// BTF made before 6.0 never says so, and its negative values have 32 bits.
    public let isSigned: Bool
  }
}

extension BTF.TypeRecord {
  /// The enumerators in the order of the source, for both kinds of enum; none for an enum that is only
  /// declared.
  ///
  /// - Returns: `nil` for a type that is no enum.
  /// - Throws: ``BTFError`` for a name outside the strings.
  public func enumerators() throws(BTFError) -> [BTF.Enumerator]? {
    guard isEnum else { return nil }
    let isWide = kind == .enumeration64
    let isSigned = flag
    let stride = isWide ? 12 : 8
    let swapped = btf.swapped
    return try btf.elements(of: record, stride: stride) { (bytes, place, name) in
      let low = bytes.word(at: place + 4, swapped: swapped)
      let bits: UInt64
      if isWide {
        bits = UInt64(bytes.word(at: place + 8, swapped: swapped)) << 32 | UInt64(low)
      } else if isSigned {
        bits = UInt64(bitPattern: Int64(Int32(bitPattern: low)))
      } else {
        bits = UInt64(low)
      }
      return BTF.Enumerator(name: name, bits: bits, isSigned: isSigned)
    }
  }
}

extension BTF {
  /// What stands behind a record's head: `vlen` elements that each begin with a name.
  ///
  /// Names are bounded by the strings: those of one type are distinct, so together they cannot be longer than
  /// all strings are. Without that, a file of few bytes whose elements all have one long name would fill the
  /// memory.
  func elements<Element>(
    of record: Record, stride: Int, _ make: (Span<UInt8>, _ place: Int, _ name: String?) -> Element
  ) throws(BTFError) -> [Element] {
    var elements: [Element] = []
    elements.reserveCapacity(record.vlen)
    var room = endOfStrings
    try source.withBytes { (bytes) throws(BTFError) in
      for element in 0..<record.vlen {
        let place = record.offset + RecordSizes.head + element * stride
        let name = try withName(bytes.word(at: place, swapped: swapped), in: bytes, at: place) {
          String(decoding: $0)
        }
        let length = UInt64(name?.utf8.count ?? 0)
        guard length <= room else {
          throw fault(.malformedName, at: place, "the names of one type are longer than all strings together")
        }
        room -= length
        elements.append(make(bytes, place, name))
      }
    }
    return elements
  }
}

extension BTF {
  /// The own enum definitions whose names a test accepts, found without an index.
  ///
  /// Going through all types costs 0.7 ms for a kernel, most of it waiting: each record must be read to know
  /// where the next begins. So this goes in two steps:
  ///
  /// 1. A scan of the section as plain words, eight at a time, for words that could be the `info` of an enum
  ///    with enumerators. Nothing is missed: every record's length is a multiple of 4, so every record's
  ///    `info` is one of those words. But a member's offset or an enumerator's value may look the same. The
  ///    words before them are read as the offsets of names.
  /// 2. A walk over the records from the first on, up to the last find with an accepted name. Only what the
  ///    walk arrives at is a record, so nothing that merely looks like one is taken. It ends early, and what
  ///    the scan found serves it as stations (``TypeWalk/advance(to:by:in:)``).
  ///
  /// The result is that of a walk over everything, except that a fault behind the last find is not seen.
  func ownEnums(where accepts: (Span<UInt8>) -> Bool) throws(BTFError) -> [TypeRecord] {
    try source.withBytes { (bytes) throws(BTFError) in
      let stations = enumCandidates(in: bytes)
      var found: [TypeRecord] = []
      var position = 0
      var walk = walk()
      for candidate in stations {
        let name = bytes.word(at: candidate, swapped: swapped)
        guard (try? withName(name, in: bytes, at: candidate, accepts)) == true else { continue }
        position += try walk.advance(to: candidate, by: stations, in: bytes)
        guard walk.offset == candidate else { continue }
        // Stepping over it is what tells that all of it is there.
        _ = try walk.next(in: bytes)
        found.append(ownType(at: position, offset: candidate))
        position += 1
      }
      return found
    }
  }

  /// The offsets of what may be the records of enums with enumerators, in order; 12 bytes can be read at
  /// each.
  private func enumCandidates(in bytes: Span<UInt8>) -> [Int] {
    // In the file's own byte order, so that no word need be swapped.
    func inFile(_ word: UInt32) -> SIMD8<UInt32> {
      SIMD8(repeating: swapped ? word.byteSwapped : word)
    }
    let kindBits = inFile(0x7f00_0000)
    let narrow = inFile(UInt32(Kind.enumeration.rawValue) << 24)
    let wide = inFile(UInt32(Kind.enumeration64.rawValue) << 24)
    let laneBits = SIMD8<UInt32>(1, 2, 4, 8, 16, 32, 64, 128)

    var candidates: [Int] = []
    candidates.reserveCapacity(header.types.count / 1024)
    func consider(_ place: Int) {
      let record = Record(at: place - 4, in: bytes, swapped: swapped)
      let isEnum = record.kind == .enumeration || record.kind == .enumeration64
      if isEnum && record.vlen > 0 { candidates.append(record.offset) }
    }
    // An info word has its name before it and its size behind it.
    var place = header.types.lowerBound + 4
    let end = header.types.upperBound - 4
    while end - place >= 32 {
      let kinds = bytes.eightRawWords(at: place) & kindBits
      let isEnum = (kinds .== narrow) .| (kinds .== wide)
      if any(isEnum) {
        var lanes = laneBits.replacing(with: 0, where: .!isEnum).wrappedSum()
        while lanes != 0 {
          consider(place + 4 * lanes.trailingZeroBitCount)
          lanes &= lanes - 1
        }
      }
      place += 32
    }
    while end - place >= 4 {
      consider(place)
      place += 4
    }
    return candidates
  }
}

extension BTF {
  /// The own enum definitions whose names a test accepts, found without an index.
  ///
  /// Going through all types costs 0.7 ms for a kernel, most of it waiting: each record must be read to know where the
  /// next begins. So this goes in two steps:
  ///
  /// 1. A scan of the section as plain words, eight at a time, for words that could be the `info` of an enum with
  ///    enumerators and whose word before is the offset of an accepted name. Nothing is missed: every record's length is a
  ///    multiple of 4, so every record's `info` is one of those words. But a member's offset or an enumerator's value may
  ///    look the same.
  /// 2. A walk over the records from the first on, up to the last such word. Only what the walk arrives at is a record, so
  ///    nothing that merely looks like one is taken. It ends early: in a 6.18 kernel after 30 % of the types.
  ///
  /// The result is that of a walk over everything, except that a fault behind the last find is not seen.
  func ownEnums(where accepts: (Span<UInt8>) -> Bool) throws(BTFError) -> [TypeRecord] {
    try source.withBytes { (bytes) throws(BTFError) in
      let candidates = enumCandidates(in: bytes, where: accepts)
      var found: [TypeRecord] = []
      var next = 0
      var position = 0
      var walk = walk()
      while next < candidates.count, let (offset, _) = try walk.next(in: bytes) {
        while next < candidates.count && candidates[next] < offset { next += 1 }
        if next < candidates.count && candidates[next] == offset {
          found.append(ownType(at: position, offset: offset))
          next += 1
        }
        position += 1
      }
      return found
    }
  }

  /// The offsets of what may be the records of enums with an accepted name, in order.
  private func enumCandidates(
    in bytes: Span<UInt8>, where accepts: (Span<UInt8>) -> Bool
  ) -> [Int] {
    // The kinds 6 and 19 in an info word, in the file's own byte order, so that no word need be swapped.
    func inFile(_ word: UInt32) -> SIMD8<UInt32> {
      SIMD8(repeating: swapped ? word.byteSwapped : word)
    }
    let kindBits = inFile(0x7f00_0000)
    let narrow = inFile(UInt32(Kind.enumeration.rawValue) << 24)
    let wide = inFile(UInt32(Kind.enumeration64.rawValue) << 24)

    var candidates: [Int] = []
    func consider(_ start: Int, _ count: Int) {
      for place in stride(from: start, to: start + 4 * count, by: 4) {
        let record = Record(at: place - 4, in: bytes, swapped: swapped)
        guard record.kind == .enumeration || record.kind == .enumeration64, record.vlen > 0 else { continue }
        let isAccepted = try? withName(record.name, at: record.offset, accepts)
        if isAccepted == true { candidates.append(record.offset) }
      }
    }
    // An info word has its name before it and its size behind it.
    var place = header.types.lowerBound + 4
    let end = header.types.upperBound - 4
    while place + 32 <= end {
      let kinds = bytes.eightRawWords(at: place) & kindBits
      if any((kinds .== narrow) .| (kinds .== wide)) { consider(place, 8) }
      place += 32
    }
    if place < end { consider(place, (end - place) / 4) }
    return candidates
  }
}

/// The one way through the types: records have no index and lengths of their own, so each tells where the
/// next begins.
struct TypeWalk {
  let sizes: RecordSizes
  let swapped: Bool
  let end: Int
  let file: String?
  private(set) var offset: Int

  /// A walk over all types of a section.
  init(types: Range<Int>, sizes: RecordSizes, swapped: Bool, file: String?) {
    self.sizes = sizes
    self.swapped = swapped
    self.file = file
    offset = types.lowerBound
    end = types.upperBound
  }

  /// Steps over the next record.
  ///
  /// - Returns: The record's offset and its info word, or `nil` at the end. The record and all that belongs
  ///   to it lie within the section, so whoever got it may read it without asking again.
  /// - Throws: A record that does not fit, or whose length is unknown.
  @inline(__always)
  mutating func next(in bytes: Span<UInt8>) throws(BTFError) -> (offset: Int, info: UInt32)? {
    let start = offset
    let room = end - start
    guard room >= RecordSizes.head else {
      if room == 0 { return nil }
      throw BTFError(
        .malformedType, file: file, offset: start, "the types end \(room) bytes into a record of at least 12")
    }
    let info = bytes.word(at: start + 4, swapped: swapped)
    let size = RecordSizes.size(info: info, by: sizes.table.span)
    guard size > 0 else { throw unknownKind(at: start, info) }
    guard size <= room else {
      throw BTFError(
        .malformedType, file: file, offset: start,
        "a record of \(size) bytes where the types end after \(room)")
    }
    offset = start + size
    return (start, info)
  }

  private func unknownKind(at start: Int, _ info: UInt32) -> BTFError {
    let kind = (info >> 24) & 0x7f
    if kind == 0 {
      return BTFError(.malformedType, file: file, offset: start, "a record of kind 0, which is none")
    }
    return BTFError(
      .unknownKind, file: file, offset: start,
      "kind \(kind) is unknown here, and the file has no layout section that tells its size")
  }
}

extension TypeWalk {
  /// Steps over records until one begins at an offset, or behind it, or there is none.
  ///
  /// - Parameters:
  ///   - target: The offset, within the section.
  ///   - stations: Offsets, in order, at which a record may well begin.
  ///   - bytes: The file's.
  /// - Returns: How many records were stepped over.
  /// - Throws: As ``next(in:)``.
  mutating func advance(to target: Int, by stations: [Int], in bytes: Span<UInt8>) throws(BTFError) -> Int {
    // A constant in each of the loops: where a record ends is what the next waits for, so every cycle counts.
    let sizes = sizes
    let table = sizes.table.span
    if let count = swapped
      ? jump(to: target, by: stations, in: bytes, table, swapped: true)
      : jump(to: target, by: stations, in: bytes, table, swapped: false)
    {
      offset = target
      return count
    }
    var count = 0
    while offset < target, try next(in: bytes) != nil { count += 1 }
    return count
  }

  /// Walks four parts of the way at once, because a single walk spends most of its time waiting for memory.
  ///
  /// Three walks start where only perhaps a record begins. But if the first walk, which starts at a record,
  /// arrives exactly where the second started, then that is a record too, and so is all the second passed;
  /// and so on to the last.
  ///
  /// - Returns: How many records lie before the target; `nil` where the walks do not meet, which says
  ///   nothing.
  @inline(__always)
  private func jump(
    to target: Int, by stations: [Int], in bytes: Span<UInt8>, _ table: Span<UInt32>, swapped: Bool
  ) -> Int? {
    let quarter = (target - offset) / 4
    func station(after place: Int) -> Int {
      var low = 0
      var high = stations.count
      while low < high {
        let middle = low + (high - low) / 2
        if stations[middle] < place { low = middle + 1 } else { high = middle }
      }
      return low < stations.count ? min(stations[low], target) : target
    }
    let second = station(after: offset + quarter)
    let third = station(after: offset + 2 * quarter)
    let fourth = station(after: offset + 3 * quarter)

    var count = 0
    let limit = end - RecordSizes.head
    func step(_ place: inout Int) {
      guard place <= limit else {
        place = .max
        return
      }
      let size = RecordSizes.size(info: bytes.word(at: place + 4, swapped: swapped), by: table)
      place = size > 0 ? place + size : .max
      count += 1
    }
    var (a, b, c, d) = (offset, second, third, fourth)
    while a < second && b < third && c < fourth && d < target {
      step(&a)
      step(&b)
      step(&c)
      step(&d)
    }
    while a < second { step(&a) }
    while b < third { step(&b) }
    while c < fourth { step(&c) }
    while d < target { step(&d) }
    return a == second && b == third && c == fourth && d == target ? count : nil
  }
}

extension BTF {
  /// A walk over the own types, not those of the base.
  func walk() -> TypeWalk {
    TypeWalk(types: header.types, sizes: sizes, swapped: swapped, file: file)
  }
}

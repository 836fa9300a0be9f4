/// How the groups that a row belongs to become one number of 64 bits, and that becomes groups again.
struct PackedKeys: Sendable {
  /// How the groups of one source stand in a key.
  struct Field: Sendable {
    /// Whether the number in the row itself stands there, plus 1, and 0 for NULL: not that of its group.
    let isRaw: Bool
    let shift: UInt64
    /// The largest number that has room.
    let largest: UInt64
  }

  let fields: [Field]

  /// Finds room for the groups of some sources; `nil` where 64 bits are too few.
  ///
  /// - Parameter sources: The sources.
  init?(_ sources: [GroupSource]) {
    var fields: [Field] = []
    var shift: UInt64 = 0
    for source in sources {
      let bits = source.keyBits
      guard shift + bits <= 64 else { return nil }
      let largest = bits >= 64 ? UInt64.max : (1 << bits) - 1
      fields.append(Field(isRaw: source.isWide, shift: shift, largest: largest))
      shift += bits
    }
    self.fields = fields
  }

  /// What stands for a source in a key.
  func part(_ key: UInt64, _ source: Int) -> UInt64 { key >> fields[source].shift & fields[source].largest }

  /// The key of a number that stands for itself.
  @inline(__always)
  static func raw(_ number: Int64, isNull: Bool) -> UInt64 {
    // What is negative has no room, as it is larger than any.
    isNull ? 0 : number < 0 ? .max : UInt64(number) + 1
  }
}

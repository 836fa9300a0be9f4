/// Finds a small number by the number of a row, which is mostly small as well.
///
/// Small keys are looked up in an array, so that a scan of millions of events spends next to nothing here. A
/// damaged database may have any number: the array grows only as fast as it is filled.
struct RowTable {
  private var small: [UInt32] = []
  private var others = NumberTable()
  private var count = 0

  /// The value of a key, 0 where it has none.
  subscript(key: Int64) -> UInt32 {
    if key >= 0, key < Int64(small.count) {
      let value = small[Int(truncatingIfNeeded: key)]
      if value != 0 { return value }
    }
    return others.count == 0 ? 0 : others[UInt64(bitPattern: key)]
  }

  /// Makes room for the keys up to one, if they are not too many.
  mutating func reserve(_ largest: Int64) {
    let size = Int(min(max(0, largest), 1 << 22)) + 1
    if size > small.count { small.append(contentsOf: repeatElement(0, count: size - small.count)) }
  }

  /// Gives a key that has none its value, which is not 0.
  mutating func set(_ value: UInt32, for key: Int64) {
    count += 1
    if key >= Int64(small.count), key < Int64(count) * 8 + 65_536 {
      let size = max(Int(truncatingIfNeeded: key) + 1, small.count * 2)
      small.append(contentsOf: repeatElement(0, count: size - small.count))
    }
    if key >= 0, key < Int64(small.count) {
      small[Int(truncatingIfNeeded: key)] = value
    } else {
      others.set(value, for: UInt64(bitPattern: key))
    }
  }
}

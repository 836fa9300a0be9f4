/// Finds a small number by a key of 64 bits.
///
/// Keys come from the database, and some of them from the network: which slot one takes depends on a secret, so nobody can
/// choose keys that all take the same.
struct NumberTable {
  /// Slots in which a value is 0 are free.
  private var keys: [UInt64] = []
  private var values: [UInt32] = []
  private(set) var count = 0
  private var shift = 64
  private let multiplier = UInt64.random(in: .min ... .max) | 1

  /// The value of a key, 0 where it has none.
  subscript(key: UInt64) -> UInt32 {
    guard count > 0 else { return 0 }
    return values[slot(key)]
  }

  /// Gives a key its value.
  ///
  /// - Parameters:
  ///   - value: the value, not 0.
  ///   - key: the key.
  mutating func set(_ value: UInt32, for key: UInt64) {
    // At most half full: a search ends soon, and ends.
    if count * 2 >= values.count { grow(to: max(64, values.count * 2)) }
    let slot = slot(key)
    if values[slot] == 0 { count += 1 }
    keys[slot] = key
    values[slot] = value
  }

  /// Makes room for so many keys, which spares growing to it step by step.
  mutating func reserve(_ count: Int) {
    var size = 64
    while size <= count * 2 { size *= 2 }
    if size > values.count { grow(to: size) }
  }

  /// Where a key stands, or would.
  @inline(__always)
  private func slot(_ key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: (key &* multiplier) >> UInt64(shift))
    while values[slot] != 0, keys[slot] != key { slot = (slot &+ 1) & (values.count &- 1) }
    return slot
  }

  private mutating func grow(to size: Int) {
    let old = (keys: keys, values: values)
    keys = [UInt64](repeating: 0, count: size)
    values = [UInt32](repeating: 0, count: size)
    shift = 64 - size.trailingZeroBitCount
    for (key, value) in zip(old.keys, old.values) where value != 0 {
      let slot = slot(key)
      keys[slot] = key
      values[slot] = value
    }
  }
}

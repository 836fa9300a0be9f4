/// Finds a small number by a key of 64 bits.
///
/// Keys come from the database, and some of them from the network: which slot one takes depends on a secret, so nobody can
/// choose keys that all take the same.
struct NumberTable {
  private struct Slot {
    var key: UInt64
    /// 0 where the slot is free.
    var value: UInt32
  }

  private static let free = Slot(key: 0, value: 0)

  private var slots: [Slot] = []
  private(set) var count = 0
  private var shift = 64
  private let multiplier = UInt64.random(in: .min ... .max) | 1

  /// The value of a key, 0 where it has none.
  subscript(key: UInt64) -> UInt32 {
    guard count > 0 else { return 0 }
    return slots[slot(key)].value
  }

  /// Gives a key its value.
  ///
  /// - Parameters:
  ///   - value: the value, not 0.
  ///   - key: the key.
  mutating func set(_ value: UInt32, for key: UInt64) {
    makeRoom(for: 1)
    let slot = slot(key)
    if slots[slot].value == 0 { count += 1 }
    slots[slot] = Slot(key: key, value: value)
  }

  /// Makes room for so many keys, which spares growing to it step by step.
  mutating func reserve(_ count: Int) {
    // At most half full: a search ends soon, and ends.
    var size = max(64, slots.count)
    while size <= count * 2 { size *= 2 }
    if size > slots.count { grow(to: size) }
  }

  /// Makes room for so many more keys.
  mutating func makeRoom(for more: Int) {
    if (count + more) * 2 > slots.count { reserve(count + more) }
  }

  /// Where the search for a key begins.
  @inline(__always)
  private func home(of key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* multiplier) >> UInt64(shift))
  }

  /// Where a key stands, or would.
  @inline(__always)
  private func slot(_ key: UInt64) -> Int {
    var slot = home(of: key)
    while slots[slot].value != 0, slots[slot].key != key { slot = (slot &+ 1) & (slots.count &- 1) }
    return slot
  }

  private mutating func grow(to size: Int) {
    let old = slots
    slots = [Slot](repeating: Self.free, count: size)
    shift = 64 - size.trailingZeroBitCount
    for entry in old where entry.value != 0 { slots[slot(entry.key)] = entry }
  }
}

/// Numbers different hashes of 64 bits from 0 on in the order in which they come.
///
/// The hashes depend on a secret already, so their own bits tell where they stand. A slot has half a hash beside its number: others
/// are told from it without a look elsewhere, and a table of many fits into a cache.
struct HashNumbers {
  /// By number.
  private var hashes: [UInt64] = []
  /// The upper half of a hash, and below it its number plus 1; 0 where the slot is free.
  private var slots: [UInt64] = []

  /// How many there are.
  var count: Int { hashes.count }

  /// Makes room for so many hashes, which spares growing to it step by step.
  mutating func reserve(_ count: Int) {
    hashes.reserveCapacity(count)
    makeRoom(for: count - hashes.count)
  }

  /// Finds the numbers of many hashes.
  ///
  /// - Parameters:
  ///   - wanted: the hashes.
  ///   - numbers: the number of each is added to these.
  mutating func find(_ wanted: [UInt64], _ numbers: inout [UInt32]) {
    makeRoom(for: wanted.count)
    // Neither in place, where each access would be looked after.
    var slots = self.slots
    var hashes = self.hashes
    self.slots = []
    self.hashes = []
    defer {
      self.slots = slots
      self.hashes = hashes
    }
    var table = slots.mutableSpan
    let last = table.count &- 1
    // A table of many thousands is in no near cache. Here all slots are asked for, none waiting for another; then they are there.
    var touched: UInt64 = 0
    for hash in wanted { touched |= table[Int(truncatingIfNeeded: hash) & last] }
    // Always so, as numbers end long before. But the compiler must not leave out the loop.
    guard UInt32(truncatingIfNeeded: touched) != .max else { return }
    for hash in wanted {
      var slot = Int(truncatingIfNeeded: hash) & last
      while true {
        let entry = table[slot]
        if entry == 0 {
          hashes.append(hash)
          table[slot] = Self.entry(hash, hashes.count)
          numbers.append(UInt32(truncatingIfNeeded: hashes.count &- 1))
          break
        }
        let number = UInt32(truncatingIfNeeded: entry) &- 1
        if entry >> 32 == hash >> 32, hashes[Int(number)] == hash {
          numbers.append(number)
          break
        }
        slot = (slot &+ 1) & last
      }
    }
  }

  private static func entry(_ hash: UInt64, _ number: Int) -> UInt64 {
    hash & 0xffff_ffff_0000_0000 | UInt64(UInt32(truncatingIfNeeded: number))
  }

  private mutating func makeRoom(for more: Int) {
    // At most seven eighths full, with all of these: a search ends soon, for it goes on to the next slot, and ends.
    var size = max(64, slots.count)
    while (hashes.count + more) * 8 > size * 7 { size *= 2 }
    guard size > slots.count else { return }
    slots = [UInt64](repeating: 0, count: size)
    for (number, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (size - 1)
      while slots[slot] != 0 { slot = (slot &+ 1) & (size - 1) }
      slots[slot] = Self.entry(hash, number + 1)
    }
  }
}

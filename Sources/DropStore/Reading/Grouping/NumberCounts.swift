/// Counts numbers, whatever they are.
///
/// They come from the database, and some of them from the network: which slot one takes depends on a secret, so nobody
/// can choose numbers that all take the same.
struct NumberCounts {
  private struct Slot {
    var number: Int64
    /// 0 where the slot is free, ``taken`` where the count has been taken out.
    var count: Int64
  }

  private static let free = Slot(number: 0, count: 0)
  private static let taken: Int64 = -1

  private var slots: [Slot] = []
  /// How many different numbers have been counted.
  private(set) var distinct = 0
  private var shift: UInt64 = 64
  private let multiplier = UInt64.random(in: .min ... .max) | 1

  /// Counts some numbers.
  mutating func add(_ numbers: [Int64]) {
    // At most seven eighths full, with all of these: a search ends soon, for it goes on to the next slot, and ends.
    while (distinct + numbers.count) * 8 > slots.count * 7 { grow() }
    // A table of millions is in no cache. Here all slots are asked for, none waiting for another; then they are there.
    var touched: Int64 = 0
    for number in numbers { touched |= slots[home(of: number)].count }
    // Always so: what has been taken out is not added to. But the compiler must not leave out the loop.
    guard touched >= 0 else { return }
    for number in numbers {
      let slot = slot(of: number)
      if slots[slot].count == 0 {
        slots[slot].number = number
        distinct += 1
      }
      slots[slot].count &+= 1
    }
  }

  /// Takes out the count of a number.
  mutating func take(_ number: Int64) -> Int64 {
    guard distinct > 0 else { return 0 }
    let slot = slot(of: number)
    guard slots[slot].count > 0 else { return 0 }
    let count = slots[slot].count
    slots[slot].count = Self.taken
    return count
  }

  /// Hands over all numbers whose counts have not been taken out.
  func forEach<Failure: Error>(_ body: (_ number: Int64, _ count: Int64) throws(Failure) -> Void)
    throws(Failure)
  {
    for slot in slots where slot.count > 0 { try body(slot.number, slot.count) }
  }

  /// Where the search for a number begins.
  @inline(__always)
  private func home(of number: Int64) -> Int {
    Int(truncatingIfNeeded: (UInt64(bitPattern: number) &* multiplier) &>> shift)
  }

  /// Where a number stands, or would.
  @inline(__always)
  private func slot(of number: Int64) -> Int {
    var slot = home(of: number)
    while slots[slot].count != 0, slots[slot].number != number { slot = (slot &+ 1) & (slots.count &- 1) }
    return slot
  }

  private mutating func grow() {
    let old = slots
    let size = max(4096, old.count * 2)
    slots = [Slot](repeating: Self.free, count: size)
    shift = UInt64(64 - size.trailingZeroBitCount)
    // Slots are in the order of the highest bits, so the new ones are filled nearly from the first to the last.
    for entry in old where entry.count != 0 { slots[slot(of: entry.number)] = entry }
  }
}

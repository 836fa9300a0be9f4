/// Numbers the different pairs of small numbers from 0 on in the order in which they come.
///
/// Longer tuples are pairs of a pair's number and the next number. A pair is one word, so it is told from others at once; and which
/// slot one takes depends on a secret, so nobody can choose pairs that all take the same.
struct PairTable {
  private struct Slot {
    var pair: UInt64
    /// The number of the pair plus 1; 0 where the slot is free.
    var number: UInt32
  }

  private static let free = Slot(pair: 0, number: 0)

  /// The pairs by their numbers, the first of each in the upper half.
  private(set) var pairs: [UInt64] = []
  private var slots: [Slot] = []
  private var shift: UInt64 = 64
  private let multiplier = UInt64.random(in: .min ... .max) | 1
  private var wanted: [UInt64] = []

  /// The number of a pair, a new one if it has not come before.
  mutating func number(of first: UInt32, _ second: UInt32) -> UInt32 {
    makeRoom(for: 1)
    return number(of: Self.pair(first, second))
  }

  /// The numbers of many pairs.
  ///
  /// - Parameters:
  ///   - firsts: the first of each pair; becomes the number of the pair.
  ///   - seconds: where the second of each pair stands, among others.
  ///   - rows: for each pair its row in `seconds`.
  ///   - width: how many numbers a row has there.
  ///   - column: which of them is meant.
  mutating func number(
    _ firsts: inout [UInt32], with seconds: [UInt32], rows: [Int], width: Int, column: Int
  ) {
    makeRoom(for: rows.count)
    wanted.removeAll(keepingCapacity: true)
    // A table of millions is in no cache. Here all slots are asked for, none waiting for another; then they are there.
    var touched: UInt32 = 0
    for (place, row) in rows.enumerated() {
      let pair = Self.pair(firsts[place], seconds[row &* width &+ column])
      wanted.append(pair)
      touched |= slots[home(of: pair)].number
    }
    // Always so, as numbers end long before. But the compiler must not leave out the loop.
    guard touched != .max else { return }
    for place in wanted.indices { firsts[place] = number(of: wanted[place]) }
  }

  @inline(__always)
  private mutating func number(of pair: UInt64) -> UInt32 {
    var slot = home(of: pair)
    while slots[slot].number != 0 {
      if slots[slot].pair == pair { return slots[slot].number &- 1 }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    pairs.append(pair)
    slots[slot] = Slot(pair: pair, number: UInt32(truncatingIfNeeded: pairs.count))
    return UInt32(truncatingIfNeeded: pairs.count &- 1)
  }

  @inline(__always)
  private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 {
    UInt64(first) << 32 | UInt64(second)
  }

  /// Where the search for a pair begins.
  @inline(__always)
  private func home(of pair: UInt64) -> Int { Int(truncatingIfNeeded: (pair &* multiplier) &>> shift) }

  private mutating func makeRoom(for count: Int) {
    // At most three quarters full, with all of these: a search ends soon, for it goes on to the next slot, and ends.
    while (pairs.count + count) * 4 > slots.count * 3 {
      let size = max(64, slots.count * 2)
      slots = [Slot](repeating: Self.free, count: size)
      shift = UInt64(64 - size.trailingZeroBitCount)
      for (number, pair) in pairs.enumerated() {
        var slot = home(of: pair)
        while slots[slot].number != 0 { slot = (slot &+ 1) & (slots.count &- 1) }
        slots[slot] = Slot(pair: pair, number: UInt32(truncatingIfNeeded: number + 1))
      }
    }
  }
}

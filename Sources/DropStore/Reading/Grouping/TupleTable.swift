/// Numbers the different tuples of small numbers from 0 on in the order in which they come.
struct TupleTable {
  /// How many numbers a tuple has.
  let width: Int
  /// The tuples one after the other.
  private(set) var elements: [UInt32] = []
  private(set) var count = 0
  /// The number of a tuple plus 1; 0 in free slots.
  private var slots: [UInt32] = []
  /// Which slot a tuple takes is a secret: nobody can choose tuples that all take the same.
  private let seed = UInt64.random(in: .min ... .max)
  private let multiplier = UInt64.random(in: .min ... .max) | 1

  init(width: Int) {
    self.width = width
  }

  /// The number of a tuple, a new one if it has not come before.
  mutating func number(of tuple: [UInt32]) -> UInt32 { number(of: tuple, from: 0) }

  /// The number of the tuple that begins at a place of many.
  mutating func number(of tuples: [UInt32], from start: Int) -> UInt32 {
    // At most half full: a search ends soon, and ends.
    if count * 2 >= slots.count { grow() }
    var slot = slot(of: tuples, from: start)
    while slots[slot] != 0 {
      let number = Int(slots[slot] - 1)
      if equals(number, tuples, start) { return UInt32(truncatingIfNeeded: number) }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    elements.append(contentsOf: tuples[start..<start + width])
    count += 1
    slots[slot] = UInt32(truncatingIfNeeded: count)
    return UInt32(truncatingIfNeeded: count - 1)
  }

  private func equals(_ number: Int, _ tuples: [UInt32], _ from: Int) -> Bool {
    let start = number * width
    for index in 0..<width where elements[start + index] != tuples[from + index] { return false }
    return true
  }

  private func slot(of numbers: [UInt32], from start: Int) -> Int {
    var hash = seed
    for index in start..<start + width {
      hash = (hash ^ UInt64(numbers[index])) &* multiplier
      hash ^= hash >> 32
    }
    return Int(truncatingIfNeeded: hash) & (slots.count &- 1)
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: max(64, slots.count * 2))
    for number in 0..<count {
      var slot = slot(of: elements, from: number * width)
      while slots[slot] != 0 { slot = (slot &+ 1) & (slots.count &- 1) }
      slots[slot] = UInt32(truncatingIfNeeded: number + 1)
    }
  }
}

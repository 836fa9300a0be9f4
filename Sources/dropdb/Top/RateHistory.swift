import DropStore

/// How many drops each of many keys had in each of the latest slots of time.
struct RateHistory {
  /// Keys that no slot has any more are forgotten when there are so many more than those that one has.
  private static let slack = 1000

  /// How many slots are kept.
  let count: Int
  /// The number of the newest slot.
  private(set) var last: Int64
  private var keys: [[SQLValue]] = []
  private var numbers: [[SQLValue]: Int] = [:]
  /// The packets by number of key; the oldest slot first.
  private var slots: [[Int: Int64]]

  /// A history of nothing, which ends with a slot.
  init(count: Int, last: Int64) {
    self.count = max(1, count)
    self.last = last
    slots = Array(repeating: [:], count: self.count)
  }

  /// The number of the oldest slot.
  var first: Int64 { last - Int64(count) + 1 }

  /// Goes on to a slot; those that have become too old are forgotten.
  ///
  /// When the clock was set back it begins anew.
  mutating func advance(to slot: Int64) {
    guard slot != last else { return }
    if slot < last || slot - last >= Int64(count) {
      slots = Array(repeating: [:], count: count)
    } else {
      let step = Int(slot - last)
      slots.removeFirst(step)
      slots += Array(repeating: [:], count: step)
    }
    last = slot
    forgetUnused()
  }

  /// Adds packets to a slot, if it is kept.
  mutating func add(_ packets: Int64, to key: [SQLValue], in slot: Int64) {
    guard packets > 0, slot >= first, slot <= last else { return }
    let number = number(of: key)
    let (sum, overflow) = slots[Int(slot - first)][number, default: 0].addingReportingOverflow(packets)
    slots[Int(slot - first)][number] = overflow ? .max : sum
  }

  /// Makes the packets of a slot those given.
  mutating func replace(_ slot: Int64, with counts: [(key: [SQLValue], packets: Int64)]) {
    guard slot >= first, slot <= last else { return }
    slots[Int(slot - first)] = [:]
    for (key, packets) in counts { add(packets, to: key, in: slot) }
  }

  /// The packets of each group in each slot, the oldest first.
  ///
  /// - Parameter group: The group of a key.
  /// - Returns: As many counts for each group as slots are kept.
  func series(groupedBy group: ([SQLValue]) -> [SQLValue]) -> [[SQLValue]: [Int64]] {
    var places: [Int: Int] = [:]
    var groups: [[SQLValue]: Int] = [:]
    var all: [(key: [SQLValue], series: [Int64])] = []
    for (index, slot) in slots.enumerated() {
      for (number, packets) in slot {
        let place: Int
        if let known = places[number] {
          place = known
        } else {
          let key = group(keys[number])
          place = groups[key] ?? all.count
          if place == all.count {
            groups[key] = place
            all.append((key, Array(repeating: 0, count: count)))
          }
          places[number] = place
        }
        let (sum, overflow) = all[place].series[index].addingReportingOverflow(packets)
        all[place].series[index] = overflow ? .max : sum
      }
    }
    return Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0.series) })
  }

  private mutating func number(of key: [SQLValue]) -> Int {
    if let number = numbers[key] { return number }
    numbers[key] = keys.count
    keys.append(key)
    return keys.count - 1
  }

  private mutating func forgetUnused() {
    let used = slots.reduce(into: Set<Int>()) { $0.formUnion($1.keys) }
    guard keys.count > used.count + Self.slack else { return }
    let old = (keys, slots)
    (keys, numbers) = ([], [:])
    for index in slots.indices {
      slots[index] = [:]
      for (number, packets) in old.1[index] { slots[index][self.number(of: old.0[number])] = packets }
    }
  }
}

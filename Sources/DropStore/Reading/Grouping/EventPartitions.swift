/// Counts many events of millions of groups: first parts them by their keys, then counts part by part.
///
/// A table of millions of groups is in no cache, and each event waits for its place in it. The groups of one part fit
/// into a cache. Which part and place a key takes depends on a secret, so nobody can choose keys that all take the same.
struct EventPartitions {
  /// Of no more groups than these, a table of all is as fast, and takes less memory.
  static let fewGroups = 1 << 18
  private static let partBits: UInt64 = 10
  private static let parts = 1 << Int(partBits)
  private static let blockSize = 1 << 16

  /// Events sorted by part, within a part in their order.
  private struct Block {
    var keys: [UInt64]
    var times: [Int64]
    /// Where each part begins, and behind the last where it ends.
    var starts: [UInt32]
  }

  /// A group, as far as it is known.
  struct Group {
    var key: UInt64
    /// 0 where there is none.
    var packets: Int64
    var first: Int64
    var last: Int64
  }

  private static let none = Group(key: 0, packets: 0, first: 0, last: 0)

  private let multiplier = UInt64.random(in: .min ... .max) | 1
  private var blocks: [Block] = []
  private var keys: [UInt64] = []
  private var times: [Int64] = []
  /// By part, what had been counted before.
  private var counted = [[Group]](repeating: [], count: parts)

  init() {
    keys.reserveCapacity(2 * Self.blockSize)
    times.reserveCapacity(2 * Self.blockSize)
  }

  /// Adds a group that has been counted already, before any event of it is added.
  mutating func add(_ group: Group) { counted[part(group.key)].append(group) }

  /// Adds events, in their order.
  mutating func add(_ keys: [UInt64], _ times: [Int64]) {
    self.keys += keys
    self.times += times
    if self.keys.count >= Self.blockSize { close() }
  }

  @inline(__always)
  private func part(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* multiplier) &>> (64 &- Self.partBits))
  }

  /// Sorts what was added last into a block.
  private mutating func close() {
    guard !keys.isEmpty else { return }
    var starts = [UInt32](repeating: 0, count: Self.parts + 1)
    for key in keys { starts[part(key) + 1] += 1 }
    for part in 0..<Self.parts { starts[part + 1] += starts[part] }
    var next = starts
    var block = Block(
      keys: [UInt64](repeating: 0, count: keys.count), times: [Int64](repeating: 0, count: keys.count),
      starts: starts)
    for index in keys.indices {
      let part = part(keys[index])
      let place = Int(next[part])
      next[part] &+= 1
      block.keys[place] = keys[index]
      block.times[place] = times[index]
    }
    blocks.append(block)
    keys.removeAll(keepingCapacity: true)
    times.removeAll(keepingCapacity: true)
  }

  /// Counts.
  ///
  /// - Parameters:
  ///   - interrupter: What ends it.
  ///   - largest: How many of the largest groups are wanted, with all that are as large as the last of them; all where this is `nil`.
  /// - Returns: The groups in no order, how many there are in all, and how many events they have.
  /// - Throws: When the reader is interrupted.
  mutating func count(
    _ interrupter: Interrupter, largest: Int?
  ) throws(StoreError) -> (groups: [Group], distinct: Int, packets: Int64) {
    close()
    var slots = [Group](repeating: Self.none, count: 1024)
    var found: [Group] = []
    var distinct = 0
    var packets: Int64 = 0
    var kept = LargestCounts(largest)
    var room = 1 << 16
    for part in 0..<Self.parts {
      try interrupter.check()
      var count = 0
      for group in counted[part] { add(group, &slots, &count) }
      for block in blocks {
        for index in Int(block.starts[part])..<Int(block.starts[part + 1]) {
          let time = block.times[index]
          add(Group(key: block.keys[index], packets: 1, first: time, last: time), &slots, &count)
        }
      }
      distinct += count
      for index in slots.indices where slots[index].packets != 0 {
        let group = slots[index]
        slots[index].packets = 0
        packets &+= group.packets
        guard group.packets >= kept.least else { continue }
        kept.add(group.packets)
        found.append(group)
      }
      // Some were among the largest only as long as there were no larger ones.
      if largest != nil, found.count > room {
        found.removeAll { $0.packets < kept.least }
        room = max(room, found.count * 2)
      }
    }
    if largest != nil { found.removeAll { $0.packets < kept.least } }
    return (found, distinct, packets)
  }

  @inline(__always)
  private func add(_ group: Group, _ slots: inout [Group], _ count: inout Int) {
    var slot = home(of: group.key, slots.count)
    while slots[slot].packets != 0 {
      if slots[slot].key == group.key {
        slots[slot].packets &+= group.packets
        slots[slot].last = group.last
        return
      }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    slots[slot] = group
    count &+= 1
    if count &* 2 > slots.count { grow(&slots) }
  }

  /// Where the search for a key begins: the bits behind those that tell its part.
  @inline(__always)
  private func home(of key: UInt64, _ size: Int) -> Int {
    let bits = UInt64(truncatingIfNeeded: size.trailingZeroBitCount)
    return Int(truncatingIfNeeded: ((key &* multiplier) &<< Self.partBits) &>> (64 &- bits))
  }

  private func grow(_ slots: inout [Group]) {
    let old = slots
    slots = [Group](repeating: Self.none, count: old.count * 4)
    for group in old where group.packets != 0 {
      var slot = home(of: group.key, slots.count)
      while slots[slot].packets != 0 { slot = (slot &+ 1) & (slots.count &- 1) }
      slots[slot] = group
    }
  }
}

/// Some of the largest counts that came.
private struct LargestCounts {
  private let most: Int
  private var largest: [Int64] = []
  /// What a count must at least be to be among them.
  private(set) var least: Int64 = 1

  init(_ most: Int?) {
    // To keep more in order would take longer than to keep all.
    self.most = most.map { $0 <= 1024 ? max(1, $0) : .max } ?? .max
  }

  mutating func add(_ count: Int64) {
    guard most != .max, largest.count < most || count > least else { return }
    largest.insert(count, at: largest.firstIndex { $0 < count } ?? largest.count)
    if largest.count > most { largest.removeLast() }
    if largest.count == most { least = largest[most - 1] }
  }
}

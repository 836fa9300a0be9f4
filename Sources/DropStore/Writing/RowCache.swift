/// Remembers rows of a dictionary table by the ``KeyHash`` of what they stand for.
///
/// A hash is as good as the whole key here (``KeyHash`` says why), and takes a fifth of the memory. Bounded: each hash has a few
/// places, and when they are full, the one that was used longest ago is forgotten. So a scan that brings thousands of rows
/// which never come again does not push out those that do. What is forgotten costs a look-up through the table's index.
struct RowCache<Value: BitwiseCopyable> {
  private struct Entry: BitwiseCopyable {
    /// 0 for a place that is free.
    var hash: UInt64
    var value: Value
  }

  /// So many places has each hash; two lines of the processor's cache where a value is a row's number.
  private static var ways: Int { 8 }
  /// Sets of places to begin with.
  private static var leastSets: Int { 1 << 7 }

  private let limit: Int
  private let ways: Int
  private let nothing: Value
  /// The places of each set stand together, the one used last first.
  private var entries: [Entry]
  /// How far to shift a hash for its set.
  private var shift: UInt64
  private var count = 0

  /// A cache of at most so many rows, rounded up to a power of two.
  ///
  /// - Parameters:
  ///   - limit: how many.
  ///   - nothing: what to fill free places with.
  init(limit: Int, nothing: Value) {
    ways = min(Self.ways, max(1, limit))
    self.limit = limit
    self.nothing = nothing
    var sets = 1
    while sets < Self.leastSets && sets * ways < limit { sets *= 2 }
    shift = Self.shift(sets: sets)
    entries = Array(repeating: Entry(hash: 0, value: nothing), count: sets * ways)
  }

  /// The row with a hash, if it is remembered.
  subscript(hash: UInt64) -> Value? {
    mutating get {
      let first = place(of: hash)
      let hash = max(1, hash)
      for index in first..<first + ways where entries[index].hash == hash {
        let entry = entries[index]
        if index != first { move(entry, to: first, from: index) }
        return entry.value
      }
      return nil
    }
  }

  /// Remembers a row that is not remembered.
  mutating func insert(_ value: Value, for hash: UInt64) {
    // Grown early: a set that is full by chance forgets.
    if count >= entries.count / 2, entries.count < limit { grow() }
    let first = place(of: hash)
    let last = first + ways - 1
    if entries[last].hash == 0 { count += 1 }
    move(Entry(hash: max(1, hash), value: value), to: first, from: last)
  }

  mutating func removeAll() {
    for index in entries.indices { entries[index].hash = 0 }
    count = 0
  }

  /// Forgets the rows that something is true of.
  mutating func removeAll(where isGoing: (Value) -> Bool) {
    for first in stride(from: 0, to: entries.count, by: ways) {
      var next = first
      for index in first..<first + ways {
        let entry = entries[index]
        guard entry.hash != 0, !isGoing(entry.value) else { continue }
        entries[next] = entry
        next += 1
      }
      for index in next..<first + ways where entries[index].hash != 0 { entries[index].hash = 0 }
    }
    count = entries.count { $0.hash != 0 }
  }

  /// Puts an entry first, and those before its old place behind it.
  private mutating func move(_ entry: Entry, to first: Int, from index: Int) {
    var index = index
    while index > first {
      entries[index] = entries[index - 1]
      index -= 1
    }
    entries[first] = entry
  }

  /// Where the set of a hash begins.
  ///
  /// Keys that count up have hashes at equal distances, which by chance fall into few sets. Folding the upper half into the
  /// lower, and multiplying that up, spreads them whatever the distance is.
  private func place(of hash: UInt64) -> Int {
    let mixed = (hash ^ (hash >> 32)) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: (mixed >> 1) >> shift) &* ways
  }

  private mutating func grow() {
    let old = entries
    let sets = old.count / ways * 2
    entries = Array(repeating: Entry(hash: 0, value: nothing), count: sets * ways)
    shift = Self.shift(sets: sets)
    count = 0
    // The ones used last come last, so that they are first again.
    for entry in old.reversed() where entry.hash != 0 { insert(entry.value, for: entry.hash) }
  }

  /// The highest bits tell the set; of one set alone, none.
  private static func shift(sets: Int) -> UInt64 { UInt64(63 - sets.trailingZeroBitCount) }
}

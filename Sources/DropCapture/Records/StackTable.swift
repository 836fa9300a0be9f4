internal import DropEvents

/// Gives each different stack a number, once; bounded, so that an old stack may be numbered anew.
struct StackTable {
  /// A stack known under a number.
  struct Entry {
    let id: StackID
    /// What its functions say about the CPU.
    let context: ExecutionContext
    fileprivate let start: Int
    fileprivate let count: Int
  }

  /// Kernels see some thousand different stacks a day; this many cost 8 MiB at most.
  private static let capacity = 16384

  /// A number comes again after this many new stacks, with its new meaning.
  ///
  /// They are more than the table and a batch hold, so no batch has two meanings of one number; and whoever stores
  /// stacks needs to remember no more than these.
  private static let numbers: UInt32 = 65536

  private var entries: [UInt64: Entry] = [:]
  private var frames: [UInt64] = []
  private var nextID: UInt32 = 0

  init() {
    entries.reserveCapacity(Self.capacity)
  }

  /// The entry of a stack that has been seen.
  func entry(of stack: Span<UInt64>) -> Entry? {
    guard let entry = entries[Self.hash(stack)], matches(entry, stack) else { return nil }
    return entry
  }

  /// Numbers a stack that has not been seen.
  mutating func insert(_ stack: Span<UInt64>, context: ExecutionContext) -> Entry {
    if entries.count == Self.capacity { forget() }
    let entry = Entry(
      id: StackID(nextID), context: context, start: frames.count, count: stack.count)
    nextID = (nextID + 1) % Self.numbers
    for index in stack.indices { frames.append(stack[index]) }
    // Of two stacks with one hash the newer is kept: the other is numbered anew each time, and still right.
    entries[Self.hash(stack)] = entry
    return entry
  }

  /// Numbers all stacks anew that come from now on.
  mutating func forget() {
    entries.removeAll(keepingCapacity: true)
    frames.removeAll(keepingCapacity: true)
  }

  private func matches(_ entry: Entry, _ stack: Span<UInt64>) -> Bool {
    guard entry.count == stack.count else { return false }
    for index in 0..<entry.count where frames[entry.start + index] != stack[index] { return false }
    return true
  }

  /// FNV-1a over words instead of bytes, with the high bits folded in: addresses differ in their low ones.
  private static func hash(_ stack: Span<UInt64>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in stack.indices {
      hash = (hash ^ stack[index]) &* 0x0000_0100_0000_01b3
      hash ^= hash >> 29
    }
    return hash
  }
}

internal import DropStore

/// Recorded drops by stack, with the reasons of each.
struct StackSums {
  private var sums: [Int64: (packets: Int64, reasons: [String: Int64])] = [:]
  /// All drops that have a stack.
  private(set) var total: Int64 = 0

  var distinct: Int { sums.count }

  mutating func add(_ packets: Int64, reason: Cell, stack: Int64) {
    let name = reason == .null ? "unknown" : reason.plainText
    // Events are counted one by one, so there are not so many that a sum could overflow.
    total &+= packets
    sums[stack, default: (0, [:])].packets &+= packets
    sums[stack, default: (0, [:])].reasons[name, default: 0] &+= packets
  }

  /// The most frequent with their frames.
  func top(
    _ most: Int, _ frames: inout StackFrames, _ reader: borrowing DropReader
  ) throws(ReportError) -> [StackCount] {
    var top: [StackCount] = []
    for (id, sum) in sums.sorted(by: { ($1.value.packets, $0.key) < ($0.value.packets, $1.key) }).prefix(most)
    {
      let found = try frames.frames(of: id, reader)
      let reasons = sum.reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
      top.append(StackCount(id: id, frames: found, packets: sum.packets, reasons: reasons))
    }
    return top
  }
}

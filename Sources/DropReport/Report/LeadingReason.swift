/// One of the reasons that a reader of a report should look at first.
struct LeadingReason: Sendable {
  /// Which share of a reason's drops one place has.
  struct Share: Sendable {
    /// One value for each column.
    let key: [Cell]
    let packets: Int64
    /// Of how many.
    let total: Int64

    var share: Double { total == 0 ? 0 : Double(packets) / Double(total) }
  }

  /// The stack by which most of its recorded drops came.
  struct Stack: Sendable {
    let frames: [String]
    let packets: Int64
    /// How many of the reason's recorded drops have a stack.
    let total: Int64

    var share: Double { total == 0 ? 0 : Double(packets) / Double(total) }
  }

  let reason: Cell
  let subsystem: Cell
  /// Packets in the range, exact.
  let packets: Int64
  /// What changed against the baseline, if it did.
  let change: Changes.Entry?
  let explanation: Explanation?
  /// Counted, by location.
  let location: Share?
  /// Counted, by interface and namespace.
  let interface: Share?
  let stack: Stack?
}

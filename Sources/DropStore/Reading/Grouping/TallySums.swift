/// What tallies add up to; exact.
public struct TallySums: Hashable, Sendable {
  /// Drops.
  public internal(set) var packets: Int64 = 0
  /// Their bytes.
  public internal(set) var bytes: Int64 = 0
  /// How many of the packets are or were recorded as events.
  public internal(set) var recorded: Int64 = 0

  /// Nothing.
  public init() {}

  /// Sums of drops whose bytes are not asked for.
  package init(packets: Int64, recorded: Int64) {
    self.packets = packets
    self.recorded = recorded
  }

  /// Adds other sums.
  ///
  /// - Returns: whether all are counts still: none is negative or too large.
  mutating func add(_ other: TallySums) -> Bool {
    Self.add(other.packets, to: &packets) && Self.add(other.bytes, to: &bytes)
      && Self.add(other.recorded, to: &recorded)
  }

  private static func add(_ count: Int64, to sum: inout Int64) -> Bool {
    let (result, overflow) = sum.addingReportingOverflow(count)
    sum = result
    return count >= 0 && !overflow
  }
}

/// Adds up packets by a key, and refuses sums that no honest database can reach.
struct Counter<Key: Hashable> {
  private(set) var counts: [Key: Int64] = [:]
  private(set) var total: Int64 = 0

  mutating func add(_ packets: Int64, to key: Key) throws(ReportError) {
    total = try Self.sum(total, packets)
    // No key has more than the total, so this cannot overflow where that did not.
    counts[key, default: 0] += packets
  }

  /// The sum of two counts.
  ///
  /// - Throws: ``ReportError/Code/unexpectedValue`` if it is no count: negative, or too large.
  static func sum(_ left: Int64, _ right: Int64) throws(ReportError) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    guard right >= 0, !overflow else {
      throw ReportError(
        .unexpectedValue, "the database holds a count of \(right), which cannot be; it may be damaged")
    }
    return sum
  }
}

extension Counter: Sendable where Key: Sendable {}

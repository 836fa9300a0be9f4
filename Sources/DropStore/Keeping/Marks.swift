/// Which rows of a dictionary are in use, of a window of row numbers: a bit each.
struct Marks {
  /// As many bits at most: 1 MB.
  private static let limit: Int64 = 1 << 23

  /// The numbers it is about.
  let window: ClosedRange<Int64>
  private var words: [UInt64]

  /// No marks yet, from a row number up to another, or to as many as there may be.
  init(from first: Int64, to last: Int64) {
    let (end, overflow) = first.addingReportingOverflow(Self.limit - 1)
    window = first...max(first, overflow ? last : min(last, end))
    words = []
    words = [UInt64](repeating: 0, count: Int((window.upperBound &- window.lowerBound) >> 6) + 1)
  }

  mutating func insert(_ row: Int64) {
    guard window.contains(row) else { return }
    let bit = row &- window.lowerBound
    words[Int(bit >> 6)] |= 1 << UInt64(bit & 63)
  }

  /// How many rows are marked.
  ///
  /// - Complexity: O(*n*) in the numbers of the window, 64 at a time.
  var count: Int64 { words.reduce(0) { $0 + Int64($1.nonzeroBitCount) } }

  func contains(_ row: Int64) -> Bool {
    guard window.contains(row) else { return true }
    let bit = row &- window.lowerBound
    return words[Int(bit >> 6)] & (1 << UInt64(bit & 63)) != 0
  }
}

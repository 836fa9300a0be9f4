/// Counts by a number: small ones in an array, which a scan of millions of events hardly notices.
///
/// A damaged database may have any number: large ones are counted apart, so that the array stays small.
struct RowCounts {
  /// The largest array there is, of 32 MiB.
  private static let largest: Int64 = 1 << 22

  private var small: [Int64]
  private var others = NumberCounts()
  private var large: [Int64] = []
  /// How often there was NULL.
  private(set) var nulls: Int64 = 0

  /// Counts of none.
  ///
  /// - Parameter size: the largest number that is to be expected.
  init(size: Int64) {
    small = [Int64](repeating: 0, count: Int(min(max(0, size), Self.largest)) + 1)
  }

  /// Counts the numbers in the first column of the first rows.
  mutating func add(_ rows: borrowing ColumnRows, _ count: Int) {
    large.removeAll(keepingCapacity: true)
    for row in 0..<count {
      let number = rows[row, 0]
      if number == 0, rows.isNull(row, 0) {
        nulls += 1
      } else if number >= 0, number < Int64(small.count) {
        small[Int(truncatingIfNeeded: number)] &+= 1
      } else {
        large.append(number)
      }
    }
    if !large.isEmpty { others.add(large) }
  }

  /// How many different numbers have been counted.
  var distinct: Int { small.reduce(0) { $0 + ($1 == 0 ? 0 : 1) } + others.distinct }

  /// Takes out the count of a number.
  mutating func take(_ number: Int64) -> Int64 {
    guard number >= 0, number < Int64(small.count) else { return others.take(number) }
    var count: Int64 = 0
    swap(&count, &small[Int(truncatingIfNeeded: number)])
    return count
  }

  /// Hands over all numbers whose counts have not been taken out, and how often there was NULL.
  func forEach<Failure: Error>(
    _ body: (_ number: Int64?, _ count: Int64) throws(Failure) -> Void
  ) throws(Failure) {
    for (number, count) in small.enumerated() where count > 0 { try body(Int64(number), count) }
    try others.forEach { (number, count) throws(Failure) in try body(number, count) }
    if nulls > 0 { try body(nil, nulls) }
  }
}

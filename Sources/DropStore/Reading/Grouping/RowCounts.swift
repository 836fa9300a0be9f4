/// Counts by the number of a row: in an array, which a scan of millions of events hardly notices.
///
/// A damaged database may have any number: those far beyond the others are counted apart, so that the array stays small.
struct RowCounts {
  private var small: [Int64]
  private var places = NumberTable()
  private var others: [(row: Int64, count: Int64)] = []

  /// Counts of none.
  ///
  /// - Parameter size: the largest number that is to be expected.
  init(size: Int64) {
    small = [Int64](repeating: 0, count: Int(min(max(0, size), 1 << 20)) + 1)
  }

  /// Counts one.
  @inline(__always)
  mutating func add(_ row: Int64) {
    if row >= 0, row < Int64(small.count) {
      small[Int(truncatingIfNeeded: row)] &+= 1
    } else {
      addOther(row)
    }
  }

  /// How many different numbers have been counted.
  var distinct: Int { small.reduce(0) { $0 + ($1 == 0 ? 0 : 1) } + others.count }

  /// Takes out the count of a number.
  mutating func take(_ row: Int64) -> Int64 {
    var count: Int64 = 0
    if row >= 0, row < Int64(small.count) { swap(&count, &small[Int(truncatingIfNeeded: row)]) }
    let place = others.isEmpty ? 0 : places[UInt64(bitPattern: row)]
    if place != 0 {
      count += others[Int(place - 1)].count
      others[Int(place - 1)].count = 0
    }
    return count
  }

  /// The numbers whose counts have not been taken out, those in the array in order.
  var rest: [Int64] {
    small.indices.filter { small[$0] > 0 }.map { Int64($0) } + others.filter { $0.count > 0 }.map(\.row)
  }

  private mutating func addOther(_ row: Int64) {
    // What has been counted apart stays there; take adds up both.
    if row >= 0, row < Int64(small.count) * 2 + Int64(others.count) * 8 {
      let size = max(Int(truncatingIfNeeded: row) + 1, small.count * 2)
      small.append(contentsOf: repeatElement(0, count: size - small.count))
      small[Int(truncatingIfNeeded: row)] += 1
      return
    }
    let place = places[UInt64(bitPattern: row)]
    if place != 0 {
      others[Int(place - 1)].count += 1
    } else {
      others.append((row, 1))
      places.set(UInt32(truncatingIfNeeded: others.count), for: UInt64(bitPattern: row))
    }
  }
}

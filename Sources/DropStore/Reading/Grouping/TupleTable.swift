/// Numbers the different tuples of small numbers from 0 on in the order in which they come.
struct TupleTable {
  /// One for each place of a tuple: by the number of what stands before it and the number there, their number plus 1.
  private var places: [NumberTable]
  /// The tuples one after the other.
  private(set) var elements: [UInt32] = []
  private(set) var count = 0

  /// How many numbers a tuple has.
  var width: Int { places.count }

  init(width: Int) {
    places = (0..<width).map { _ in NumberTable() }
  }

  /// The number of a tuple, a new one if it has not come before.
  mutating func number(of tuple: [UInt32]) -> UInt32 {
    var number: UInt32 = 0
    var isNew = count == 0
    for place in places.indices {
      let key = UInt64(number) << 32 | UInt64(tuple[place])
      let known = places[place][key]
      isNew = known == 0
      if isNew {
        number = UInt32(truncatingIfNeeded: places[place].count)
        places[place].set(number + 1, for: key)
      } else {
        number = known - 1
      }
    }
    if isNew {
      elements.append(contentsOf: tuple)
      count += 1
    }
    return number
  }
}

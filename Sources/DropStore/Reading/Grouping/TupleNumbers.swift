/// Numbers the different tuples of small numbers from 0 on in the order in which they come, many at a time.
struct TupleNumbers {
  /// How many numbers a tuple has.
  let width: Int
  /// By the place of each number from the second on: what comes before it, and it.
  private var tables: [PairTable]
  /// The numbers of the tuples that were asked for last.
  private(set) var numbers: [UInt32] = []

  init(width: Int) {
    self.width = width
    tables = (1..<max(1, width)).map { _ in PairTable() }
  }

  /// The number of a tuple; a tuple of one number has that number.
  mutating func number(of tuple: [UInt32]) -> UInt32 {
    guard var number = tuple.first else { return 0 }
    for index in tables.indices { number = tables[index].number(of: number, tuple[index + 1]) }
    return number
  }

  /// Finds ``numbers`` of many tuples.
  ///
  /// - Parameters:
  ///   - rows: which tuples.
  ///   - tuples: all tuples, one after the other.
  mutating func find(_ rows: [Int], of tuples: [UInt32]) {
    numbers.removeAll(keepingCapacity: true)
    for row in rows { numbers.append(width == 0 ? 0 : tuples[row &* width]) }
    for index in tables.indices {
      tables[index].number(&numbers, with: tuples, rows: rows, width: width, column: index + 1)
    }
  }

  /// The tuples by their numbers, one after the other; none where a tuple has fewer than two numbers.
  var elements: [UInt32] {
    guard let last = tables.last else { return [] }
    var elements = [UInt32](repeating: 0, count: last.pairs.count * width)
    for number in last.pairs.indices {
      var number = number
      let start = number * width
      for index in tables.indices.reversed() {
        let pair = tables[index].pairs[number]
        elements[start + index + 1] = UInt32(truncatingIfNeeded: pair)
        number = Int(pair >> 32)
        if index == 0 { elements[start] = UInt32(truncatingIfNeeded: pair >> 32) }
      }
    }
    return elements
  }
}

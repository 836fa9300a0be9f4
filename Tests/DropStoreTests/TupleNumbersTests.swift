import Testing

@testable import DropStore

@Suite struct TupleNumbersTests {
  @Test(arguments: [0, 1, 2, 3, 5]) func `numbers are those of a dictionary`(width: Int) {
    var generator = SeededGenerator(state: UInt64(width) + 7)
    var tuples = TupleNumbers(width: width)
    var expected: [[UInt32]: UInt32] = [:]
    for round in 0..<4 {
      let rows = 3000
      let all = (0..<rows * width).map { index -> UInt32 in
        // The last place has few numbers in one round, and any in the next.
        round % 2 == 0 || index % max(1, width) == 0
          ? .random(in: 0...9, using: &generator)
          : [0, .max, .random(in: .min ... .max, using: &generator)].randomElement(using: &generator) ?? 0
      }
      // Some are left out.
      let chosen = (0..<rows).filter { $0 % 7 != 3 }
      tuples.find(chosen, of: all)
      #expect(tuples.numbers.count == chosen.count)
      for (place, row) in chosen.enumerated() {
        let tuple = Array(all[row * width..<(row + 1) * width])
        let number = tuples.numbers[place]
        if width == 1 {
          #expect(number == tuple[0])
        } else {
          #expect(expected[tuple, default: number] == number)
          expected[tuple] = number
        }
        if place % 100 == 0 { #expect(tuples.number(of: tuple) == number) }
      }
    }
    guard width > 1 else {
      #expect(tuples.elements.isEmpty)
      return
    }
    #expect(Set(expected.values) == Set(0..<UInt32(expected.count)))
    let elements = tuples.elements
    #expect(elements.count == expected.count * width)
    for (tuple, number) in expected {
      #expect(Array(elements[Int(number) * width..<(Int(number) + 1) * width]) == tuple)
    }
  }
}

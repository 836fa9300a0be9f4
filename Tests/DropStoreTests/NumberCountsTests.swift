import Testing

@testable import DropStore

@Suite struct NumberCountsTests {
  @Test(arguments: [0, 1, 2, 1000, 5000, 100_000]) func `counts what a dictionary counts`(count: Int) {
    var generator = SeededGenerator(state: UInt64(count) + 1)
    var counts = NumberCounts()
    var expected: [Int64: Int64] = [:]
    for _ in 0..<3 {
      let numbers = (0..<count).map { index -> Int64 in
        switch index % 5 {
        case 0: .random(in: .min ... .max, using: &generator)
        case 1: .random(in: -50...50, using: &generator)
        // The same low bits, and the same high ones.
        case 2: Int64(index) << 40
        case 3: .max - Int64(index)
        default: [0, .min, .max, -1].randomElement(using: &generator)!
        }
      }
      counts.add(numbers)
      for number in numbers { expected[number, default: 0] += 1 }
      #expect(counts.distinct == expected.count)
    }
    #expect(counts.take(7_777_777_777_777) == 0)
    for number in expected.keys.filter({ $0 % 3 == 0 }) {
      #expect(counts.take(number) == expected.removeValue(forKey: number))
      #expect(counts.take(number) == 0)
    }
    var found: [Int64: Int64] = [:]
    counts.forEach { found[$0, default: 0] += $1 }
    #expect(found == expected)
  }
}

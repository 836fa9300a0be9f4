import Testing

@testable import DropStore

@Suite struct HashNumbersTests {
  @Test(arguments: [0, 1, 2, 1000, 50_000], [false, true])
  func `numbers are those of a dictionary`(count: Int, isReserved: Bool) {
    var generator = SeededGenerator(state: UInt64(count) + 3)
    var table = HashNumbers()
    if isReserved { table.reserve(count / 2) }
    var expected: [UInt64: UInt32] = [:]
    var all: [UInt64] = []
    var numbers: [UInt32] = []
    for _ in 0..<3 {
      let hashes = (0..<count).map { index -> UInt64 in
        switch index % 5 {
        case 0: .random(in: .min ... .max, using: &generator)
        // The same slot, told apart by the upper half; and the same upper half, told apart by the lower.
        case 1: UInt64(index) << 32
        case 2: 7 << 32 | UInt64(index % 600) << 20
        case 3: UInt64.max - UInt64(index)
        default: [0, .max, 1 << 32, 1].randomElement(using: &generator)!
        }
      }
      all += hashes
      table.find(hashes, &numbers)
      #expect(numbers.count == all.count)
    }
    for (hash, number) in zip(all, numbers) {
      if expected[hash] == nil { expected[hash] = UInt32(expected.count) }
      #expect(expected[hash] == number)
    }
    #expect(table.count == expected.count)
  }
}

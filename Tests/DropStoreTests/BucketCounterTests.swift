import Testing

@testable import DropStore

@Suite struct BucketCounterTests {
  /// Counts by bucket and group, beside what a dictionary has.
  private static func check(_ counter: BucketCounter, _ expected: [[Int]: Int64]) {
    var counter = counter
    counter.close()
    let groups = (expected.keys.map { $0[1] }.max() ?? -1) + 1
    #expect(counter.groupCount == groups)
    let series = BucketSeries(
      columns: [], groupCount: groups, keys: .listed(.init(repeating: [], count: groups)), counted: counter)
    let buckets = (expected.keys.map { $0[0] }.max() ?? -1) + 1
    var found: [[Int]: Int64] = [:]
    for group in 0..<groups {
      for point in series.points(group) { found[[point.bucket, group], default: 0] += point.count }
      for bucket in 0...buckets {
        let before = expected.reduce(Int64(0)) {
          $1.key[1] == group && $1.key[0] < bucket ? $0 + $1.value : $0
        }
        #expect(series.packets(of: group, before: bucket) == before)
      }
      let odd = expected.reduce(Int64(0)) { $1.key[1] == group && $1.key[0] % 2 == 1 ? $0 + $1.value : $0 }
      #expect(series.packets(of: group, in: (0..<buckets).map { $0 % 2 == 1 }) == odd)
    }
    #expect(found == expected)
  }

  @Test func `counts of any size come out as they went in`() {
    let counts: [Int64] = [
      0, 1, 2, 1 << 27 - 1, 1 << 27, 1 << 27 + 1, 1 << 54 - 1, 1 << 54, 1 << 54 + 1 << 27, 1 << 61 + 5, 0, 3,
    ]
    var counter = BucketCounter()
    var expected: [[Int]: Int64] = [:]
    for (group, count) in counts.enumerated() {
      // Of a bucket that comes twice there are several points.
      for bucket in [group % 3, 5, group % 3] {
        let part = bucket == 5 ? 1 : count / 2
        let isCount = counter.add(part, group: UInt32(group), bucket: bucket)
        #expect(isCount)
        if part > 0 { expected[[bucket, group], default: 0] += part }
      }
    }
    Self.check(counter, expected)
  }

  @Test func `what is no count is told`() {
    var counter = BucketCounter()
    let first = counter.add(.max - 1, group: 0, bucket: 0)
    let negative = counter.add(-1, group: 1, bucket: 0)
    let last = counter.add(1, group: 1, bucket: 1)
    let over = counter.add(1, group: 2, bucket: 1)
    #expect(first && !negative && last && !over)
    Self.check(counter, [[0, 0]: .max - 1, [1, 1]: 1])
  }

  @Test func `single events are counted as a dictionary counts them`() {
    var generator = SeededGenerator(state: 5)
    var counter = BucketCounter()
    var expected: [[Int]: Int64] = [:]
    counter.add([], [])
    for _ in 0..<40 {
      let groups = (0..<500).map { _ in UInt32.random(in: 0...300, using: &generator) }
      var bucket = Int.random(in: 0...3, using: &generator)
      let buckets = (0..<500).map { _ -> Int in
        if Int.random(in: 0...99, using: &generator) == 0 { bucket = .random(in: 0...9, using: &generator) }
        return bucket
      }
      counter.add(groups, buckets)
      for (group, bucket) in zip(groups, buckets) { expected[[bucket, Int(group)], default: 0] += 1 }
    }
    Self.check(counter, expected)
  }
}

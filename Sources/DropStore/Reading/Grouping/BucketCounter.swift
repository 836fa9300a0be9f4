/// Counts by group, bucket after bucket.
struct BucketCounter {
  /// What was counted of a bucket before another one came.
  struct Run {
    let bucket: UInt32
    let counts: [GroupCount]
  }

  /// How many of one group: in 8 bytes, as there may be one for each event, and fresh memory takes longer than counting.
  struct GroupCount {
    let group: UInt32
    let count: PackedCount
  }

  /// What was counted, once it is closed.
  private(set) var runs: [Run] = []
  /// Above all groups that were counted.
  private(set) var groupCount = 0
  private var counts: [Int64] = []
  private var touched: [UInt32] = []
  private var bucket: UInt32 = 0
  private var total: Int64 = 0

  /// Counts drops of a group in a bucket.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - group: the number of the group.
  ///   - bucket: the number of the bucket; it is fastest when those of one bucket come together.
  /// - Returns: whether all counts are counts still: none is negative, and their sum is not too large.
  @inline(__always)
  mutating func add(_ count: Int64, group: UInt32, bucket: Int) -> Bool {
    if bucket != Int(self.bucket) { open(bucket) }
    let (sum, overflow) = total.addingReportingOverflow(count)
    guard count >= 0, !overflow else { return false }
    total = sum
    let index = Int(group)
    makeRoom(for: index)
    if counts[index] == 0 { touched.append(group) }
    counts[index] &+= count
    return true
  }

  /// Counts one drop of each of some groups.
  ///
  /// - Parameters:
  ///   - groups: the numbers of the groups.
  ///   - buckets: the numbers of the buckets.
  mutating func add(_ groups: [UInt32], _ buckets: [Int]) {
    guard let largest = groups.max() else { return }
    makeRoom(for: Int(largest))
    var next = 0
    while next < groups.count {
      let bucket = buckets[next]
      if bucket != Int(self.bucket) { open(bucket) }
      var end = next + 1
      while end < groups.count, buckets[end] == bucket { end += 1 }
      // A single event is a count, and there are not so many that their sum is none.
      total &+= Int64(end - next)
      // Not in place, where each access would be looked after.
      var touched = self.touched
      self.touched = []
      var counts = self.counts.mutableSpan
      for index in next..<end {
        let group = groups[index]
        let count = counts[Int(group)]
        if count == 0 { touched.append(group) }
        counts[Int(group)] = count &+ 1
      }
      self.touched = touched
      next = end
    }
  }

  /// Ends the counting.
  mutating func close() {
    guard !touched.isEmpty else { return }
    // Not in place, where each access would be looked after.
    var touched = self.touched
    self.touched = []
    var found: [GroupCount] = []
    found.reserveCapacity(touched.count)
    var largest: UInt32 = 0
    var counts = self.counts.mutableSpan
    for group in touched {
      // Once more where a group came without any drop before.
      PackedCount.pack(counts[Int(group)]) { found.append(GroupCount(group: group, count: $0)) }
      counts[Int(group)] = 0
      largest = max(largest, group)
    }
    touched.removeAll(keepingCapacity: true)
    self.touched = touched
    guard !found.isEmpty else { return }
    groupCount = max(groupCount, Int(largest) + 1)
    runs.append(Run(bucket: bucket, counts: found))
  }

  private mutating func makeRoom(for group: Int) {
    guard group >= counts.count else { return }
    counts.append(contentsOf: repeatElement(0, count: max(group + 1 - counts.count, counts.count)))
  }

  private mutating func open(_ bucket: Int) {
    close()
    self.bucket = UInt32(truncatingIfNeeded: bucket)
  }
}

/// Counts by group, bucket after bucket.
struct BucketCounter {
  struct Point {
    let group: UInt32
    let bucket: UInt32
    let count: Int64
  }

  private(set) var points: [Point] = []
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
    if index >= counts.count {
      counts.append(contentsOf: repeatElement(0, count: max(index + 1 - counts.count, counts.count)))
    }
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
    var next = 0
    while next < groups.count {
      let bucket = buckets[next]
      if bucket != Int(self.bucket) { open(bucket) }
      var end = next + 1
      while end < groups.count, buckets[end] == bucket { end += 1 }
      // A single event is a count, and there are not so many that their sum is none.
      total &+= Int64(end - next)
      // Not in place, where each access would be looked after.
      var counts = self.counts
      var touched = self.touched
      self.counts = []
      self.touched = []
      for group in groups[next..<end] {
        let index = Int(group)
        if index >= counts.count {
          counts.append(contentsOf: repeatElement(0, count: max(index + 1 - counts.count, counts.count)))
        }
        if counts[index] == 0 { touched.append(group) }
        counts[index] &+= 1
      }
      self.counts = counts
      self.touched = touched
      next = end
    }
  }

  /// Ends the counting.
  mutating func close() {
    for group in touched {
      let count = counts[Int(group)]
      if count > 0 { points.append(Point(group: group, bucket: bucket, count: count)) }
      counts[Int(group)] = 0
    }
    touched.removeAll(keepingCapacity: true)
  }

  private mutating func open(_ bucket: Int) {
    close()
    self.bucket = UInt32(truncatingIfNeeded: bucket)
  }
}

import DropReport
import DropStore

/// The latest drops of a selection within a range, the newest last; of a range around a time those nearest to it.
///
/// However many they are, no more than one of them is held in memory: where the first of them stands is found from the newest
/// backwards, and from there on they are read.
struct LatestDrops {
  let range: TimeRange
  let selection: DropSelection
  /// How many; 0 for all.
  let limit: Int64
  /// Who was running says something about the packet only where the drop happened on its behalf, so the process is shown
  /// for drops in task context alone.
  static let listForPeople = """
    ts AS time, reason, interface, transport,
    iif(instr(saddr, ':') AND sport IS NOT NULL, '[' || saddr || ']', saddr) || ifnull(':' || sport, '') AS source,
    iif(instr(daddr, ':') AND dport IS NOT NULL, '[' || daddr || ']', daddr) || ifnull(':' || dport, '')
      AS destination,
    length, location, iif(context = 'task', comm, NULL) AS process
    """

  /// From the first to the last of them, and whether the range has others.
  func span(_ reader: borrowing DropReader) throws(StoreError) -> (range: Range<Int64>, hasMore: Bool) {
    let lower = range.since ?? 0
    var all = lower..<max(lower, range.until ?? .max)
    if limit > 0, let middle = range.middle, all.contains(middle) {
      return try nearest(to: middle, in: all, reader)
    }
    var hasMore = false
    if limit > 0 {
      var times = try reader.times(in: all, where: selection.conditions, newestFirst: true)
      var first: Int64?
      var newest: Int64?
      var count: Int64 = 0
      while let time = try times.next() {
        if count == limit {
          hasMore = true
          break
        }
        newest = newest ?? time
        first = time
        count += 1
      }
      // Drops that have come meanwhile would be too many.
      if let first, let newest { all = first..<newest + 1 } else { all = lower..<lower }
    }
    return (all, hasMore)
  }

  /// Goes to both sides of a time, each step to the nearer one.
  private func nearest(
    to middle: Int64, in all: Range<Int64>, _ reader: borrowing DropReader
  ) throws(StoreError) -> (range: Range<Int64>, hasMore: Bool) {
    let conditions = selection.conditions
    var before = try reader.times(in: all.lowerBound..<middle, where: conditions, newestFirst: true)
    var after = try reader.times(in: middle..<all.upperBound, where: conditions)
    var (earlier, later) = (try before.next(), try after.next())
    var found = middle..<middle
    for _ in 0..<limit {
      if let time = earlier, later.map({ middle - time <= $0 - middle }) ?? true {
        found = time..<max(found.upperBound, time + 1)
        earlier = try before.next()
      } else if let time = later {
        found = found.lowerBound..<time + 1
        later = try after.next()
      } else {
        break
      }
    }
    return (found, earlier != nil || later != nil)
  }
}

/// A half-open stretch of time with both ends, in nanoseconds since the epoch.
struct Interval: Hashable, Sendable {
  var start: Int64
  var end: Int64

  /// Its length; not more than the largest number.
  var length: Int64 {
    let (length, overflow) = end.subtractingReportingOverflow(start)
    return overflow ? .max : max(0, length)
  }

  /// The part that lies in another interval, if any.
  func intersection(_ other: Interval) -> Interval? {
    let common = Interval(start: max(start, other.start), end: min(end, other.end))
    return common.start < common.end ? common : nil
  }
}

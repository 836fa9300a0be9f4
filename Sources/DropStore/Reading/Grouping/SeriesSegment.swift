/// A stretch of time, cut into buckets, of which a series is to be made.
public struct SeriesSegment: Sendable {
  /// The buckets, in nanoseconds since the epoch: the earliest first, none overlapping another.
  public let buckets: [Range<Int64>]
  /// How many events to look at, the newest of the segment; all where this is `nil`.
  public let newest: Int64?

  /// A segment.
  ///
  /// - Parameters:
  ///   - buckets: The buckets: the earliest first, none overlapping another.
  ///   - newest: How many events to look at, the newest of the segment; all where this is `nil`.
  public init(buckets: [Range<Int64>], newest: Int64? = nil) {
    self.buckets = buckets
    self.newest = newest
  }
}

/// How many recorded drops there were over time, by several groupings.
public struct EventSeries {
  /// What was looked at of a segment.
  public struct Segment: Hashable, Sendable {
    /// How many events.
    public internal(set) var events: Int64
    /// The time of the oldest of them, in nanoseconds since the epoch, if the segment has older ones; else `nil`.
    public internal(set) var oldest: Int64?
  }

  /// For each of the groupings that were asked for.
  public let groupings: [BucketSeries]
  /// For each of the segments.
  public let segments: [Segment]
}

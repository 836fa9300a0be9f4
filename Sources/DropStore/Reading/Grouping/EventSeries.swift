/// How many recorded drops there were over time, by several groupings.
public struct EventSeries {
  /// What was looked at of a segment.
  public struct Segment: Hashable, Sendable {
    /// How many events.
    public internal(set) var events: Int64
    /// From when on all that were recorded were looked at, in nanoseconds since the epoch, if the segment has or had older ones;
    /// else `nil`.
    public internal(set) var oldest: Int64?
    /// From when on recorded events are still there, if retention has deleted older ones of the segment; else `nil`.
    public internal(set) var keptFrom: Int64?
  }

  /// For each of the groupings that were asked for.
  public let groupings: [BucketSeries]
  /// For each of the segments.
  public let segments: [Segment]
}

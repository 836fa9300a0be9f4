/// Packets by reason over time: what a stacked chart shows.
struct ReasonsOverTime: Sendable {
  struct Series: Sendable {
    /// The reason; `nil` for all others together.
    let name: String?
    /// Packets by bucket.
    let packets: [Int64]
  }

  /// The buckets, the earliest first.
  var buckets: [Interval] = []
  /// The share of each bucket in which a capture ran, from 0 to 1.
  var covered: [Double] = []
  /// The reasons, the most frequent first, and then all others.
  var series: [Series] = []
}

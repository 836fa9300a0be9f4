/// Sums over all sites.
struct Totals: Sendable {
  /// Exact.
  var packets: Int64 = 0
  /// Exact.
  var bytes: Int64 = 0
  /// How many of ``packets`` were recorded as events, whether or not these are still kept; exact.
  var recorded: Int64 = 0
  /// Why others could not be, the most frequent cause first.
  var lost: [(cause: String, packets: Int64)] = []
  /// Why others were not to be recorded, the most frequent cause first.
  var leftOut: [(cause: String, packets: Int64)] = []
}

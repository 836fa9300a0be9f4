/// What the tallies of a range of time add up to: every drop there, recorded or not.
public struct Tallies: Sendable {
  /// All drops that were counted in one bucket of time.
  public struct Bucket: Sendable {
    /// Where it begins, in nanoseconds since the epoch.
    public let start: Int64
    /// How wide it is.
    public let seconds: Int64
    /// The drops in it.
    public internal(set) var sums: TallySums
  }

  /// How many tallies there are.
  public internal(set) var count: Int64 = 0
  /// Over all.
  public internal(set) var total = TallySums()
  /// In the order of time; wider ones may lie over others, where databases were merged.
  public internal(set) var buckets: [Bucket] = []
  /// For each of the groupings that were asked for: by values of its columns, as the view shows them.
  public internal(set) var groups: [[[SQLValue]: TallySums]] = []
}

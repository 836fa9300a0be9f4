/// The drops that were stored since a ``DropFollower`` was last asked.
public struct NewDrops: Hashable, Sendable {
  /// When they happened, in nanoseconds since the epoch, in ascending order; that is their `ts` in the view `drops`.
  ///
  /// Between the drops of one run there was no other when they were found; between two runs there are drops that were
  /// known already.
  public internal(set) var runs: [[Int64]] = []
  /// How many more were stored and cannot be told: too many at once, too far in the past, or deleted again meanwhile.
  public internal(set) var missed: Int64 = 0

  /// How many there are.
  public var count: Int { runs.reduce(0) { $0 + $1.count } }
}

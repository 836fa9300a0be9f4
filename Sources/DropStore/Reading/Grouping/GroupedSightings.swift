/// How often, and when first and last, recorded drops had the same values in some columns.
public struct GroupedSightings: Sendable {
  /// A group.
  public struct Group: Sendable {
    /// A value for each of the columns, in their order, as the view shows it.
    public let key: [SQLValue]
    /// How many drops.
    public let count: Int64
    /// The time of the first of them, in nanoseconds since the epoch.
    public let first: Int64
    /// The time of the last of them, in nanoseconds since the epoch.
    public let last: Int64
  }

  /// The largest groups, the largest first; those of equal size in the order of their keys.
  public let top: [Group]
  /// The number of drops in all groups.
  public let total: Int64
  /// The number of groups.
  public let groupCount: Int
}

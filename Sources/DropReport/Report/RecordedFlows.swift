public import DropStore

/// The flows of the recorded drops of a range, by count.
public struct RecordedFlows: Sendable {
  /// One flow.
  public struct Flow: Sendable {
    /// A value for each of ``RecordedFlows/columns``, as the view `drops` shows it.
    public let key: [SQLValue]
    /// How many drops.
    public let packets: Int64
    /// When the first was, in nanoseconds since the epoch.
    public let first: Int64
    /// When the last was, in nanoseconds since the epoch.
    public let last: Int64

    /// Whether anything is known of it.
    public var isKnown: Bool { key.contains { $0 != .null } }
  }

  /// What makes a flow.
  public static let columns: [DropColumn] = [.transport, .saddr, .sport, .daddr, .dport]

  /// The largest flows, the largest first; those of equal size in the order of their keys.
  public let top: [Flow]
  /// How many different flows there are.
  public let distinct: Int

  /// Reads the flows.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - range: The range of time.
  ///   - selection: Which drops.
  ///   - limit: How many flows to tell, the largest.
  /// - Throws: `StoreError` when the database is damaged or cannot be read, or the reader is interrupted.
  public init(
    reading reader: borrowing DropReader, in range: TimeRange, of selection: DropSelection = .all, limit: Int
  ) throws(StoreError) {
    let since = max(0, range.since ?? 0)
    let series = try reader.series(
      groupedBy: Self.columns, in: since..<max(since, range.until ?? .max), where: selection.conditions,
      largest: limit)
    distinct = series.groupCount
    let largest = series.largest(limit)
    // All of time is one interval, so each flow has one entry.
    let groups = Set(largest.map(\.group))
    let entries: [Int: GroupedSeries.Entry] = series.entries.reduce(into: [:]) {
      if groups.contains($1.group) { $0[$1.group] = $1 }
    }
    top = largest.compactMap { flow in
      entries[flow.group].map {
        Flow(key: flow.key, packets: $0.packets, first: $0.first, last: $0.last)
      }
    }
  }
}

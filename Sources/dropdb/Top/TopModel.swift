import DropStore

/// What is known of the latest drops: what the screen shows a part of.
struct TopModel {
  /// A capture that runs.
  struct Capture: Equatable {
    var pid: Int64
    var host: String?
    var start: Int64
  }

  /// What all captures of the database have seen.
  struct Totals: Equatable {
    var counted: Int64 = 0
    var recorded: Int64 = 0
    var lost: Int64 = 0
  }

  /// What recorded drops tell of one group.
  struct Detail {
    struct Part {
      /// What the ranking is of.
      var grouping: TopGrouping
      var entries: [(label: String, packets: Int64)]
    }

    /// How many drops of the group were looked at, the newest of the window.
    var packets: Int64 = 0
    var hasOlder = false
    var parts: [Part] = []
    /// The stack that most of them have, and how many; its frames, the innermost first.
    var stack: (id: Int64, packets: Int64, frames: [String])?
    /// How many of them have no stack.
    var withoutStack: Int64 = 0
  }

  /// One group, as a row of the screen.
  struct Row: Equatable {
    var key: [SQLValue]
    var label: String
    /// Packets by slot, the oldest first.
    var series: [Int64]
    /// Packets in all slots.
    var packets: Int64
    /// Packets in the newest slot, by second.
    var rate: Double
    /// From 0 to 1, of the packets of all groups.
    var share: Double
  }

  /// The database, as it was named.
  var path: String
  /// The length of a slot in nanoseconds.
  var every: Int64
  /// How many slots there are.
  var slotCount: Int
  /// Whether only some drops are shown.
  var isChosen = false
  /// Whether the tallies tell of those that are shown.
  var hasTallies = true
  /// When it was read, in nanoseconds since the epoch.
  var now: Int64
  var captures: [Capture] = []
  var totals = Totals()
  /// What was added to ``totals`` by second of late; `nil` before the second look.
  var rates: (counted: Double, recorded: Double, lost: Double)?
  /// The time of the newest recorded drop.
  var newest: Int64?
  /// Why nothing new can be read, if so.
  var trouble: String?
  /// Whether there were more groups, or more drops, than are looked at.
  var isCut = false
  /// All drops by reason, subsystem, location, interface and namespace.
  var counted: RateHistory
  /// Recorded drops by the columns of a grouping that is not counted.
  var recorded: [TopGrouping: RateHistory] = [:]
  /// What is known of the group that is looked at.
  var detail: Detail?

  /// The columns by which ``counted`` tells drops apart.
  static let countedColumns: [DropColumn] = [.reason, .subsystem, .location, .interface, .netns]

  /// Whether what is shown of a grouping is counted, not just recorded.
  func isCounted(_ grouping: TopGrouping) -> Bool { grouping.isCounted && hasTallies }

  /// The groups that had drops, in no order.
  func rows(_ grouping: TopGrouping) -> [Row] {
    let series: [[SQLValue]: [Int64]]
    if isCounted(grouping) {
      let places = grouping.columns.compactMap { Self.countedColumns.firstIndex(of: $0) }
      series = counted.series { key in places.map { key[$0] } }
    } else {
      series = recorded[grouping]?.series { $0 } ?? [:]
    }
    let sums = series.mapValues { $0.reduce(Int64(0), Self.sum) }
    let total = sums.values.reduce(0.0) { $0 + Double($1) }
    return series.map { key, slots in
      let packets = sums[key] ?? 0
      return Row(
        key: key, label: grouping.label(key), series: slots, packets: packets,
        rate: Double(slots.last ?? 0) * 1e9 / Double(every), share: total > 0 ? Double(packets) / total : 0)
    }
  }

  private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }
}

public import DropStore

/// A question for counts: how many drops there were, by what, in which intervals of time.
public struct DropGrouping: Sendable {
  /// By which columns; by none, all drops are one group.
  public var columns: [DropColumn]
  /// How long an interval of time is, in nanoseconds, counted from the epoch on; all of time is one where this is `nil`.
  public var every: Int64?
  /// Which drops.
  public var selection: DropSelection
  /// The range of time that was asked for.
  public var range: TimeRange

  /// A question.
  public init(by columns: [DropColumn], every: Int64? = nil, of selection: DropSelection, in range: TimeRange)
  {
    self.columns = columns
    self.every = every
    self.selection = selection
    self.range = range
  }
}

extension DropGrouping {
  /// What an answer counts.
  public enum Basis: String, Sendable {
    /// Every drop, exactly, whether it was recorded or not: from the tallies.
    case counted
    /// The drops that were recorded as events.
    case recorded
  }

  /// How a question is answered.
  public struct Plan: Sendable {
    /// What is counted.
    public let basis: Basis
    /// Why, in a sentence without its end.
    public let reason: String
    /// The range of time that the answer is about, in nanoseconds since the epoch; a counted one is widened to whole tallies.
    public let range: Range<Int64>
    /// Whether it is wider than what was asked for.
    public let isWidened: Bool
    /// About how many rows are read.
    public let rows: Int64
    /// The drops that were counted in about this range, and how many of them have been recorded.
    public let counted: TallySums
    /// How many seconds the widest tally in this range has: more than 60 where retention has made old counts coarse; 0 where there
    /// is none.
    public let coarsest: Int64
  }

  private static let minute: Int64 = 60 * 1_000_000_000

  /// Why the tallies cannot answer; `nil` where they can.
  private var obstacle: String? {
    if let every, every % Self.minute != 0 { return "drops are counted by whole minutes" }
    let columns = columns.filter { !$0.isCounted } + selection.uncountedColumns
    var seen: Set<DropColumn> = []
    let names = columns.filter { seen.insert($0).inserted }.map(\.name)
    if !names.isEmpty { return "drops are not counted by \(names.joined(separator: ", "))" }
    return selection.isCounted ? nil : "--where depends on the time of a drop"
  }

  /// Decides how the question is answered, without answering it.
  ///
  /// - Parameter reader: The database.
  /// - Returns: The plan.
  /// - Throws: `StoreError` when the database cannot be read.
  /// - Complexity: O(*n*) for *n* tallies in the range.
  public func plan(_ reader: borrowing DropReader) throws(StoreError) -> Plan {
    let asked = max(0, range.since ?? 0)..<max(0, range.since ?? 0, range.until ?? .max)
    let widened = try Self.wholeTallies(asked, reader)
    let tallies = try reader.tallies(in: widened)
    let counted = tallies.total
    let coarsest = tallies.buckets.reduce(0) { max($0, $1.seconds) }
    if let obstacle {
      return Plan(
        basis: .recorded, reason: obstacle, range: asked, isWidened: false, rows: counted.recorded,
        counted: counted, coarsest: coarsest)
    }
    let isWidened =
      range.since.map { widened.lowerBound < $0 } ?? false
      || range.until.map { widened.upperBound > $0 } ?? false
    return Plan(
      basis: .counted, reason: "drops are counted by all that is asked for", range: widened,
      isWidened: isWidened, rows: tallies.count, counted: counted, coarsest: coarsest)
  }

  /// Counts.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - plan: How, as ``plan(_:)`` has decided.
  ///   - largest: How many of the largest groups are wanted; all where this is `nil`.
  /// - Returns: The counts, of which those of smaller groups may be missing.
  /// - Throws: `StoreError` when the database cannot be read.
  public func answer(
    _ reader: borrowing DropReader, _ plan: Plan, largest: Int? = nil
  ) throws(StoreError) -> GroupedSeries {
    switch plan.basis {
    case .counted:
      try reader.countedSeries(
        groupedBy: columns, every: every, in: plan.range, where: selection.conditions)
    case .recorded:
      try reader.series(
        groupedBy: columns, every: every, in: plan.range, where: selection.conditions, largest: largest)
    }
  }

  /// A range widened to whole minutes, and to the hours or days whose tallies it touches.
  private static func wholeTallies(
    _ range: Range<Int64>, _ reader: borrowing DropReader
  ) throws(StoreError) -> Range<Int64> {
    guard !range.isEmpty else { return range }
    let lower = range.lowerBound - range.lowerBound % minute
    let rest = range.upperBound % minute
    let (end, overflow) = range.upperBound.addingReportingOverflow(rest == 0 ? 0 : minute - rest)
    let whole = lower..<(overflow ? .max : end)
    guard let extent = try reader.tallyExtent(in: whole) else { return whole }
    return min(lower, extent.lowerBound)..<max(whole.upperBound, extent.upperBound)
  }
}

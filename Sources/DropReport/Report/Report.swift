/// What was dropped within a range of time, and how completely that is known.
///
/// Numbers whose ``Basis`` is ``Basis/counted`` are exact; those that are ``Basis/recorded`` come from the events that
/// were recorded and are still kept.
public struct Report: Sendable {
  /// Where a number comes from.
  public enum Basis: String, Sendable {
    /// From the tallies: every drop, exactly.
    case counted
    /// From recorded events, which may be fewer.
    case recorded
  }

  /// How much to report.
  public struct Request: Sendable {
    /// The range that was asked for.
    public var range: TimeRange
    /// How many entries a ranking has.
    public var top: Int
    /// Nanoseconds since the epoch: a range without an end ends here.
    public var now: Int64
    /// What to compare the range with.
    public var baseline: BaselineRequest

    /// A request.
    ///
    /// - Parameters:
    ///   - range: The range.
    ///   - top: How many entries a ranking has.
    ///   - now: Nanoseconds since the epoch.
    ///   - baseline: What to compare the range with.
    public init(range: TimeRange, top: Int, now: Int64, baseline: BaselineRequest = .automatic) {
      self.range = range
      self.top = top
      self.now = now
      self.baseline = baseline
    }
  }

  let request: Request
  /// What all counts are about: the range asked for, widened to whole tallies.
  ///
  /// `nil` where there is nothing at all.
  let range: Interval?
  /// When captures ran within the range asked for.
  let coverage: Coverage
  /// When captures ran within ``range``, as far as it is not in the future.
  let captured: Coverage
  let totals: Totals
  let timeline: Timeline
  let reasons: Ranking
  let locations: Ranking
  let interfaces: Ranking
  let namespaces: Ranking
  let services: Ranking
  let flows: Ranking
  /// Whether there are more recorded events than ``flows`` takes into account.
  let hasOlderFlows: Bool
  /// From when on recorded events of the range are still there, if retention has deleted older ones; else `nil`.
  let keptFrom: Int64?
  /// Whether retention has deleted all events of the baseline, so that nothing that only events tell can be compared.
  let isBaselineDeleted: Bool
  /// What the range is compared with, and what changed.
  let comparison: Comparison
  /// What is known of reasons.
  let explanations: [Explanation]
  /// The reasons to look at first.
  let leading: [LeadingReason]
  /// The most frequent stacks of recorded events.
  let stacks: [StackCount]
  /// How many of the recorded events that were looked at have a stack.
  let eventsWithStack: Int64
  /// Packets by reason over time, for a chart.
  let reasonsOverTime: ReasonsOverTime
  /// How the kernel's own counters rose.
  let counters: CounterSection
}

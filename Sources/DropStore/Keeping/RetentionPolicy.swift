/// How much of the past a database keeps.
public struct RetentionPolicy: Hashable, Sendable {
  /// For how long events are kept, in nanoseconds; `nil` for as long as there is room.
  ///
  /// Tallies, losses and rises of that time keep their minutes and seconds (at least for a day); older ones become hours, and
  /// after twelve times as long days. Where `nil`, minutes are kept for 30 days.
  public var events: Int64?
  /// For how long tallies, losses and rises of counters are kept, in nanoseconds; `nil` for ever, as far as there is room.
  public var tallies: Int64?
  /// What the file may take with the log beside it, in bytes; `nil` for no limit.
  ///
  /// Events go first, oldest first; when there are none left, tallies become coarse, and only then the oldest of these go.
  public var size: Int64?

  /// A policy; what is not given is unlimited.
  public init(events: Int64? = nil, tallies: Int64? = nil, size: Int64? = nil) {
    self.events = events
    self.tallies = tallies
    self.size = size
  }

  /// Whether everything is kept as it is.
  public var isUnlimited: Bool { events == nil && tallies == nil && size == nil }

  private static let day: Int64 = 86_400_000_000_000

  /// The age from which on minutes become hours, in nanoseconds.
  var minutesAge: Int64 { max(Self.day, events ?? 30 * Self.day) }

  /// The age from which on hours become days, in nanoseconds.
  var hoursAge: Int64 {
    let (age, overflow) = minutesAge.multipliedReportingOverflow(by: 12)
    return overflow ? .max : age
  }
}

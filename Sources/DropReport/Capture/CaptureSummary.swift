public import DropEvents

/// What a capture came to.
public struct CaptureSummary: Sendable {
  /// What the kernel calls a reason's number.
  public typealias ReasonNames = (UInt32) -> (subsystem: String, name: String)

  /// How many reasons the text names; JSON names all.
  private static let namedReasons = 10

  private let database: String
  private let start: Int64
  private var packets: [UInt32?: UInt64] = [:]

  /// A summary of nothing yet.
  ///
  /// - Parameters:
  ///   - database: The database's path.
  ///   - start: When the capture began, in nanoseconds since the epoch.
  public init(database: String, start: Int64) {
    self.database = database
    self.start = start
  }

  /// Adds what a batch counted.
  public mutating func add(_ batch: DropBatch) {
    for tally in batch.tallies { packets[tally.site.reason, default: 0] &+= tally.packets }
  }

  /// A few lines for people.
  ///
  /// - Parameters:
  ///   - end: When the capture ended, in nanoseconds since the epoch.
  ///   - totals: What became of all drops.
  ///   - names: Names the reasons of the running kernel.
  /// - Returns: The lines, with their line ends.
  public func text(end: Int64, totals: CaptureTotals, names: ReasonNames) -> String {
    var text = "Captured for \(DurationFormatter.text(end - start)) into \(SafeText.visible(database)):\n"
    text += "  counted   \(totals.counted)\n  recorded  \(totals.recorded)\n"
    text += "  lost      \(sum(totals, isIntended: false))\(causes(totals, isIntended: false))\n"
    text += "  left out  \(sum(totals, isIntended: true))\(causes(totals, isIntended: true))\n"
    let reasons = reasons(names)
    guard !reasons.isEmpty else { return text }
    let width = reasons.prefix(Self.namedReasons).map { DisplayWidth.of($0.name) }.max() ?? 0
    text += "Why:\n"
    for reason in reasons.prefix(Self.namedReasons) {
      let padding = String(repeating: " ", count: width - DisplayWidth.of(reason.name) + 2)
      text += "  \(reason.name)\(padding)\(reason.packets)\n"
    }
    if reasons.count > Self.namedReasons {
      text += "  and \(reasons.count - Self.namedReasons) other reasons\n"
    }
    return text
  }

  /// One JSON object on one line.
  ///
  /// - Parameters:
  ///   - end: When the capture ended, in nanoseconds since the epoch.
  ///   - totals: What became of all drops.
  ///   - names: Names the reasons of the running kernel.
  /// - Returns: The line, with its line end.
  public func json(end: Int64, totals: CaptureTotals, names: ReasonNames) -> String {
    let causes = totals.lost.sorted { $0.key.rawValue < $1.key.rawValue }
    let reasons = reasons(names).map { reason in
      JSONText.object([
        ("reason", reason.value == nil ? "null" : JSONText.string(reason.name)),
        ("subsystem", reason.subsystem.map(JSONText.string) ?? "null"),
        ("packets", String(reason.packets)),
      ])
    }
    return JSONText.object([
      ("database", JSONText.string(database)),
      ("start", JSONText.string(TimeFormatter.utc(start))),
      ("end", JSONText.string(TimeFormatter.utc(end))),
      ("seconds", JSONText.number(Double(end - start) / 1_000_000_000)),
      ("counted", String(totals.counted)),
      ("recorded", String(totals.recorded)),
      ("lost", String(sum(totals, isIntended: false))),
      ("left_out", String(sum(totals, isIntended: true))),
      ("lost_by_cause", JSONText.object(causes.map { ($0.key.rawValue, String($0.value)) })),
      ("reasons", "[" + reasons.joined(separator: ",") + "]"),
    ]) + "\n"
  }

  /// How many drops were left out on purpose, or how many were lost.
  private func sum(_ totals: CaptureTotals, isIntended: Bool) -> UInt64 {
    totals.lost.filter { $0.key.isIntended == isIntended }.values.reduce(0, &+)
  }

  private func causes(_ totals: CaptureTotals, isIntended: Bool) -> String {
    let causes = totals.lost.filter { $0.key.isIntended == isIntended && $0.value > 0 }
      .sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    guard !causes.isEmpty else { return "" }
    return "  (" + causes.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ") + ")"
  }

  private func reasons(
    _ names: ReasonNames
  ) -> [(value: UInt32?, subsystem: String?, name: String, packets: UInt64)] {
    packets.map { value, packets in
      guard let value else { return (nil, nil, "(not told)", packets) }
      let (subsystem, name) = names(value)
      return (value, subsystem, SafeText.visible(name), packets)
    }.sorted { ($1.packets, $0.name) < ($0.packets, $1.name) }
  }
}

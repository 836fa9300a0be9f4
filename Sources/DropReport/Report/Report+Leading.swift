internal import DropStore

extension Report {
  /// How many reasons are told more about.
  static let mostLeading = 5

  /// Tallies grouped by a reason and something else, as shares of each reason's drops.
  typealias Shares = [[SQLValue]: TallySums]

  /// The reasons to look at first: those that rose, what is surest first, and then the most frequent.
  static func leading(
    _ explanations: [Explanation], _ reasons: Ranking, all: Shares, _ changes: Changes, byLocation: Shares,
    byInterface: Shares,
    _ recorded: RecordedCounts, _ frames: inout StackFrames, _ reader: borrowing DropReader
  ) throws(ReportError) -> [LeadingReason] {
    var keys: [[Cell]] = []
    for change in changes.entries where change.rate.z > 0 && keys.count < mostLeading {
      keys.append(change.key)
    }
    for entry in reasons.top where keys.count < mostLeading && !keys.contains(entry.key) {
      // What is next to nothing explains nothing.
      guard keys.isEmpty || reasons.share(entry) >= 0.01 else { break }
      keys.append(entry.key)
    }
    var packets: [[Cell]: Int64] = [:]
    for (key, sums) in all { packets[key.map { Cell($0) }] = sums.packets }
    let locations = largest(byLocation)
    let interfaces = largest(byInterface)
    let stacks = try reading { () throws(StoreError) in try recorded.stacks() }
    var leading: [LeadingReason] = []
    for key in keys {
      let total = packets[key] ?? 0
      let name = key[0]
      let explanation = explanation(of: key, among: explanations)
      let own = stacks.filter { $0.reason == name && $0.subsystem == key[1] }
      let withStack = own.reduce(Int64(0)) { $0 &+ $1.packets }
      var stack: LeadingReason.Stack?
      if let most = own.max(by: { ($0.packets, $1.stack) < ($1.packets, $0.stack) }) {
        let found = try frames.frames(of: most.stack, reader)
        if !found.isEmpty {
          stack = LeadingReason.Stack(frames: found, packets: most.packets, total: withStack)
        }
      }
      leading.append(
        LeadingReason(
          reason: name, subsystem: key[1], packets: total,
          change: changes.entries.first { $0.key == key }, explanation: explanation,
          location: locations[key].map {
            LeadingReason.Share(key: $0.key, packets: $0.packets, total: total)
          },
          interface: interfaces[key].map {
            LeadingReason.Share(key: $0.key, packets: $0.packets, total: total)
          },
          stack: stack, target: try reading { () throws(StoreError) in try recorded.target(of: key) }))
    }
    return leading
  }

  /// What is known of a reason, by its name and subsystem.
  static func explanation(of key: [Cell], among explanations: [Explanation]) -> Explanation? {
    explanations.first { Cell.text($0.name) == key[0] && Cell.text($0.subsystem) == key[1] }
  }

  /// For each reason (the first two columns) what of the others has most of its drops.
  private static func largest(_ shares: Shares) -> [[Cell]: (key: [Cell], packets: Int64)] {
    var largest: [[Cell]: (key: [Cell], packets: Int64)] = [:]
    for (values, sums) in shares {
      let cells = values.map { Cell($0) }
      let reason = Array(cells.prefix(2))
      let key = Array(cells.dropFirst(2))
      if let known = largest[reason] {
        if known.packets > sums.packets { continue }
        if known.packets == sums.packets,
          known.key.lexicographicallyPrecedes(key, by: { $0.plainText < $1.plainText })
        {
          continue
        }
      }
      largest[reason] = (key, sums.packets)
    }
    return largest
  }

  /// The most frequent stacks with their frames.
  static func stacks(
    _ recorded: RecordedCounts, most: Int, _ frames: inout StackFrames, _ reader: borrowing DropReader
  ) throws(ReportError) -> (top: [StackCount], total: Int64) {
    var sums = StackSums()
    let found = try reading { () throws(StoreError) in try recorded.stacks() }
    for one in found { sums.add(one.packets, reason: one.reason, stack: one.stack) }
    return (try sums.top(most, &frames, reader), sums.total)
  }
}

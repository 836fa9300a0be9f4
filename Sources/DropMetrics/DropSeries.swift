internal import DropEvents

/// Exact counts by reason and interface, of a bounded number of series.
///
/// A series is given a place when its first drop comes, and has it as long as it is needed: a counter that went from its own series
/// into another's would fall, or rise without cause. When all places are taken, one that has had no drop for an hour is given up;
/// where there is none, the drops are counted for the interface `other`.
struct DropSeries {
  struct Key: Hashable {
    let reason: UInt32?
    /// `nil` for no interface.
    let interface: KernelName?
  }

  /// What is counted for those without a place.
  static let other = "other"
  /// So long without a drop a series may be given up, in seconds.
  static let idle: Int64 = 3600

  private struct Count {
    var packets: UInt64
    /// When the last came, in seconds on a clock that does not go back.
    var last: Int64
  }

  private let limit: Int
  private var counts: [Key: Count] = [:]
  /// By reason, of which the kernel has a few hundred.
  private var others: [UInt32?: UInt64] = [:]
  /// When it was last looked for a place in vain: not with each drop.
  private var lookedAt = Int64.min

  init(limit: Int) {
    self.limit = limit
  }

  mutating func add(_ packets: UInt64, _ key: Key, at now: Int64) {
    if counts[key] != nil || counts.count < limit || giveUpOne(at: now) {
      counts[key, default: Count(packets: 0, last: now)].packets &+= packets
      counts[key]?.last = now
    } else if others[key.reason] != nil || others.count < limit {
      others[key.reason, default: 0] &+= packets
    } else {
      others[.none, default: 0] &+= packets
    }
  }

  /// All of them; an interface of `nil` is `other`.
  var all: [(reason: UInt32?, interface: String?, packets: UInt64)] {
    counts.map { ($0.key.reason, $0.key.interface?.text ?? "", $0.value.packets) }
      + others.map { ($0.key, nil, $0.value) }
  }

  private mutating func giveUpOne(at now: Int64) -> Bool {
    guard lookedAt == .min || now - lookedAt >= 60 else { return false }
    guard let oldest = counts.min(by: { $0.value.last < $1.value.last }),
      now - oldest.value.last >= Self.idle
    else {
      lookedAt = now
      return false
    }
    counts[oldest.key] = nil
    return true
  }
}

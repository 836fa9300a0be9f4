internal import DropEvents

/// Tells by how much counters rose from one look to the next.
///
/// What is seen for the first time has not risen: what it counted before is nobody's knowledge. Neither has a counter that
/// goes back, because it was made anew or reset, or because a driver adds up inexactly: it is counted from there on.
struct RiseFinder {
  /// As many things are remembered at most; what there is more of is not looked at.
  static let limit = 16_384
  /// A counter of 32 bits that goes back has been round if it rose by less than this, and else it was reset.
  private static let farthestRound: UInt32 = 1 << 24

  private var known: [CountedThing: [UInt64?]] = [:]

  /// Compares with the last look.
  ///
  /// - Parameters:
  ///   - readings: What counters stand at; a thing that is not among them any more is forgotten.
  ///   - start: When the last look was taken, in seconds since the epoch.
  ///   - seconds: How long ago that is.
  /// - Returns: What rose, in the order of the readings.
  mutating func rises(_ readings: [CounterReading], start: Int64, seconds: Int64) -> [CounterRise] {
    var rises: [CounterRise] = []
    var current: [CountedThing: [UInt64?]] = [:]
    current.reserveCapacity(min(readings.count, Self.limit))
    for reading in readings {
      let thing = reading.thing
      guard current.count < Self.limit, current.updateValue(reading.values, forKey: thing) == nil,
        let before = known[thing], before != reading.values
      else { continue }
      let names = thing.source.names
      for (index, (old, new)) in zip(before, reading.values).enumerated() {
        guard let old, let new, index < names.count,
          let delta = Self.rise(from: old, to: new, is32Bit: thing.source.wrapsAt32Bits)
        else { continue }
        rises.append(
          CounterRise(
            counter: KernelCounter(
              source: thing.source, scope: thing.scope, netns: thing.netns, name: names[index]), start: start,
            seconds: max(1, seconds), delta: delta))
      }
    }
    known = current
    return rises
  }

  /// By how much a counter rose; `nil` if it did not.
  static func rise(from old: UInt64, to new: UInt64, is32Bit: Bool) -> UInt64? {
    if new > old { return new - old }
    guard is32Bit, new < old, let old = UInt32(exactly: old), let new = UInt32(exactly: new) else {
      return nil
    }
    let round = new &- old
    return round < farthestRound ? UInt64(round) : nil
  }
}

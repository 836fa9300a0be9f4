import DropEvents

/// How much waits in memory for a database that cannot be written to.
struct WaitingDrops: Equatable {
  /// How many events are held.
  var events: Int
  /// For how many more there was no room.
  var lost: UInt64
}

/// What waits in memory for a database that cannot be written to, within bounds.
///
/// Counts are added up, by site and minute, and when there are too many of them, by minute alone; losses by second, and
/// then by minute; rises of counters likewise, over longer stretches of time. Events stay as they are until there are too many; those that follow become losses.
struct HeldBatch {
  /// How many events are held: with their packets' bytes, some 8 MB, so that a capture stays within its memory.
  static let eventLimit = 1 << 14
  /// How many bytes of packets are held.
  private static let byteLimit = 4 << 20
  /// How many tallies and losses are held before they are added up more coarsely.
  private static let countLimit = 1 << 16
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  private struct Bucket: Hashable {
    var site: DropSite
    var minute: Int64
  }

  private struct LossKey: Hashable {
    var cause: LossCause
    var second: Int64
  }

  /// What to store.
  private(set) var batch = DropBatch()
  /// Events there was no room for, which are among the losses of ``batch``.
  private(set) var lostEvents: UInt64 = 0

  private let eventLimit: Int
  private let countLimit: Int
  /// Whether tallies have been added up without their sites: an event must not be recorded where it is not counted.
  private var isCoarse = false
  /// The stacks that events of ``batch`` have.
  private var stacks: Set<StackID> = []
  /// Where in ``batch`` each tally and each loss stands.
  private var tallies: [Bucket: Int] = [:]
  private var losses: [LossKey: Int] = [:]
  /// Where in ``batch`` the latest rise of each counter stands.
  private var rises: [KernelCounter: Int] = [:]

  init(eventLimit: Int, countLimit: Int = HeldBatch.countLimit) {
    self.eventLimit = eventLimit
    self.countLimit = countLimit
  }

  /// Counts and losses alone.
  ///
  /// Events may follow later: they have been counted then.
  var counts: DropBatch {
    var counts = DropBatch()
    counts.tallies = batch.tallies
    counts.losses = batch.losses
    counts.rises = batch.rises
    return counts
  }

  /// Takes in a batch.
  ///
  /// - Parameters:
  ///   - other: What happened.
  ///   - announces: Whether what it announces is not known to the writer yet.
  ///   - first: How many of its events stand already; if any do, all that it counts does too.
  mutating func add(_ other: DropBatch, announces: Bool, from first: Int = 0) {
    forgetStacks(of: other)
    if announces { announce(other) }
    if first == 0 {
      for tally in other.tallies { add(tally) }
      for loss in other.losses { add(loss) }
      for rise in other.rises { add(rise) }
    }
    for event in other.events.dropFirst(first) {
      guard !isCoarse, batch.events.count < eventLimit else {
        lostEvents &+= 1
        add(DropLoss(cause: .notStored, second: max(0, event.time) / Self.nanosecondsPerSecond, packets: 1))
        continue
      }
      batch.events.append(hold(event, of: other))
      if let stack = event.stack { stacks.insert(stack) }
    }
  }

  /// Forgets what the writer has taken note of, even if it could not store it.
  mutating func haveBeenAnnounced() {
    batch.symbols.removeAll()
    batch.stacks.removeAll()
    batch.namespaces.removeAll()
    batch.controlGroups.removeAll()
    batch.traps.removeAll()
    batch.reasons.removeAll()
    batch.subsystems.removeAll()
  }

  /// Forgets counts and losses; events stay.
  mutating func countsHaveBeenStored() {
    batch.tallies.removeAll()
    batch.losses.removeAll()
    batch.rises.removeAll()
    tallies.removeAll()
    losses.removeAll()
    rises.removeAll()
  }

  /// Forgets so many events, and if there are any, counts and losses.
  mutating func firstEventsHaveBeenStored(_ count: Int) {
    guard count > 0 else { return }
    countsHaveBeenStored()
    batch.events.removeFirst(count)
  }

  /// Forgets all.
  mutating func removeAll() {
    self = HeldBatch(eventLimit: eventLimit, countLimit: countLimit)
  }

  // MARK: - Parts

  /// Numbers of stacks are used again: an event that is held must not get another's stack.
  private mutating func forgetStacks(of other: DropBatch) {
    let changed = Set(other.stacks.map(\.id)).intersection(stacks)
    guard !changed.isEmpty else { return }
    for index in batch.events.indices {
      if let stack = batch.events[index].stack, changed.contains(stack) { batch.events[index].stack = nil }
    }
    stacks.subtract(changed)
  }

  private mutating func announce(_ other: DropBatch) {
    batch.symbols += other.symbols
    batch.stacks += other.stacks
    batch.namespaces += other.namespaces
    batch.controlGroups += other.controlGroups
    batch.traps += other.traps
    batch.reasons += other.reasons
    batch.subsystems += other.subsystems
  }

  private mutating func add(_ tally: DropTally) {
    var bucket = Bucket(site: tally.site, minute: tally.minute)
    if tallies[bucket] == nil, tallies.count >= countLimit {
      bucket.site = DropSite()
      isCoarse = true
    }
    guard let index = tallies[bucket] else {
      tallies[bucket] = batch.tallies.count
      batch.tallies.append(
        DropTally(site: bucket.site, minute: bucket.minute, packets: tally.packets, bytes: tally.bytes))
      return
    }
    Self.add(tally.packets, to: &batch.tallies[index].packets)
    Self.add(tally.bytes, to: &batch.tallies[index].bytes)
  }

  private mutating func add(_ loss: DropLoss) {
    var key = LossKey(cause: loss.cause, second: loss.second)
    if losses[key] == nil, losses.count >= countLimit { key.second -= key.second % 60 }
    guard let index = losses[key] else {
      losses[key] = batch.losses.count
      batch.losses.append(DropLoss(cause: key.cause, second: key.second, packets: loss.packets))
      return
    }
    Self.add(loss.packets, to: &batch.losses[index].packets)
  }

  private mutating func add(_ rise: CounterRise) {
    // Each takes several times the memory of a tally, and there are few: this many come in hours.
    guard batch.rises.count >= max(1, countLimit / 8), let index = rises[rise.counter] else {
      // There are only so many counters, so this stays bounded too.
      rises[rise.counter] = batch.rises.count
      batch.rises.append(rise)
      return
    }
    // From the beginning of the one to the end of the other, the gap in which it did not rise included.
    let end = rise.start.addingReportingOverflow(rise.seconds)
    let width = end.partialValue.subtractingReportingOverflow(batch.rises[index].start)
    if !end.overflow, !width.overflow, width.partialValue > batch.rises[index].seconds {
      batch.rises[index].seconds = width.partialValue
    }
    Self.add(rise.delta, to: &batch.rises[index].delta)
  }

  /// An event with its inner flow and packet, whose places are others here.
  private mutating func hold(_ event: DropEvent, of other: DropBatch) -> DropEvent {
    var event = event
    event.inner = event.inner.flatMap { index in
      guard Int(index) < other.innerFlows.count else { return nil }
      batch.innerFlows.append(other.innerFlows[Int(index)])
      return UInt32(clamping: batch.innerFlows.count - 1)
    }
    event.packet = event.packet.flatMap { index in
      guard Int(index) < other.packets.count else { return nil }
      var packet = other.packets[Int(index)]
      let (end, overflow) = packet.start.addingReportingOverflow(packet.count)
      guard !overflow, packet.start >= 0, packet.count >= 0, end <= other.packetBytes.count,
        batch.packetBytes.count + packet.count <= Self.byteLimit
      else { return nil }
      let bytes = other.packetBytes[packet.start..<end]
      packet.start = batch.packetBytes.count
      batch.packetBytes += bytes
      batch.packets.append(packet)
      return UInt32(clamping: batch.packets.count - 1)
    }
    return event
  }

  private static func add(_ count: UInt64, to sum: inout UInt64) {
    let (result, overflow) = sum.addingReportingOverflow(count)
    sum = overflow ? .max : result
  }
}

import DropEvents
import DropStore
import Logging

/// Writes a capture into its database, and goes on when that cannot be written to for a time.
///
/// What could not be stored is held in memory and tried again, once a second: counts and losses all of them, events as far
/// as there is room; those that there is no room for are lost, for a cause of their own. So a full disk costs detail and no
/// count.
struct PatientWriter: ~Copyable {
  /// What ends the patience: errors that no waiting mends are thrown.
  private static let passing: Set<StoreError.Code> = [.full, .busy, .io, .readOnly]
  /// How often it is tried to store what is held.
  private static let interval = Duration.seconds(1)
  /// How often it is told that nothing is stored.
  private static let telling = Duration.seconds(60)

  private var writer: DropWriter
  private var held: HeldBatch
  private let tell: (String) -> Void
  private let clock: () -> ContinuousClock.Instant
  /// Since when nothing could be stored, and why not.
  private var trouble: (since: ContinuousClock.Instant, error: StoreError)?
  private var lastTried: ContinuousClock.Instant?
  private var lastTold: ContinuousClock.Instant?

  /// A writer that goes on.
  ///
  /// - Parameters:
  ///   - writer: Writes into the database.
  ///   - eventLimit: How many events are held in memory.
  ///   - clock: What time it is.
  ///   - tell: Says something to whoever watches.
  init(
    _ writer: consuming DropWriter, eventLimit: Int = HeldBatch.eventLimit,
    clock: @escaping () -> ContinuousClock.Instant = { .now },
    tell: @escaping (String) -> Void = { OperatorLog.shared.warning("\($0)") }
  ) {
    self.writer = writer
    held = HeldBatch(eventLimit: eventLimit)
    self.clock = clock
    self.tell = tell
  }

  /// What stands in the database.
  var totals: CaptureTotals { writer.totals }

  /// What waits in memory, for the database cannot be written to; `nil` when it can.
  var waiting: WaitingDrops? {
    trouble.map { _ in WaitingDrops(events: held.batch.events.count, lost: held.lostEvents) }
  }

  /// Stores a batch, or holds it in memory.
  ///
  /// - Parameter batch: What happened.
  /// - Throws: ``StoreError`` for a fault that does not pass.
  mutating func write(_ batch: DropBatch) throws(StoreError) {
    guard trouble != nil else {
      do {
        try writer.write(batch)
      } catch {
        guard Self.passing.contains(error.code) else { throw error }
        // What the batch announces, the writer has remembered.
        held.add(batch, announces: false, from: writer.eventsStored)
        let now = clock()
        trouble = (now, error)
        lastTried = now
        tellTrouble(now)
      }
      return
    }
    held.add(batch, announces: true)
    let now = clock()
    if let lastTried, lastTried.duration(to: now) < Self.interval { return tellAgain(now) }
    try tryAgain(now)
  }

  /// Tries a last time to store what is held, and ends the capture.
  ///
  /// - Parameter end: When it ended, in nanoseconds since the epoch.
  /// - Returns: What was written of it.
  /// - Throws: ``StoreError`` when not all could be stored; what was stored before stands.
  consuming func finish(at end: Int64) throws(StoreError) -> CaptureTotals {
    let failure = lastFailure()
    let totals = try writer.finish(at: end)
    if let failure { throw failure }
    return totals
  }

  /// Tries once more to store what is held, if there is anything.
  ///
  /// - Returns: Why it could not be stored.
  private mutating func lastFailure() -> StoreError? {
    guard trouble != nil else { return nil }
    do {
      try tryAgain(clock(), waits: true)
    } catch {
      return error
    }
    return trouble?.error
  }

  /// Tries to store what is held.
  ///
  /// - Parameters:
  ///   - now: What time it is.
  ///   - waits: Whether to wait for a lock: while this does nobody empties the kernel's ring.
  /// - Throws: ``StoreError`` for a fault that does not pass.
  private mutating func tryAgain(
    _ now: ContinuousClock.Instant, waits: Bool = false
  ) throws(StoreError) {
    do {
      try writer.write(held.batch, waits: waits)
      let (events, lost) = (held.batch.events.count, held.lostEvents)
      held.removeAll()
      let seconds = trouble.map { $0.since.duration(to: now).components.seconds } ?? 0
      trouble = nil
      lastTried = nil
      lastTold = nil
      tell(
        "the database can be written to again, after \(seconds) s: all drops since are counted, \(events) recorded late"
          + (lost > 0 ? ", and \(lost) could not be kept (not_stored)" : ""))
    } catch {
      guard Self.passing.contains(error.code) else { throw error }
      trouble?.error = error
      lastTried = clock()
      held.haveBeenAnnounced()
      held.firstEventsHaveBeenStored(writer.eventsStored)
      if error.code == .full { try storeCounts() }
      tellAgain(now)
    }
  }

  /// Where there is no room for events there may be for their counts, which replace others.
  private mutating func storeCounts() throws(StoreError) {
    do {
      try writer.write(held.counts, waits: false)
      held.countsHaveBeenStored()
    } catch {
      guard Self.passing.contains(error.code) else { throw error }
    }
  }

  private mutating func tellAgain(_ now: ContinuousClock.Instant) {
    guard let lastTold, lastTold.duration(to: now) >= Self.telling else { return }
    tellTrouble(now)
  }

  private mutating func tellTrouble(_ now: ContinuousClock.Instant) {
    guard let trouble else { return }
    lastTold = now
    let seconds = trouble.since.duration(to: now).components.seconds
    var text = "\(trouble.error); "
    text += seconds > 0 ? "for \(seconds) s now drops are" : "drops are"
    text += " counted in memory, \(held.batch.events.count) recorded there"
    if held.lostEvents > 0 { text += ", \(held.lostEvents) could not be kept" }
    tell(text + "; it is tried again every second")
  }
}

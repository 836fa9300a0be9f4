public import DropEvents

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Writes a capture into a database, of which it is the only writer.
///
/// What has been written stands even if the machine loses power the moment after. A writer that goes without
/// ``finish(at:)``, or is killed, leaves a complete database in which the capture has no end; the next writer ends it
/// at the time of its last write.
public struct DropWriter: ~Copyable {
  /// How many rows of the dictionary of flows are remembered, of 16 bytes: 4 MB; of each other, an eighth as many.
  private static let remembered = 1 << 18
  /// How large the log beside the database may become, in bytes: 64 MB, and less what stands in it beside pages.
  private static let logLimit: Int64 = 60 << 20
  /// How many events with a flow that is not remembered to store with one transaction: each may take a page of the log.
  private static let newFlows = 10_000

  /// What has been written of this capture.
  public private(set) var totals = CaptureTotals()
  /// How many events of the latest batch stand, the first ones of it.
  ///
  /// All of them, unless an error was thrown. If any do, so does what the batch counts and announces.
  public private(set) var eventsStored = 0

  private let connection: Connection
  private let kernel: Int64
  private var begin: Statement
  private var commit: Statement
  private var capture: CaptureRow
  private var dictionaries: DropDictionaries
  private let newFlows: Int
  /// The rows of the flows of the events that are stored with one transaction.
  private var flows: [Int64] = []
  private var events: EventTable
  private var packets: PacketTable
  private var tallies: TallyTable
  private var rises: RiseTable
  private var announcements = Announcements()
  private var retention: Retention
  private var logAhead: LogAhead

  /// Opens a database for a capture, makes it if there is none, and migrates an older one.
  ///
  /// - Parameters:
  ///   - path: the file. A new one is readable by all as far as the umask allows.
  ///   - capture: who captures, and what the numbers to come mean.
  ///   - retention: how much of the past to keep; with each batch some of what is too old or too much goes.
  /// - Throws: ``StoreError`` when another process captures into it, it is not one of dropdb's or of a newer version,
  ///   or it cannot be written to; it is left as it was then.
  public init(
    path: String, capture: CaptureDescription, retention: RetentionPolicy = RetentionPolicy()
  ) throws(StoreError) {
    try self.init(
      path: path, capture: capture, retention: retention, remembered: Self.remembered,
      logLimit: Self.logLimit, newFlows: Self.newFlows)
  }

  package init(
    path: String, capture: CaptureDescription, retention: RetentionPolicy = RetentionPolicy(),
    remembered: Int = Self.remembered, logLimit: Int64 = Self.logLimit, newFlows: Int = Self.newFlows
  ) throws(StoreError) {
    let connection = try Connection.writing(path)
    try connection.migrate()
    let registration = try connection.transaction { () throws(StoreError) in try connection.register(capture)
    }
    connection.handle.keepFile()
    // From here on this writer refers only to rows it has found or made: DESIGN.md.
    try connection.execute("PRAGMA foreign_keys = OFF")
    let begin = try connection.prepare("BEGIN IMMEDIATE", persistent: true)
    let commit = try connection.prepare("COMMIT", persistent: true)
    let row = try CaptureRow(connection, id: registration.capture)
    let dictionaries = try DropDictionaries(connection, boot: registration.boot, limit: remembered)
    let events = try EventTable(connection)
    let packets = try PacketTable(connection)
    let tallies = try TallyTable(connection)
    let rises = try RiseTable(connection)
    let logSize = try connection.fullLogSize()
    if LogRoom.allows(logSize, limit: logLimit, size: retention.size) { connection.lengthenLog(to: logSize) }
    let retention = try Retention(connection, retention, logLimit: logLimit)
    let logAhead = try LogAhead(connection)
    self.retention = retention
    self.logAhead = logAhead
    self.newFlows = newFlows
    kernel = registration.kernel
    self.begin = begin
    self.commit = commit
    self.capture = row
    self.dictionaries = dictionaries
    self.events = events
    self.packets = packets
    self.tallies = tallies
    self.rises = rises
    self.connection = connection
  }

  /// Stores a batch.
  ///
  /// Also of an empty one it is noted that the capture was alive, so write one now and then when there is nothing else.
  /// One with more than 10,000 flows that are not remembered takes several transactions.
  ///
  /// - Parameters:
  ///   - batch: what happened. What it announces is remembered even if it could not be stored.
  ///   - waits: whether to wait, for two seconds at most, for another process that has the file locked.
  /// - Throws: ``StoreError``; of the batch is stored then what ``eventsStored`` says, nothing as a rule, and the rest may be
  ///   written again, but for ``StoreError/Code/replaced``: the file is not there any more. One is ``StoreError/Code/busy`` when a reader stays
  ///   until the log beside the database, which cannot be emptied meanwhile, has 48 MiB, or less where the batch brings many
  ///   new flows or the size is limited to less than 256 MiB: until it goes nothing is stored.
  public mutating func write(_ batch: DropBatch, waits: Bool = true) throws(StoreError) {
    eventsStored = 0
    announcements.add(batch)
    repeat { try storeNext(batch, waits) } while eventsStored < batch.events.count
  }

  /// Stores as much of a batch as one transaction takes.
  private mutating func storeNext(_ batch: borrowing DropBatch, _ waits: Bool) throws(StoreError) {
    let logSize = try connection.handle.requireInPlace()
    let newRows = dictionaries.lookUpFlows(
      of: batch, from: eventsStored, atMost: newFlows, announcements, &flows)
    let events = batch.events[eventsStored..<eventsStored + flows.count]
    try retention.makeRoomInLog(connection, before: events, newRows: newRows, logSize: logSize)
    var totals = totals
    do {
      try connection.waiting(waits) { () throws(StoreError) in try begin.run() }
      if try retention.step(connection, before: events, now: Self.now()) {
        dictionaries.forget(deletedBy: retention)
      }
      try store(batch, events, &totals)
      try commit.run()
    } catch {
      connection.rollBack()
      dictionaries.forget(announcements)
      self.events.forget()
      tallies.forget()
      retention.forget()
      throw error
    }
    retention.noteCommit(connection)
    logAhead.noteCommit(connection)
    announcements.haveBeenStored()
    self.totals = totals
    eventsStored += events.count
  }

  /// Ends the capture and closes the database.
  ///
  /// - Parameter end: when it ended, in nanoseconds since the epoch.
  /// - Returns: what was written of it.
  /// - Throws: ``StoreError`` when the end could not be stored; what was written before stands.
  public consuming func finish(at end: Int64) throws(StoreError) -> CaptureTotals {
    try capture.end(at: end)
    // So that the file alone is complete and can be copied; what a reader still needs stays in the log beside it.
    try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return totals
  }

  /// Stores some events of a batch, and with the first ones what it counts.
  private mutating func store(
    _ batch: borrowing DropBatch, _ events: ArraySlice<DropEvent>, _ totals: inout CaptureTotals
  ) throws(StoreError) {
    try connection.register(announcements.reasons, announcements.subsystems, kernel: kernel)
    try dictionaries.store(announcements)
    let isFirst = events.startIndex == 0
    if isFirst {
      for tally in batch.tallies {
        tallies.add(tally, site: try dictionaries.site(tally.site, announcements))
        totals.counted.addClamped(tally.packets)
      }
    }
    try dictionaries.findFlows(of: batch, from: events.startIndex, &flows)
    retention.note(flows: flows)
    for (event, flow) in zip(events, flows) {
      let path = try dictionaries.path(of: event, announcements)
      let task = try dictionaries.task(of: event)
      self.events.add(event, path: path.row, flow: flow, task: task)
      tallies.addRecorded(at: event.time, site: path.site)
    }
    try self.events.flush { number, time throws(StoreError) in
      guard let packet = batch.packets.element(at: number) else { return }
      try packets.add(packet, in: batch.packetBytes, at: time)
    }
    totals.recorded.addClamped(UInt64(events.count))
    try tallies.flush()
    if isFirst {
      for loss in batch.losses {
        try capture.add(loss)
        totals.lost[loss.cause, default: 0].addClamped(loss.packets)
      }
      for rise in batch.rises {
        try rises.add(rise, counter: try dictionaries.counter(rise.counter))
      }
    }
    try capture.update(totals, losses: isFirst ? Set(batch.losses.lazy.map(\.cause)) : [], at: Self.now())
  }

  /// The time in nanoseconds since the epoch.
  private static func now() -> Int64 {
    var time = timespec()
    // Cannot fail: the clock exists and the pointer is good.
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

extension DropBatch {
  /// What the packet of an event carries inside.
  func innerFlow(of event: DropEvent) -> InnerFlow? {
    event.inner.flatMap { innerFlows.element(at: $0) }
  }
}

extension Array {
  /// The element with a number that came from outside, if there is one.
  fileprivate func element(at index: UInt32) -> Element? {
    Int(index) < count ? self[Int(index)] : nil
  }
}

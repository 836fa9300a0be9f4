internal import DropEvents

/// Decides when orphans are collected beside a capture, and how much of that each batch bears.
struct OrphanRounds: ~Copyable {
  /// After how many orphans to look how large the log has become.
  private static let atOnce: Int64 = 250
  /// For how many batches the deleting of orphans may be made up for, when a reader was in its way.
  private static let arrears: Int64 = 4

  private var orphans: Orphans
  /// Whether all orphans go in this round, however few they are: new flows flood in, or there was not room enough.
  private var isThorough = false
  /// What collecting orphans may do before or with the next batches.
  private var due = Orphans.Effort()
  /// How many orphans may go with the latest batch where none are made up for.
  private var ordinary: Int64 = 0
  /// How many may still go before or with this batch.
  private var allowed: Int64 = 0
  /// Events deleted since the last round of collecting orphans.
  private(set) var deletedSinceCollecting: Int64 = 0
  /// Events deleted since it was last known how many orphans there are.
  private var deletedSinceCounting: Int64 = 0
  /// What that was when the latest round counted them; `nil` until it has.
  private var countedInterval: Int64?
  /// How many orphans the latest round left.
  private var orphansLeft: Int64 = 0
  /// The last row of the flows when the latest round began.
  private var lastNewestFlow: Int64 = 0
  /// How many events to delete before the next round.
  private var interval: Int64

  /// No round yet, in a file of so many pages.
  init(_ connection: borrowing Connection, pages: Int64) throws(StoreError) {
    let orphans = try Orphans(connection)
    self.orphans = orphans
    interval = Self.firstInterval(pages)
  }

  /// Whether a round is under way.
  var isWorking: Bool { orphans.isWorking }

  /// Whether a round deletes rows.
  var isSweeping: Bool { orphans.isSweeping }

  /// Whether rows of dictionaries stay, where ``collect(_:_:_:pages:isPressed:)`` has said that others may go.
  func keeps(flow: Int64) -> Bool { orphans.keeps(flow: flow) }
  func keeps(task: Int64) -> Bool { orphans.keeps(task: task) }
  func keeps(path: Int64) -> Bool { orphans.keeps(path: path) }

  /// Notes that the events of a batch have these flows.
  mutating func note(flows: [Int64]) { orphans.note(flows: flows) }

  /// Notes that events have been deleted.
  mutating func note(deleted: Int64) {
    deletedSinceCollecting += deleted
    deletedSinceCounting += deleted
  }

  /// Notes that the events of a batch will be stored, at their times or behind them.
  mutating func expect(_ batch: ArraySlice<DropEvent>) {
    guard orphans.isWorking else { return }
    for event in batch { orphans.expectEvents(from: event.time) }
  }

  /// Gives up the round: after a rollback nobody knows how far it had come.
  mutating func abandon() { orphans.abandon() }

  /// Goes on with a round, or begins one where it is time, in the transaction that stores a batch.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - count: how many events the batch has.
  ///   - log: what may be added to the log, which notes what is.
  ///   - pages: how many pages the file has.
  ///   - isPressed: whether there was not room enough in the file although all was done that one step may do.
  /// - Returns: whether what is remembered of dictionaries and does not stay must be forgotten, because it may go.
  /// - Throws: what is wrong with the database.
  mutating func collect(
    _ connection: borrowing Connection, _ count: Int64, _ log: inout LogRoom, pages: Int64, isPressed: Bool
  ) throws(StoreError) -> Bool {
    if !orphans.isWorking {
      let newestFlow = try orphans.newestFlow()
      // A flood of new flows may have begun since the interval was found.
      let isFlood =
        newestFlow.subtractingClamped(lastNewestFlow) >= orphans.read / 2
        && deletedSinceCollecting >= Self.firstInterval(pages)
      guard isFlood || deletedSinceCollecting >= interval || isPressed && deletedSinceCollecting > 0
      else { return false }
      isThorough = isPressed || isFlood && orphans.read > 0
      lastNewestFlow = newestFlow
      try orphans.begin()
      due = Orphans.Effort()
      countedInterval = nil
      deletedSinceCollecting = 0
    }
    isThorough = isThorough || isPressed
    var mustForget = false
    if isSweepDue, connection.logSize <= log.sweepLimit(sparing: log.needed) {
      try sweep(connection, log, sparing: log.needed)
      log.noteSweep(connection)
    } else {
      // What has come must be seen before any of it may go, even if no orphan can.
      var effort = Orphans.Effort(events: Self.eventsToRead(count, isPressed), isThorough: isThorough)
      mustForget = try orphans.step(&effort)
    }
    if orphans.isSweeping, countedInterval == nil {
      countedInterval = deletedSinceCounting
      deletedSinceCounting = 0
    }
    if !orphans.isWorking { interval = nextInterval(pages) }
    return mustForget
  }

  /// Notes that a batch of so many events will be stored next.
  mutating func expect(batch count: Int64, isPressed: Bool) {
    ordinary = Self.deletions(count, isPressed)
    // What is made up for is spread over several batches, or one of them would take as long as several.
    allowed = ordinary + ordinary / 4
  }

  /// Deletes orphans that are too many to go with a batch, in transactions of their own between which the log is emptied.
  ///
  /// Where a reader keeps it from being emptied they stay, unless the log has room for them and the batch: what is due
  /// is made up for later.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - log: what may be added to the log.
  ///   - pages: the pages of the file.
  /// - Throws: what is wrong with the database.
  mutating func sweepAlone(
    _ connection: borrowing Connection, _ log: LogRoom, _ pages: inout FilePages
  ) throws(StoreError) {
    var isEmpty = try connection.emptyLog()
    while isSweepDue, due.deletions > ordinary {
      guard try sweepAlone(connection, log, sparing: isEmpty ? 0 : log.needed) else { break }
      isEmpty = try connection.emptyLog()
    }
    if !orphans.isWorking { interval = nextInterval(try pages.count()) }
  }

  /// Lets the next batch delete so many orphans more, and what the latest ones could not.
  ///
  /// - Parameters:
  ///   - count: how many events this batch has.
  ///   - isPressed: as of ``collect(_:_:_:pages:isPressed:)``.
  mutating func addToDue(_ count: Int64, isPressed: Bool) {
    guard orphans.isSweeping else { return }
    let rows = max(40_000, 8 * count)
    let deletions = Self.deletions(count, isPressed)
    due = Orphans.Effort(
      events: Self.eventsToRead(count, isPressed), rows: min(due.rows + rows, Self.arrears * rows),
      deletions: min(due.deletions + deletions, Self.arrears * deletions), isThorough: isThorough)
  }

  /// How many events to read for orphans before or with a batch.
  private static func eventsToRead(_ count: Int64, _ isPressed: Bool) -> Int64 {
    isPressed ? max(100_000, 10 * count) : max(40_000, 8 * count)
  }

  /// How many orphans to delete before or with a batch.
  private static func deletions(_ count: Int64, _ isPressed: Bool) -> Int64 {
    isPressed ? max(10_000, 4 * count) : max(5_000, 2 * count)
  }

  /// Whether there is something left to delete.
  private var isSweepDue: Bool {
    orphans.isSweeping && due.rows > 0 && min(due.deletions, allowed) > 0
  }

  /// Deletes orphans in the open transaction, as long as they are due and the log has room.
  private mutating func sweep(
    _ connection: borrowing Connection, _ log: LogRoom, sparing spared: Int64
  ) throws(StoreError) {
    let limit = log.sweepLimit(sparing: spared)
    repeat {
      var effort = due
      let atMost = min(due.deletions, allowed, Self.atOnce)
      effort.deletions = atMost
      _ = try orphans.step(&effort)
      due.deletions -= atMost - effort.deletions
      allowed -= atMost - effort.deletions
      due.rows = effort.rows
    } while isSweepDue && connection.logSize <= limit
  }

  /// Deletes orphans in a transaction of its own.
  ///
  /// - Returns: whether the log had room, and nobody else had the database locked.
  private mutating func sweepAlone(
    _ connection: borrowing Connection, _ log: LogRoom, sparing spared: Int64
  ) throws(StoreError) -> Bool {
    let limit = log.sweepLimit(sparing: spared)
    guard connection.logSize <= limit, connection.beginAtOnce() else { return false }
    do {
      try sweep(connection, log, sparing: spared)
      try connection.execute("COMMIT")
    } catch {
      connection.rollBack()
      abandon()
      throw error
    }
    return true
  }

  /// After how many deleted events to collect again: when there may be so many orphans that they are few no more.
  ///
  /// A flow takes as much room as three events, so what stays of flows costs history. Where nearly each event has a flow of its own,
  /// that is when a quarter of the events have gone; where flows go on for long, rarely, for reading all events costs the more
  /// the less it finds.
  private mutating func nextInterval(_ pages: Int64) -> Int64 {
    let come = max(1, orphans.found - orphansLeft)
    orphansLeft = max(0, orphans.found - orphans.deleted)
    let wanted = max(0, orphans.read / Orphans.few - orphansLeft)
    let (product, isHuge) = wanted.multipliedReportingOverflow(by: countedInterval ?? deletedSinceCounting)
    let interval = isHuge ? .max : product / come
    return max(Self.firstInterval(pages), min(max(interval, orphans.read / 4), orphans.read * 8))
  }

  /// After how many deleted events to collect for the first time: a sixteenth of those that fit into the file.
  private static func firstInterval(_ pages: Int64) -> Int64 { max(10_000, pages * 8) }
}

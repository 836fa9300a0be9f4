internal import DropEvents

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Keeps a database that is being captured into within a ``RetentionPolicy``, a little with each commit.
struct Retention: ~Copyable {
  /// About as many rows of `event` leave a page when they go.
  private static let eventsPerPage: Int64 = 130
  /// What is kept free of the size for the log, at most: what SQLite lets it become before it moves it into the file
  /// (`wal_autocheckpoint`, 4 MiB), and a commit of 10,000 events with a new flow each, which may touch as many pages.
  private static let largestLog: Int64 = 64 << 20
  /// What SQLite may have in memory of an open transaction (`cache_size`), in bytes; the rest is in the log.
  private static let unwritten: Int64 = 8 << 20
  /// After how many orphans to look how large the log has become, and what they may add to it, in bytes.
  private static let orphansAtOnce: (rows: Int64, log: Int64) = (250, 2 << 20)
  /// For how many batches the deleting of orphans may be made up for, when a reader was in its way.
  private static let arrears: Int64 = 4
  /// How many events to delete with one commit at most, in the ordinary case.
  private static let deletions: Int64 = 50_000
  /// The newest tallies stay fine whatever happens, in nanoseconds.
  private static let freshness: Int64 = 2 * OldTallies.hour * 1_000_000_000

  private let policy: RetentionPolicy
  private let path: String
  /// How large the log may become, in bytes.
  private let mostLog: Int64
  private var pages: FilePages
  private var events: OldEvents
  private var tallies: OldTallies
  private var orphans: Orphans

  /// Up to where tallies are hours, and days, by age.
  private var hoursPosition: Int64 = 0
  private var daysPosition: Int64 = 0
  /// The same for want of room.
  private var pressedHoursPosition: Int64 = 0
  private var pressedDaysPosition: Int64 = 0
  /// What the latest batches took, in pages.
  private var growth: Int64 = 0
  /// What the latest batches added to the log, without orphans, in bytes.
  private var logGrowth: Int64 = 0
  /// Whether orphans have gone in the transaction of the batch.
  private var hasSwept = false
  /// What there was room for when the last step ended, in pages.
  private var roomLeft: Int64?
  /// Whether there was not room enough although all was done that one step may do.
  private var isPressed = false
  /// Whether all orphans go in this round, however few they are: new flows flood in, or there was not room enough.
  private var isThorough = false
  /// What collecting orphans may do before or with the next batch.
  private var due = Orphans.Effort()
  /// Events deleted since the last round of collecting orphans.
  private var deletedSinceCollecting: Int64 = 0
  /// Events deleted since it was last known how many orphans there are.
  private var deletedSinceCounting: Int64 = 0
  /// What that was when the latest round counted them; `nil` until it has.
  private var countedInterval: Int64?
  /// How many orphans the latest round left.
  private var orphansLeft: Int64 = 0
  /// The last row of the flows when the latest round began.
  private var lastNewestFlow: Int64 = 0
  /// How many events to delete before the next round.
  private var collectingInterval: Int64

  /// Finds out how far the database has come.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - policy: what to keep.
  ///   - logLimit: how large the log beside it may become, in bytes.
  /// - Throws: what is wrong with the database.
  init(_ connection: borrowing Connection, _ policy: RetentionPolicy, logLimit: Int64) throws(StoreError) {
    var pages = try FilePages(connection)
    let collectingInterval = Self.firstInterval(try pages.count())
    let events = try OldEvents(connection)
    let tallies = try OldTallies(connection)
    let orphans = try Orphans(connection)
    self.policy = policy
    path = connection.handle.path
    mostLog = logLimit
    self.collectingInterval = collectingInterval
    self.pages = pages
    self.events = events
    self.tallies = tallies
    self.orphans = orphans
  }

  /// Makes room before a batch is stored, in the transaction that stores it.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - batch: what will be stored then.
  ///   - now: nanoseconds since the epoch.
  /// - Returns: whether what is remembered of dictionaries and does not stay must be forgotten, because it may go.
  /// - Throws: what is wrong with the database; call ``forget()`` then.
  mutating func step(
    _ connection: borrowing Connection, before batch: borrowing DropBatch, now: Int64
  ) throws(StoreError) -> Bool {
    guard !policy.isUnlimited else { return false }
    let count = Int64(batch.events.count)
    try noteGrowth()
    // First, for it must see what has come before any of that may go again.
    let mustForget = try collect(connection, count)
    let effort = max(Self.deletions, 4 * count)
    var deleted: Int64 = 0
    if let age = policy.events, now > age {
      deleted = try events.delete(atMost: effort, before: now - age)
    }
    if let age = policy.tallies, now > age {
      _ = try tallies.delete(atMost: effort / 16, before: now - age)
    }
    try widenOldTallies(now)
    isPressed = try makeRoom(for: count, effort - deleted, now, &deleted)
    deletedSinceCollecting += deleted
    deletedSinceCounting += deleted
    // What is in the batch stands at these times or behind them.
    if orphans.isWorking {
      for event in batch.events { orphans.expectEvents(from: event.time) }
    }
    try shrink(connection)
    if orphans.isSweeping { addToDue(count) }
    roomLeft = try room()
    return mustForget
  }

  /// Notes that a batch stands: what it took of the log.
  mutating func noteCommit(_ connection: borrowing Connection) {
    let written = connection.handle.takePagesWritten() * pages.size
    // Batches differ: the next may add more, and this is slowly forgotten. Orphans may have a part in it.
    let growth = written + written / 8
    logGrowth = hasSwept ? max(growth - Self.unwritten, logGrowth) : max(growth, logGrowth - logGrowth / 16)
  }

  /// Whether rows of dictionaries stay, where ``step(_:before:now:)`` has said that others may go.
  func keeps(flow: Int64) -> Bool { orphans.keeps(flow: flow) }
  func keeps(task: Int64) -> Bool { orphans.keeps(task: task) }
  func keeps(path: Int64) -> Bool { orphans.keeps(path: path) }

  /// Notes that the events of a batch have these flows.
  mutating func note(flows: [Int64]) {
    guard !policy.isUnlimited else { return }
    orphans.note(flows: flows)
  }

  /// Forgets how far it has come: after a rollback nobody knows.
  mutating func forget() {
    orphans.abandon()
    hoursPosition = 0
    daysPosition = 0
    pressedHoursPosition = 0
    pressedDaysPosition = 0
    roomLeft = nil
  }

  // MARK: The log

  /// Makes room in the log before a batch is stored, outside of any transaction.
  ///
  /// Orphans that are too many to go with the batch go here, in transactions of their own between which the log is emptied. Where a
  /// reader keeps it from being emptied they stay, unless the log has room for them and the batch: what is due is made up for later.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - batch: what will be stored then.
  /// - Throws: ``StoreError/Code/busy`` when a reader is in the way of the batch itself, or what is wrong with the database. What is
  ///   known of it holds, and ``forget()`` is not to be called.
  mutating func makeRoomInLog(
    _ connection: borrowing Connection, before batch: borrowing DropBatch
  ) throws(StoreError) {
    if orphans.isSweeping {
      try noteGrowth()
      var isEmpty = try connection.emptyLog()
      let deletions = deletions(Int64(batch.events.count))
      while isSweepDue, due.deletions > deletions {
        guard try sweepAlone(connection, sparing: isEmpty ? 0 : logGrowth) else { break }
        isEmpty = try connection.emptyLog()
      }
      if !orphans.isWorking { collectingInterval = nextInterval(try pages.count()) }
    }
    try connection.requireRoomInLog(logLimit())
    _ = connection.handle.takePagesWritten()
    hasSwept = false
  }

  /// How large the log may be before a batch is stored, so that it and the file stay within their limits; in bytes.
  private func logLimit() -> Int64 {
    let limit = min(mostLog / 5 * 4, mostLog - logGrowth)
    guard let size = policy.size else { return max(0, limit) }
    // A file that is too large becomes smaller only by what goes through the log.
    let least = excess(size) > 0 ? Self.logRoom(size) / 4 : 0
    return max(0, min(limit, max(least, Self.logRoom(size) - excess(size) - logGrowth)))
  }

  /// How large the log may be for orphans to be deleted, where some of it is spared; in bytes.
  private func sweepLimit(sparing spared: Int64) -> Int64 {
    var limit = mostLog
    if let size = policy.size { limit = min(limit, Self.logRoom(size) - excess(size)) }
    // From an empty log some may go whatever the limit is.
    return max(0, limit - Self.unwritten - Self.orphansAtOnce.log - spared)
  }

  /// What is kept free of a size for the log, in bytes.
  private static func logRoom(_ size: Int64) -> Int64 { min(largestLog, size / 4) }

  /// How many bytes of what is kept free for the log the file has taken.
  private func excess(_ size: Int64) -> Int64 {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return 0 }
    return max(0, Int64(status.st_size) - (size - Self.logRoom(size)))
  }

  // MARK: By age

  private mutating func widenOldTallies(_ now: Int64) throws(StoreError) {
    var effort: Int64 = 5_000
    while effort > 0,
      let widened = try tallies.widenNext(
        to: OldTallies.hour, from: &hoursPosition, before: now.subtractingClamped(policy.minutesAge))
    {
      effort -= widened + 100
    }
    while effort > 0,
      let widened = try tallies.widenNext(
        to: OldTallies.day, from: &daysPosition, before: now.subtractingClamped(policy.hoursAge))
    {
      effort -= widened + 100
    }
  }

  // MARK: By size

  /// The pages that the file may have: what is left of the size beside the log.
  private mutating func budget() throws(StoreError) -> Int64? {
    guard let size = policy.size else { return nil }
    let budget = (size - Self.logRoom(size)) / pages.size
    // A file that cannot shrink is not made any emptier than it must be in order not to grow.
    return pages.canShrink ? budget : max(budget, try pages.count())
  }

  /// The pages that may still be filled.
  private mutating func room() throws(StoreError) -> Int64? {
    guard let budget = try budget() else { return nil }
    return budget - (try pages.count()) + (try pages.free())
  }

  /// Deletes what it takes to have room for a batch and another like it.
  ///
  /// - Returns: whether that did not suffice.
  private mutating func makeRoom(
    for count: Int64, _ effort: Int64, _ now: Int64, _ deleted: inout Int64
  ) throws(StoreError) -> Bool {
    guard var room = try room() else { return false }
    // Of an event of which nothing is known yet, 256 bytes.
    let wanted = max(64, count / 16, 2 * growth)
    var effort = max(0, effort)
    while room < wanted, effort > 0 {
      let rows = min(effort, (wanted - room) * Self.eventsPerPage)
      let gone = try events.delete(atMost: rows, before: .max)
      deleted += gone
      effort -= rows
      room = try self.room() ?? .max
      if gone < rows { break }
    }
    guard room < wanted else { return false }
    guard effort > 0 else { return true }
    // No event is left. What was counted stays as long as it can: as hours, then as days.
    return try !makeRoomFromTallies(wanted, now)
  }

  /// - Returns: whether it sufficed.
  private mutating func makeRoomFromTallies(_ wanted: Int64, _ now: Int64) throws(StoreError) -> Bool {
    let fresh = now.subtractingClamped(Self.freshness)
    for _ in 0..<24 {
      if try room() ?? .max >= wanted { return true }
      let hours = try tallies.widenNext(to: OldTallies.hour, from: &pressedHoursPosition, before: fresh)
      if hours != nil { continue }
      let days = try tallies.widenNext(to: OldTallies.day, from: &pressedDaysPosition, before: fresh)
      if days != nil { continue }
      if orphans.isWorking || deletedSinceCollecting > 0 { break }
      if try tallies.delete(atMost: 1_000, before: fresh) == 0 { break }
    }
    return try room() ?? .max >= wanted
  }

  /// Notes what the latest batch took of the file, before more room is made.
  private mutating func noteGrowth() throws(StoreError) {
    guard let roomLeft, let room = try room() else { return }
    // Slowly forgotten, because batches differ.
    growth = max(roomLeft - room, growth - growth / 16)
    self.roomLeft = nil
  }

  /// Gives pages back where the file is too large, or a quarter of it is empty.
  private mutating func shrink(_ connection: borrowing Connection) throws(StoreError) {
    guard pages.canShrink else { return }
    let count = try pages.count()
    let free = try pages.free()
    let kept = max(64, 2 * growth)
    if let budget = try budget(), count > budget, free > kept {
      try pages.shrink(connection, by: min(512, count - budget, free - kept))
    } else if free > max(4_096, count / 4) + kept {
      try pages.shrink(connection, by: 128)
    }
  }

  // MARK: Orphans

  private mutating func collect(
    _ connection: borrowing Connection, _ count: Int64
  ) throws(StoreError) -> Bool {
    if !orphans.isWorking {
      let newestFlow = try orphans.newestFlow()
      // A flood of new flows may have begun since the interval was found.
      let least = Self.firstInterval(try pages.count())
      let isFlood =
        newestFlow.subtractingClamped(lastNewestFlow) >= orphans.read / 2
        && deletedSinceCollecting >= least
      guard
        isFlood || deletedSinceCollecting >= collectingInterval || isPressed && deletedSinceCollecting > 0
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
    if isSweepDue, connection.logSize <= sweepLimit(sparing: logGrowth) {
      try sweep(connection, sparing: logGrowth)
      hasSwept = true
      _ = connection.handle.takePagesWritten()
    } else {
      // What has come must be seen before any of it may go, even if no orphan can.
      var effort = Orphans.Effort(events: eventsToRead(count), isThorough: isThorough)
      mustForget = try orphans.step(&effort)
    }
    if orphans.isSweeping, countedInterval == nil {
      countedInterval = deletedSinceCounting
      deletedSinceCounting = 0
    }
    if !orphans.isWorking { collectingInterval = nextInterval(try pages.count()) }
    return mustForget
  }

  /// How many events to read for orphans before or with a batch.
  private func eventsToRead(_ count: Int64) -> Int64 {
    isPressed ? max(100_000, 10 * count) : max(40_000, 4 * count)
  }

  /// How many orphans to delete before or with a batch.
  private func deletions(_ count: Int64) -> Int64 {
    isPressed ? max(10_000, 4 * count) : max(5_000, 2 * count)
  }

  /// Lets the next batch delete so many orphans more, and what the latest ones could not.
  private mutating func addToDue(_ count: Int64) {
    let rows = max(40_000, 8 * count)
    let deletions = deletions(count)
    due = Orphans.Effort(
      events: eventsToRead(count), rows: min(due.rows + rows, Self.arrears * rows),
      deletions: min(due.deletions + deletions, Self.arrears * deletions), isThorough: isThorough)
  }

  /// Whether there is something left to delete.
  private var isSweepDue: Bool { orphans.isSweeping && due.rows > 0 && due.deletions > 0 }

  /// Deletes orphans in the open transaction, as long as they are due and the log has room.
  private mutating func sweep(
    _ connection: borrowing Connection, sparing spared: Int64
  ) throws(StoreError) {
    let limit = sweepLimit(sparing: spared)
    repeat {
      var effort = due
      effort.deletions = min(due.deletions, Self.orphansAtOnce.rows)
      due.deletions -= effort.deletions
      _ = try orphans.step(&effort)
      due.deletions += effort.deletions
      due.rows = effort.rows
    } while isSweepDue && connection.logSize <= limit
  }

  /// Deletes orphans in a transaction of its own.
  ///
  /// - Returns: whether the log had room, and nobody else had the database locked.
  private mutating func sweepAlone(
    _ connection: borrowing Connection, sparing spared: Int64
  ) throws(StoreError) -> Bool {
    guard connection.logSize <= sweepLimit(sparing: spared), connection.beginAtOnce() else { return false }
    do {
      try sweep(connection, sparing: spared)
      try connection.execute("COMMIT")
    } catch {
      connection.rollBack()
      forget()
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

extension Int64 {
  /// The difference, or the smallest number there is.
  func subtractingClamped(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? .min : difference
  }
}

internal import DropEvents

/// Keeps a database that is being captured into within a ``RetentionPolicy``, a little with each commit.
struct Retention: ~Copyable {
  /// About as many rows of `event` leave a page when they go.
  private static let eventsPerPage: Int64 = 130
  /// For fewer new rows than that it is not asked how many pages the file has.
  private static let fewRows = 64
  /// How many events to delete with one commit at most, in the ordinary case.
  private static let deletions: Int64 = 50_000
  /// The newest tallies stay fine whatever happens, in nanoseconds.
  private static let freshness: Int64 = 2 * OldTallies.hour * 1_000_000_000

  private let policy: RetentionPolicy
  private var pages: FilePages
  private var events: OldEvents
  private var tallies: OldTallies
  private var orphans: OrphanRounds
  private var log: LogRoom

  /// Up to where tallies are hours, and days, by age.
  private var hoursPosition: Int64 = 0
  private var daysPosition: Int64 = 0
  /// The same for want of room.
  private var pressedHoursPosition: Int64 = 0
  private var pressedDaysPosition: Int64 = 0
  /// What the latest batches took, in pages.
  private var growth: Int64 = 0
  /// What there was room for when the last step ended, in pages.
  private var roomLeft: Int64?
  /// Whether there was not room enough although all was done that one step may do.
  private var isPressed = false

  /// Finds out how far the database has come.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - policy: what to keep.
  ///   - logLimit: how large the log beside it may become, in bytes.
  /// - Throws: what is wrong with the database.
  init(_ connection: borrowing Connection, _ policy: RetentionPolicy, logLimit: Int64) throws(StoreError) {
    var pages = try FilePages(connection)
    let events = try OldEvents(connection)
    let tallies = try OldTallies(connection)
    let orphans = try OrphanRounds(connection, pages: try pages.count())
    self.policy = policy
    log = LogRoom(path: connection.handle.path, pageSize: pages.size, limit: logLimit, size: policy.size)
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
    _ connection: borrowing Connection, before batch: ArraySlice<DropEvent>, now: Int64
  ) throws(StoreError) -> Bool {
    guard !policy.isUnlimited else { return false }
    let count = Int64(batch.count)
    try noteGrowth()
    // First, for it must see what has come before any of that may go again.
    let mustForget = try orphans.collect(
      connection, count, &log, pages: try pages.count(), isPressed: isPressed)
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
    orphans.note(deleted: deleted)
    orphans.expect(batch)
    try shrink(connection)
    orphans.addToDue(count, isPressed: isPressed)
    roomLeft = try room()
    return mustForget
  }

  /// Notes that a batch stands: what it took of the log.
  mutating func noteCommit(_ connection: borrowing Connection) { log.noteCommit(connection) }

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
  ///   - newRows: how many rows of large dictionaries that may add at most.
  ///   - logSize: how large the log is, in bytes.
  /// - Throws: ``StoreError/Code/busy`` when a reader is in the way of the batch itself, or what is wrong with the database. What is
  ///   known of it holds, and ``forget()`` is not to be called.
  mutating func makeRoomInLog(
    _ connection: borrowing Connection, before batch: ArraySlice<DropEvent>, newRows: Int, logSize: Int64
  ) throws(StoreError) {
    let count = Int64(batch.count)
    // Few rows can touch few pages, however many the file has: to ask for those takes a transaction.
    let changed = newRows > Self.fewRows ? min(Int64(newRows), try pages.count()) : Int64(newRows)
    log.expect(events: count, newPages: changed)
    orphans.expect(batch: count, isPressed: isPressed)
    var logSize = logSize
    if orphans.isSweeping {
      try noteGrowth()
      try orphans.sweepAlone(connection, log, &pages)
      logSize = connection.logSize
    }
    try connection.requireRoomInLog(log.limit(), of: logSize)
    log.begin(connection)
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
    let budget = (size - LogRoom.part(of: size)) / pages.size
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
      if orphans.isWorking || orphans.deletedSinceCollecting > 0 { break }
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
}

extension Int64 {
  /// The difference, or the smallest number there is.
  func subtractingClamped(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? .min : difference
  }
}

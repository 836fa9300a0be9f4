/// One run of ``DropPruner``.
struct Pruning: ~Copyable {
  /// What one transaction does at most, so that the log stays short.
  private static let chunk: Int64 = 200_000
  /// How many tallies one transaction deletes.
  private static let tallyChunk: Int64 = 50_000

  private(set) var result = DropPruner.Result()

  private let isDryRun: Bool
  private var pages: FilePages
  private var events: OldEvents
  private var tallies: OldTallies
  private var orphans: Orphans

  init(_ connection: borrowing Connection, isDryRun: Bool) throws(StoreError) {
    let pages = try FilePages(connection)
    let events = try OldEvents(connection)
    let tallies = try OldTallies(connection)
    let orphans = try Orphans(connection)
    self.isDryRun = isDryRun
    self.pages = pages
    self.events = events
    self.tallies = tallies
    self.orphans = orphans
  }

  /// Does it all.
  mutating func prune(
    _ connection: borrowing Connection, _ request: DropPruner.Request
  ) throws(StoreError) {
    let free = try pages.free()
    result.sizeBefore = try pages.count() * pages.size
    let first = try Self.time(connection, "SELECT min(time) FROM event")
    if let before = request.before {
      try deleteEvents(connection, before: before)
      var position: Int64 = 0
      while try widenNext(connection, OldTallies.hour, &position, before: before) {}
    }
    if let before = request.talliesBefore {
      while try deleteTallies(connection, before: before) {}
    }
    try collectOrphans(connection)
    if let size = request.size { try prune(connection, toSize: size) }
    if let first, let last = events.lastDeleted { result.range = first...max(first, last) }
    result.bytes = (try pages.free() - free) * pages.size
    try shrink(connection, request)
    result.sizeAfter = try pages.count() * pages.size
    result.free = try pages.free() * pages.size
  }

  // MARK: Parts

  private mutating func deleteEvents(
    _ connection: borrowing Connection, before time: Int64
  ) throws(StoreError) {
    while true {
      try begin(connection)
      let deleted = try events.delete(atMost: Self.chunk, before: time)
      try commit(connection)
      result.events += deleted
      if deleted == 0 { return }
    }
  }

  private mutating func widenNext(
    _ connection: borrowing Connection, _ seconds: Int64, _ position: inout Int64, before end: Int64
  ) throws(StoreError) -> Bool {
    try begin(connection)
    let widened = try tallies.widenNext(to: seconds, from: &position, before: end)
    try commit(connection)
    result.widened += widened ?? 0
    return widened != nil
  }

  private mutating func deleteTallies(
    _ connection: borrowing Connection, before time: Int64
  ) throws(StoreError) -> Bool {
    try begin(connection)
    let deleted = try tallies.delete(atMost: Self.tallyChunk, before: time)
    try commit(connection)
    result.tallies += deleted
    return deleted > 0
  }

  /// Until what is used fits: events, then fine tallies, then the oldest tallies.
  private mutating func prune(
    _ connection: borrowing Connection, toSize size: Int64
  ) throws(StoreError) {
    let budget = size / pages.size
    var hours: Int64 = 0
    var days: Int64 = 0
    while true {
      let excess = try pages.count() - (try pages.free()) - budget
      guard excess > 0 else { return }
      // Half of what it would take if nothing went but events, for their flows go with them.
      try begin(connection)
      let deleted = try events.delete(
        atMost: max(1_000, min(Self.chunk * 16, excess * 65)), before: .max)
      try commit(connection)
      result.events += deleted
      if deleted > 0 {
        try collectOrphans(connection)
      } else if try widenNext(connection, OldTallies.hour, &hours, before: .max) {
        continue
      } else if try widenNext(connection, OldTallies.day, &days, before: .max) {
        continue
      } else if try deleteTallies(connection, before: .max) {
        try collectOrphans(connection)
      } else {
        throw StoreError(
          code: .tooLarge, path: connection.handle.path,
          message:
            "what is left when all events and tallies have gone is larger than that; choose a larger size")
      }
    }
  }

  private mutating func collectOrphans(_ connection: borrowing Connection) throws(StoreError) {
    let effort = Orphans.Effort(events: .max, rows: .max, deletions: Self.chunk, isThorough: true)
    repeat {
      try orphans.begin()
      while orphans.isWorking {
        var effort = effort
        try begin(connection)
        _ = try orphans.step(&effort)
        try commit(connection)
      }
      result.orphans += orphans.deleted
    } while orphans.hasMoreRows
    // The others are small, and each refers to those behind it.
    try begin(connection)
    for (table, references) in [
      ("inner_flow", "SELECT inner_flow FROM flow WHERE inner_flow IS NOT NULL"),
      ("stack", "SELECT stack FROM path WHERE stack IS NOT NULL"),
      ("site", "SELECT site FROM path UNION SELECT site FROM tally"),
      ("counter", "SELECT counter FROM rise"),
      ("location", "SELECT location FROM site WHERE location IS NOT NULL"),
      ("interface", "SELECT interface FROM site WHERE interface IS NOT NULL"),
      (
        "netns",
        "SELECT netns FROM site WHERE netns IS NOT NULL UNION SELECT netns FROM counter WHERE netns IS NOT NULL"
      ),
      ("trap", "SELECT trap FROM site WHERE trap IS NOT NULL"),
      ("cgroup", "SELECT cgroup FROM flow WHERE cgroup IS NOT NULL"),
    ] {
      var delete = try connection.prepare("DELETE FROM \(table) WHERE id NOT IN (\(references))")
      try delete.run()
      result.orphans += Int64(connection.handle.changes)
    }
    try commit(connection)
  }

  /// Gives the free pages back.
  private mutating func shrink(
    _ connection: borrowing Connection, _ request: DropPruner.Request
  ) throws(StoreError) {
    if pages.canShrink {
      var free = try pages.free()
      while free > 0 {
        try begin(connection)
        try pages.shrink(connection, by: 20_000)
        try commit(connection)
        let left = try pages.free()
        guard left < free else { return }
        free = left
      }
    } else if !isDryRun, let size = request.size, try pages.count() * pages.size > size {
      // Once and for all: the file is one that can shrink from then on.
      try connection.execute("PRAGMA auto_vacuum = INCREMENTAL; VACUUM")
    }
  }

  // MARK: Transactions

  /// Begins a transaction, unless all is one.
  private func begin(_ connection: borrowing Connection) throws(StoreError) {
    if !isDryRun { try connection.execute("BEGIN IMMEDIATE") }
  }

  private func commit(_ connection: borrowing Connection) throws(StoreError) {
    if !isDryRun { try connection.execute("COMMIT") }
  }

  private static func time(
    _ connection: borrowing Connection, _ sql: String
  ) throws(StoreError) -> Int64? {
    var statement = try connection.prepare(sql)
    return try statement.firstID()
  }
}

internal import DropEvents

/// Collects rows of dictionaries that no event refers to any more, a little with each commit.
///
/// There is no index from a dictionary to its events, which would make an event half as large again. So all events are
/// read once and what they refer to is marked; then the unmarked rows go. Meanwhile the capture goes on, and nothing it
/// refers to may go:
///
/// * What it adds comes after the rows that are in question.
/// * What it finds again it refers to in an event. Each step first marks the events that have come since, so that
///   a row found again in the last batch is marked before it, or that event, could be deleted. Call ``step(_:)`` before
///   events are deleted.
/// * What it remembers from before and may be deleted (``keeps(flow:)``) is forgotten when deleting begins
///   (``step(_:)`` says so): from then on it is found again, and so in an event.
///
/// To delete a flow, and to make it anew when it comes again, costs as much as many events. So as long as orphans are few
/// beside the events, only those go that were orphans in the round before too, and flows only if no event has come of them since:
/// they are not likely to come again.
struct Orphans: ~Copyable {
  /// A dictionary whose rows only events refer to.
  private struct Dictionary: ~Copyable {
    private var first: Statement
    private var last: Statement
    private var next: Statement
    private var delete: Statement
    private(set) var marks: Marks?
    /// Those of the round before, and of what has been noted since.
    private var olderMarks: Marks?
    /// Whether rows that were in use in the round before, or have been since, stay.
    private var sparesRecent = false
    /// Behind the last row that has been looked at in this round, or in the last one.
    private var position: Int64 = .min
    /// Whether no row comes behind those in question.
    private(set) var isLastWindow = true
    /// Whether this round has all rows in question.
    private var isOverAll = false
    /// Rows that did not stay when they were looked at and have not gone yet, the next one last.
    private var unused: [(key: Int64, row: Int64)] = []
    /// Whether all rows in question have been looked at.
    private var hasSeenAll = false
    /// How many rows this round has left where they are.
    private var left: Int64 = 0
    /// How many rows there were up to which one, when a round over all of them had ended.
    private var census: (rows: Int64, last: Int64)?

    /// How many rows to look at before those that do not stay go, if so many do not: 512 KB.
    private static var most: Int { 1 << 15 }

    /// A dictionary whose index over this column is in no order of the rows.
    init(
      _ connection: borrowing Connection, _ name: String, indexedBy key: String = "id"
    ) throws(StoreError) {
      let first = try connection.prepare("SELECT min(id) FROM \(name) WHERE id >= ?1", persistent: true)
      let last = try connection.prepare("SELECT max(id) FROM \(name)", persistent: true)
      let next = try connection.prepare(
        "SELECT id, \(key) FROM \(name) WHERE id >= ?1 AND id <= ?2 ORDER BY id", persistent: true)
      let delete = try connection.prepare("DELETE FROM \(name) WHERE id = ?1", persistent: true)
      self.first = first
      self.last = last
      self.next = next
      self.delete = delete
    }

    /// Puts the next rows in question, as many as marks can be kept for.
    mutating func begin() throws(StoreError) {
      marks = nil
      isLastWindow = true
      unused.removeAll(keepingCapacity: true)
      hasSeenAll = false
      left = 0
      try first.bind(1, position)
      if try first.firstID() == nil { position = .min }
      let isFirstWindow = position == .min
      try first.bind(1, position)
      guard let start = try first.firstID(), let end = try last.firstID() else { return }
      let marks = Marks(from: start, to: end)
      isLastWindow = marks.window.upperBound >= end
      isOverAll = isFirstWindow && isLastWindow
      self.marks = marks
      position = start
    }

    /// The last row, 0 where there is none.
    mutating func newest() throws(StoreError) -> Int64 { try last.firstID() ?? 0 }

    /// Hands over the marks to be added to; they must come back by ``put(_:)``.
    mutating func take() -> Marks? {
      defer { marks = nil }
      return marks
    }

    mutating func put(_ marks: Marks?) { self.marks = marks }

    /// How many rows in question are not marked.
    ///
    /// Where no round has counted the rows, as many as there may be; what other rounds had in question does not count.
    var unmarked: Int64 {
      guard let marks else { return 0 }
      var rows = marks.window.upperBound.subtractingClamped(marks.window.lowerBound)
      if isOverAll, let census {
        rows = min(rows, census.rows + max(0, marks.window.upperBound.subtractingClamped(census.last)))
      }
      return max(0, rows - marks.count)
    }

    /// Decides which unmarked rows go: all, or those that have not been in use since the round before began either.
    mutating func decide(sparesRecent: Bool) { self.sparesRecent = sparesRecent }

    /// Whether a row stays in this round, after ``decide(sparesRecent:)``.
    func keeps(_ row: Int64) -> Bool { marks.map { keeps(row, $0) } ?? true }

    private func keeps(_ row: Int64, _ marks: borrowing Marks) -> Bool {
      // What came after that round had begun was not in question in it, and counts as in use.
      marks.contains(row) || sparesRecent && (olderMarks?.contains(row) ?? true)
    }

    /// Deletes rows that do not stay.
    ///
    /// In the order of the index, many at a time: each has an entry somewhere in it, and so each page of it is changed once for
    /// all that have theirs there.
    ///
    /// - Parameters:
    ///   - visits: how many rows to look at, at most; then as many fewer.
    ///   - deletions: how many of them to delete, at most; then as many fewer.
    /// - Throws: what is wrong with the database.
    mutating func sweep(_ visits: inout Int64, _ deletions: inout Int64) throws(StoreError) {
      guard marks != nil else { return }
      while deletions > 0 {
        if unused.isEmpty, !hasSeenAll { try look(&visits) }
        guard let row = unused.popLast()?.row else { break }
        // It may have come again since it was looked at.
        if keeps(row) {
          left += 1
        } else {
          try delete.bind(1, row)
          try delete.run()
          deletions -= 1
        }
      }
      if hasSeenAll, unused.isEmpty { end() }
    }

    /// Finds the next rows that do not stay.
    private mutating func look(_ visits: inout Int64) throws(StoreError) {
      guard let marks else { return }
      try next.bind(1, position)
      try next.bind(2, marks.window.upperBound)
      defer { next.reset() }
      while visits > 0, unused.count < Self.most {
        guard try next.step() else {
          hasSeenAll = true
          break
        }
        visits -= 1
        let row = next.integer(0)
        position = row &+ 1
        if keeps(row, marks) { left += 1 } else { unused.append((next.integer(1), row)) }
      }
      unused.sort { $0.key > $1.key }
    }

    /// Ends the round: all rows in question have been looked at, and those that did not stay have gone.
    private mutating func end() {
      census = marks.flatMap { isOverAll ? (rows: left, last: $0.window.upperBound) : nil }
      position = isLastWindow ? .min : marks.map { $0.window.upperBound &+ 1 } ?? .min
      olderMarks = marks
      marks = nil
      unused = []
    }

    /// Notes which rows are used.
    mutating func note(_ rows: [Int64]) {
      guard olderMarks != nil else { return }
      for row in rows { olderMarks?.insert(row) }
    }

    mutating func abandon() {
      marks = nil
      unused = []
      position = .min
      census = nil
    }
  }

  private enum Phase {
    case idle
    case marking
    case sweeping
  }

  /// Orphans are few where there are not even one for so many events.
  static let few: Int64 = 8

  /// What one step may do, or several.
  struct Effort {
    /// How many events to read.
    var events: Int64 = 0
    /// How many rows of dictionaries to look at.
    var rows: Int64 = 0
    /// How many of these to delete.
    var deletions: Int64 = 0
    /// Whether all orphans go, however few they are.
    var isThorough = false
  }

  private var flows: Dictionary
  private var tasks: Dictionary
  private var paths: Dictionary
  private let buffer: ColumnBuffer
  private var eventsFrom: Statement
  private var eventsUpTo: Statement
  private var newestEvent: Statement
  private var phase = Phase.idle
  /// Up to here the events that were there when the round began have not been read; `nil` when all have.
  private var unreadEnd: Int64?
  /// From here on events that have come since have not been read.
  private var unread: Int64 = .max
  /// How many events this round has read.
  private(set) var read: Int64 = 0
  /// How many orphans there were when this round had read all events; more in the first round, which has not counted the rows.
  private(set) var found: Int64 = 0
  /// How many rows this round has deleted.
  private(set) var deleted: Int64 = 0

  init(_ connection: borrowing Connection) throws(StoreError) {
    let flows = try Dictionary(connection, "flow", indexedBy: "fingerprint")
    let tasks = try Dictionary(connection, "task")
    let paths = try Dictionary(connection, "path")
    let buffer = try ColumnBuffer(connection)
    let columns = BufferedColumns(["time", "flow", "task", "path"]).condition()
    let eventsFrom = try connection.prepare(
      "SELECT 1 FROM event WHERE time >= ?1 AND \(columns) ORDER BY time", persistent: true)
    let eventsUpTo = try connection.prepare(
      "SELECT 1 FROM event WHERE time <= ?1 AND \(columns) ORDER BY time DESC", persistent: true)
    let newestEvent = try connection.prepare("SELECT max(time) FROM event", persistent: true)
    self.flows = flows
    self.tasks = tasks
    self.paths = paths
    self.buffer = buffer
    self.eventsFrom = eventsFrom
    self.eventsUpTo = eventsUpTo
    self.newestEvent = newestEvent
  }

  /// Whether a round is under way.
  var isWorking: Bool { phase != .idle }

  /// The last row of the flows, 0 where there is none.
  mutating func newestFlow() throws(StoreError) -> Int64 { try flows.newest() }

  /// Whether rows stay in this round, as far as is known when deleting begins.
  func keeps(flow: Int64) -> Bool { flows.keeps(flow) }
  func keeps(task: Int64) -> Bool { tasks.keeps(task) }
  func keeps(path: Int64) -> Bool { paths.keeps(path) }

  /// Whether the next step deletes rows, wherever in their tables they are.
  var isSweeping: Bool { phase == .sweeping }

  /// Whether rows come behind those that the last round had in question.
  var hasMoreRows: Bool { !(flows.isLastWindow && tasks.isLastWindow && paths.isLastWindow) }

  /// Begins a round.
  mutating func begin() throws(StoreError) {
    try flows.begin()
    try tasks.begin()
    try paths.begin()
    unreadEnd = try newestEvent.firstID()
    unread = .max
    read = 0
    found = 0
    deleted = 0
    phase = .marking
  }

  /// Notes that events may have come from this time on.
  mutating func expectEvents(from time: Int64) { unread = min(unread, time) }

  /// Notes the flows of events that are stored, so that one that has come again lately can be told from one that has not.
  mutating func note(flows rows: [Int64]) { flows.note(rows) }

  /// Gives up the round: after a rollback nobody knows how far it had come.
  mutating func abandon() {
    phase = .idle
    flows.abandon()
    tasks.abandon()
    paths.abandon()
  }

  /// Goes on with a round.
  ///
  /// - Parameter effort: how much to do; then as many rows and deletions fewer.
  /// - Returns: whether rows that are remembered from now on may be deleted in steps to come, so that everything that
  ///   is remembered must be forgotten.
  /// - Throws: what is wrong with the database.
  mutating func step(_ effort: inout Effort) throws(StoreError) -> Bool {
    guard phase != .idle else { return false }
    guard try mark(atMost: effort.events) else {
      // Some of what has come may be deleted before it is read: all must be forgotten once more.
      phase = .marking
      return false
    }
    guard phase == .sweeping else {
      if found == 0 { decide(effort) }
      phase = .sweeping
      return true
    }
    let deletions = effort.deletions
    try paths.sweep(&effort.rows, &effort.deletions)
    try tasks.sweep(&effort.rows, &effort.deletions)
    try flows.sweep(&effort.rows, &effort.deletions)
    deleted += deletions - effort.deletions
    if flows.marks == nil, tasks.marks == nil, paths.marks == nil { phase = .idle }
    return false
  }

  private mutating func decide(_ effort: Effort) {
    found = flows.unmarked + tasks.unmarked + paths.unmarked
    // The first round takes rows for as many as there are numbers: where it is wrong, some go too early, but if it waited
    // in a flood, no event would be left.
    let sparesRecent = !effort.isThorough && found < read / Self.few
    flows.decide(sparesRecent: sparesRecent)
    tasks.decide(sparesRecent: sparesRecent)
    paths.decide(sparesRecent: sparesRecent)
  }

  /// Marks what events refer to.
  ///
  /// Those that were there when the round began from the newest on, for the oldest may go before they are read. Then those that
  /// have come since, in the order of time.
  ///
  /// - Parameter limit: how many events to read, and a thousand more at most.
  /// - Returns: whether all events have been read.
  /// - Throws: what is wrong with the database.
  private mutating func mark(atMost limit: Int64) throws(StoreError) -> Bool {
    var left = limit
    if let end = unreadEnd {
      unreadEnd = try Self.read(&eventsUpTo, from: end, buffer, &flows, &tasks, &paths, &left, &read)
      guard unreadEnd == nil, left > 0 else { return false }
    }
    guard unread < .max else { return true }
    let next = try Self.read(&eventsFrom, from: unread, buffer, &flows, &tasks, &paths, &left, &read)
    unread = next ?? .max
    return next == nil
  }

  /// Marks what some events refer to.
  ///
  /// - Returns: the last event's time where others may follow.
  private static func read(
    _ events: inout Statement, from start: Int64, _ buffer: ColumnBuffer, _ flows: inout Dictionary,
    _ tasks: inout Dictionary, _ paths: inout Dictionary, _ left: inout Int64, _ read: inout Int64
  ) throws(StoreError) -> Int64? {
    var flowMarks = flows.take()
    var taskMarks = tasks.take()
    var pathMarks = paths.take()
    defer {
      flows.put(flowMarks)
      tasks.put(taskMarks)
      paths.put(pathMarks)
      events.reset()
    }
    var next: Int64? = start
    try events.bind(1, start)
    try buffer.read(&events, width: 4) { rows throws(StoreError) in
      for row in 0..<rows.count {
        flowMarks?.insert(rows[row, 1])
        taskMarks?.insert(rows[row, 2])
        pathMarks?.insert(rows[row, 3])
      }
      read += Int64(rows.count)
      left -= Int64(rows.count)
      next = rows.count < ColumnBuffer.capacity ? nil : rows[rows.count - 1, 0]
      return left > 0
    }
    return next
  }
}

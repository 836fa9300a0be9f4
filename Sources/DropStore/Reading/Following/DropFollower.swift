/// Finds the drops that are stored while it follows a database: all of them, and each once.
///
/// Events are ordered by the time at which they happened, not by that at which they were stored, and CPUs hand over theirs
/// a little out of order. So the times of the newest two seconds are remembered, and what is new among them is found by comparing.
/// Whether that was all is told by the captures' own count of what they recorded: if that grew by more, the rest was missed,
/// and is told as such. It is in no transaction between two polls.
public struct DropFollower: ~Copyable {
  /// How far behind the newest a drop may be stored and still be found, in nanoseconds.
  private static let window: Int64 = 2_000_000_000
  /// As many times are remembered at most, 2 MB; so many new drops can be found at once.
  private static let capacity = 1 << 18

  private let interrupter: Interrupter
  private let capacity: Int
  private var version: Statement
  private var recorded: Statement
  private var latest: Statement
  /// Between its first row and its reset, what is read is of one state of the database.
  private var any: Statement
  /// The data version at the last poll, which changes when another connection commits.
  private var lastVersion: Int64?
  /// What all captures together had recorded at the last poll.
  private var lastRecorded: Int64 = 0
  /// The times of the events from ``floor`` on at the last poll, ascending.
  private var seen: [Int64] = []
  /// What is stored before this time is not found.
  private var floor: Int64 = 0

  /// Begins to follow; all drops that are there are new.
  ///
  /// - Parameter reader: The database.
  /// - Throws: ``StoreError`` when the database cannot be read.
  public init(_ reader: borrowing DropReader) throws(StoreError) {
    try self.init(reader, capacity: Self.capacity)
  }

  init(_ reader: borrowing DropReader, capacity: Int) throws(StoreError) {
    let version = try reader.connection.prepare("PRAGMA data_version", persistent: true)
    let recorded = try reader.connection.prepare(
      "SELECT ifnull(sum(recorded), 0) FROM capture", persistent: true)
    let any = try reader.connection.prepare("SELECT 1 FROM sqlite_schema", persistent: true)
    let latest = try reader.connection.prepare(
      "SELECT time FROM event WHERE time >= ?1 ORDER BY time DESC LIMIT ?2", persistent: true)
    self.version = version
    self.recorded = recorded
    self.latest = latest
    self.any = any
    self.capacity = capacity
    interrupter = reader.interrupter
  }

  /// The time of the newest drop that is known of, in nanoseconds since the epoch.
  public var newest: Int64? { seen.last }

  /// Whether a drop that is there now was there at the last poll.
  ///
  /// - Parameter time: When it happened, in nanoseconds since the epoch.
  /// - Returns: `true` of all those before what is remembered.
  /// - Complexity: O(log *n*) for *n* drops of the last two seconds.
  public func knows(_ time: Int64) -> Bool {
    var start = 0
    var end = seen.count
    while start < end {
      let middle = (start + end) / 2
      if seen[middle] < time { start = middle + 1 } else { end = middle }
    }
    return time < floor || start < seen.count && seen[start] == time
  }

  /// Looks what was stored since the last time.
  ///
  /// Where nothing was written it takes some microseconds.
  ///
  /// - Parameter now: The time, in nanoseconds since the epoch.
  /// - Returns: The new drops; `nil` where there is none, and none was missed.
  /// - Throws: ``StoreError`` when the database cannot be read, or the reader is interrupted.
  public mutating func poll(now: Int64) throws(StoreError) -> NewDrops? {
    try interrupter.check()
    let current = try version.firstInteger()
    guard current != lastVersion else { return nil }
    defer { any.reset() }
    _ = try any.step()
    let total = try recorded.firstInteger() ?? 0
    let times = try times(from: floor)
    var new = NewDrops()
    new.runs = Self.runs(of: times, notIn: seen)
    let (grown, overflow) = total.subtractingReportingOverflow(lastRecorded)
    if !overflow, grown > 0 { new.missed = max(0, grown - Int64(new.count)) }
    // What is stored before everything that is remembered was so because the clock was set back: look there from now on.
    let anchor = new.missed > 0 ? min(times.last ?? now, now) : times.last ?? floor
    let wanted = max(0, anchor.subtractingClamped(Self.window))
    seen = wanted < floor ? try self.times(from: wanted) : times
    seen.removeFirst(seen.firstIndex { $0 >= wanted } ?? seen.count)
    // Of those before the oldest that is remembered, it is not known which are new.
    floor = seen.count == capacity ? seen[0] : wanted
    lastRecorded = total
    lastVersion = current
    return new.runs.isEmpty && new.missed == 0 ? nil : new
  }

  /// Takes all drops that are there for known: those that are stored from now on are new.
  ///
  /// - Throws: ``StoreError`` when the database cannot be read.
  public mutating func passOver() throws(StoreError) {
    // Read first: what is committed in between is then looked for once more.
    lastVersion = try version.firstInteger()
    defer { any.reset() }
    _ = try any.step()
    lastRecorded = try recorded.firstInteger() ?? 0
    seen = try times(from: 0, most: 1)
    floor = max(0, (seen.last ?? 0).subtractingClamped(Self.window))
    seen = try times(from: floor)
    if seen.count == capacity { floor = seen[0] }
  }

  /// The times of the newest events from a time on, as many as are remembered at most, ascending.
  private mutating func times(from start: Int64, most: Int? = nil) throws(StoreError) -> [Int64] {
    defer { latest.reset() }
    try latest.bind(1, start)
    try latest.bind(2, Int64(most ?? capacity))
    var times: [Int64] = []
    while try latest.step() { times.append(latest.integer(0)) }
    times.reverse()
    return times
  }

  /// What of some ascending times is not in others.
  private static func runs(of times: [Int64], notIn others: [Int64]) -> [[Int64]] {
    var runs: [[Int64]] = []
    var isRunning = false
    var next = 0
    for time in times {
      while next < others.count, others[next] < time { next += 1 }
      let isNew = next == others.count || others[next] != time
      if isNew, !isRunning { runs.append([]) }
      if isNew { runs[runs.count - 1].append(time) }
      isRunning = isNew
    }
    return runs
  }
}

import DropReport
import DropStore

/// Reads of a database what the screen shows.
///
/// Time is cut into slots; a look right after the end of one tells what it brought. Counts are tallied by the minute: what the tallies
/// of the last minutes grew by since the look before belongs to the slot that has just ended. Recorded drops have their own times,
/// so the newest slots are read again each time, for some are stored late. It is in no transaction between two looks, and where
/// nothing was written it reads nothing.
final class TopReader {
  private static let minute: Int64 = 60_000_000_000
  /// So many tallies of the last minutes are looked at.
  private static let tallyLimit = 50_000
  /// So many drops of a slot are looked at, and so many of its groups are kept.
  private static let slotLimit: Int64 = 50_000
  private static let groupLimit = 500
  /// How many slots before the newest are read again, for drops that are stored late.
  private static let lateSlots: Int64 = 2
  /// How many entries the rankings of a detail have.
  private static let detailEntries = 5

  private struct TallyPlace: Hashable {
    let start: Int64
    let key: [SQLValue]
  }

  private let path: String
  private let every: Int64
  private let slotCount: Int
  private let selection: DropSelection
  private let isFollowed: Bool
  private let isRunning: (_ pid: Int64, _ boot: String) -> Bool
  private let opened: (Interrupter) -> Void
  private var place: DatabasePlace
  private var reader: DropReader
  private var version: SQLValue?
  /// What the tallies of the last minutes were at the last look.
  private var tallies: [TallyPlace: Int64] = [:]
  private var isFirst = true
  /// The newest slot of recorded drops that has been read, by grouping.
  private var readSlots: [TopGrouping: Int64] = [:]
  private(set) var model: TopModel

  /// Opens a database.
  ///
  /// - Parameters:
  ///   - path: Its file.
  ///   - every: The length of a slot in nanoseconds.
  ///   - slotCount: How many slots the screen shows.
  ///   - selection: Which drops it shows.
  ///   - now: The time in nanoseconds since the epoch.
  ///   - isFollowed: Whether it will look again.
  ///   - isRunning: Whether the process of a capture is alive.
  ///   - opened: Is told what interrupts the reading.
  /// - Throws: `StoreError` when there is no database, or it cannot be read.
  init(
    path: String, every: Int64, slotCount: Int, selection: DropSelection = .all, now: Int64,
    isFollowed: Bool = true, isRunning: @escaping (_ pid: Int64, _ boot: String) -> Bool,
    opened: @escaping (Interrupter) -> Void = { _ in }
  ) throws(StoreError) {
    self.path = path
    self.every = every
    self.slotCount = slotCount
    self.selection = selection
    self.isFollowed = isFollowed
    self.isRunning = isRunning
    self.opened = opened
    model = Self.emptyModel(path, every, slotCount, selection, now)
    place = try DatabasePlace(path: path)
    reader = try DropReader(path: path, isFollowed: isFollowed)
    opened(reader.interrupter)
  }

  private static func emptyModel(
    _ path: String, _ every: Int64, _ slotCount: Int, _ selection: DropSelection, _ now: Int64
  ) -> TopModel {
    TopModel(
      path: path, every: every, slotCount: slotCount, isChosen: !selection.isAll,
      hasTallies: selection.isCounted, now: now,
      counted: RateHistory(count: slotCount, last: now / every - 1))
  }

  /// Looks what has come.
  ///
  /// - Parameters:
  ///   - now: The time in nanoseconds since the epoch.
  ///   - grouping: Which recorded drops to read, if it is of those.
  ///   - detail: The group to look at more closely.
  /// - Throws: `StoreError` when the database cannot be read, or the reading is interrupted.
  func look(
    now: Int64, _ grouping: TopGrouping, detail: (grouping: TopGrouping, key: [SQLValue])?
  ) throws(StoreError) {
    try followFile(now)
    let slot = now / every - 1
    let seconds = Double(max(1, now - model.now)) / 1e9
    model.now = now
    model.counted.advance(to: slot)
    let current = try version(of: reader)
    let hasChanged = current != version
    version = current
    if hasChanged {
      let moment = try DropMoment(reader)
      try readTotals(seconds)
      if model.hasTallies { try readTallies(slot) }
      moment.end()
      isFirst = false
    } else {
      model.rates = (0, 0, 0)
    }
    if !model.isCounted(grouping) { try readRecorded(grouping, slot, hasChanged: hasChanged) }
    if let detail {
      if hasChanged || model.detail == nil { model.detail = try read(detail.grouping, detail.key) }
    } else {
      model.detail = nil
    }
  }

  /// Forgets the detail, so that the next look reads that of another group.
  func forgetDetail() { model.detail = nil }

  /// Opens the file that stands under the path now, if that is another one.
  private func followFile(_ now: Int64) throws(StoreError) {
    switch place.standing() {
    case .same: model.trouble = nil
    case .gone: model.trouble = "the file is gone; waiting for another"
    case .replaced:
      do throws(StoreError) {
        try reopen()
        model = Self.emptyModel(path, every, slotCount, selection, now)
      } catch {
        model.trouble = "another file is there: \(error.message)"
      }
    }
  }

  private func reopen() throws(StoreError) {
    let place = try DatabasePlace(path: path)
    reader = try DropReader(path: path, isFollowed: isFollowed)
    self.place = place
    opened(reader.interrupter)
    version = nil
    tallies = [:]
    readSlots = [:]
    isFirst = true
  }

  private func version(of reader: borrowing DropReader) throws(StoreError) -> SQLValue? {
    var query = try reader.prepare("PRAGMA data_version")
    return try query.next()?.first
  }

  private func readTotals(_ seconds: Double) throws(StoreError) {
    var totals = TopModel.Totals()
    var running: [TopModel.Capture] = []
    var query = try reader.prepare(
      "SELECT pid, boot, host, start_ts, end_ts, counted, recorded, lost FROM captures")
    while let row = try query.next() {
      guard row.count == 8 else { continue }
      totals.counted = Self.sum(totals.counted, row[5])
      totals.recorded = Self.sum(totals.recorded, row[6])
      totals.lost = Self.sum(totals.lost, row[7])
      guard row[4] == .null, case .integer(let pid) = row[0], case .text(let boot) = row[1],
        case .integer(let start) = row[3], isRunning(pid, boot)
      else { continue }
      running.append(TopModel.Capture(pid: pid, host: row[2].textIfAny, start: start))
    }
    if !isFirst {
      let old = model.totals
      model.rates = (
        Self.rate(old.counted, totals.counted, seconds), Self.rate(old.recorded, totals.recorded, seconds),
        Self.rate(old.lost, totals.lost, seconds)
      )
    }
    model.totals = totals
    model.captures = running
    var newest = try reader.prepare("SELECT ts FROM drops ORDER BY ts DESC LIMIT 1")
    if case .integer(let time)? = try newest.next()?.first { model.newest = time } else { model.newest = nil }
  }

  private func readTallies(_ slot: Int64) throws(StoreError) {
    // A minute's counts may grow for some time after its end.
    let base = model.now - model.now % Self.minute - 2 * Self.minute
    let windowStart = (model.counted.first) * every
    let start = isFirst ? min(base, windowStart - windowStart % Self.minute) : base
    let columns = TopModel.countedColumns.map(\.name).joined(separator: ", ")
    let condition = selection.sql
    var query = try reader.prepare(
      """
      SELECT ts, seconds, packets, \(columns) FROM tallies WHERE \(condition.text) AND ts >= ?
      ORDER BY ts LIMIT \(Self.tallyLimit)
      """, condition.parameters + [.integer(max(0, start))])
    var found: [TallyPlace: Int64] = [:]
    var rows = 0
    while let row = try query.next() {
      rows += 1
      guard case .integer(let ts) = row[0], case .integer(let seconds) = row[1],
        case .integer(let packets) = row[2]
      else { continue }
      let key = Array(row.dropFirst(3))
      let place = TallyPlace(start: ts, key: key)
      // Sites that differ only in what is not shown are one here.
      let before = found[place, default: 0]
      found[place] = Self.sum(before, row[2])
      if isFirst { spread(packets, of: key, from: ts, seconds: seconds, until: slot) }
    }
    if !isFirst {
      for (place, packets) in found {
        let (grown, overflow) = packets.subtractingReportingOverflow(tallies[place] ?? 0)
        if !overflow { model.counted.add(grown, to: place.key, in: slot) }
      }
    }
    model.isCut = rows == Self.tallyLimit
    tallies = found.filter { $0.key.start >= base }
  }

  /// Adds what was counted before the first look: it is known by the minute, so it is spread over the slots of that.
  private func spread(
    _ packets: Int64, of key: [SQLValue], from start: Int64, seconds: Int64, until last: Int64
  ) {
    let (length, tooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (end, tooLate) = start.addingReportingOverflow(length)
    guard packets > 0, !tooLong, !tooLate, start <= model.now else { return }
    let lower = start / every
    let upper = max(lower + 1, min((end + every - 1) / every, last + 1))
    let slots = upper - lower
    for slot in max(lower, model.counted.first)..<max(upper, model.counted.first) {
      let share = { (index: Int64) in Int64((Double(packets) * Double(index) / Double(slots)).rounded(.down))
      }
      model.counted.add(share(slot - lower + 1) - share(slot - lower), to: key, in: slot)
    }
  }

  private func readRecorded(_ grouping: TopGrouping, _ slot: Int64, hasChanged: Bool) throws(StoreError) {
    var history = model.recorded[grouping] ?? RateHistory(count: slotCount, last: slot)
    history.advance(to: slot)
    if let known = readSlots[grouping] {
      if hasChanged || known < slot { try update(&history, grouping, from: known - Self.lateSlots) }
    } else {
      try fill(&history, grouping)
    }
    readSlots[grouping] = slot
    model.recorded[grouping] = history
  }

  /// Reads the newest slots again.
  private func update(
    _ history: inout RateHistory, _ grouping: TopGrouping, from first: Int64
  ) throws(StoreError) {
    var isCut = false
    var slot = max(history.first, first)
    while slot <= history.last, let newest = model.newest, newest >= slot * every {
      let start = max(0, slot * every)
      let counts = try reader.counts(
        groupedBy: grouping.columns, in: start..<start + every, where: selection.conditions,
        newest: Self.slotLimit)
      isCut = isCut || counts.hasOlder || counts.groupCount > Self.groupLimit
      history.replace(slot, with: counts.top(Self.groupLimit).map { ($0.key, $0.count) })
      slot += 1
    }
    model.isCut = isCut
  }

  /// Reads all slots at once, of the newest drops.
  private func fill(_ history: inout RateHistory, _ grouping: TopGrouping) throws(StoreError) {
    let names = grouping.columns.map(\.name).joined(separator: ", ")
    let condition = selection.sql
    var query = try reader.prepare(
      """
      SELECT ts / \(every) AS slot, count(*), \(names) FROM
        (SELECT ts, \(names) FROM drops WHERE \(condition.text) AND ts >= ? AND ts < ?
        ORDER BY ts DESC LIMIT \(Self.slotLimit))
      GROUP BY slot, \(names)
      """,
      condition.parameters + [
        .integer(max(0, history.first * every)), .integer(max(0, (history.last + 1) * every)),
      ])
    var packets: Int64 = 0
    while let row = try query.next() {
      guard case .integer(let slot) = row[0], case .integer(let count) = row[1] else { continue }
      history.add(count, to: Array(row.dropFirst(2)), in: slot)
      packets += count
    }
    model.isCut = packets == Self.slotLimit
  }

  private func read(_ grouping: TopGrouping, _ key: [SQLValue]) throws(StoreError) -> TopModel.Detail {
    let range = max(0, model.counted.first * every)..<max(0, model.now)
    let conditions = selection.conditions + grouping.conditions(key)
    var detail = TopModel.Detail()
    let others: [TopGrouping] =
      switch grouping {
      case .reason: [.location, .flow]
      case .location: [.reason, .flow]
      default: [.reason, .location, grouping == .flow ? .interface : .flow]
      }
    for other in others {
      let counts = try reader.counts(
        groupedBy: other.columns, in: range, where: conditions, newest: Self.slotLimit)
      detail.packets = counts.total
      detail.hasOlder = counts.hasOlder
      detail.parts.append(
        TopModel.Detail.Part(
          grouping: other,
          entries: counts.top(Self.detailEntries).map { (other.label($0.key), $0.count) }))
    }
    let stacks = try reader.counts(
      groupedBy: [.stack], in: range, where: conditions, newest: Self.slotLimit)
    for group in stacks.top(2) {
      guard case .integer(let id)? = group.key.first else {
        detail.withoutStack = group.count
        continue
      }
      guard detail.stack == nil else { continue }
      var query = try reader.prepare("SELECT frames FROM stacks WHERE id = ?", [.integer(id)])
      let frames = try query.next()?.first?.textIfAny ?? ""
      detail.stack = (
        id, group.count, frames.split(separator: "\n").map { SafeText.visible(String($0)) }
      )
    }
    return detail
  }

  private static func rate(_ old: Int64, _ new: Int64, _ seconds: Double) -> Double {
    max(0, Double(new) - Double(old)) / seconds
  }

  private static func sum(_ left: Int64, _ right: SQLValue) -> Int64 {
    guard case .integer(let right) = right, right > 0 else { return left }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }
}

extension SQLValue {
  fileprivate var textIfAny: String? {
    if case .text(let text) = self { text } else { nil }
  }
}

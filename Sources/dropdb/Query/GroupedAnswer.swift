import DropReport
import DropStore

/// The rows of an answer in counts, in their order, as they are written.
struct GroupedAnswer {
  let grouping: DropGrouping
  let plan: DropGrouping.Plan
  let order: [RowOrder]
  /// How many of the largest groups are shown; all where this is `nil`.
  let top: Int?
  /// How many rows are shown; all where this is 0.
  let limit: Int64
  /// Whether people read it.
  let isForPeople: Bool
  /// When somebody looked, where intervals without a drop are shown.
  let captured: CapturedTime?

  /// How many intervals without a drop may be shown, so that a slip does not fill the disk.
  private static let mostIntervals: Int64 = 10_000_000
  /// More equal rows are not put in the order of their names.
  private static let mostNamed = 100_000

  /// The columns that can be asked for in an order, which are those that are shown.
  static func columns(_ grouping: DropGrouping, isForPeople: Bool) -> [String] {
    var columns = grouping.every == nil ? [] : ["time"]
    columns += grouping.columns.map(\.name) + ["packets"]
    if isSeriesAlone(grouping) { return columns + (isForPeople ? [] : ["basis"]) }
    return columns + ["share"] + (hasTimes(grouping, isForPeople) ? ["first", "last"] : [])
      + (isForPeople ? [] : ["basis"])
  }

  /// Whether it is told when the first and the last drop of a group were; to people, the interval says enough.
  private static func hasTimes(_ grouping: DropGrouping, _ isForPeople: Bool) -> Bool {
    grouping.every == nil || !isForPeople
  }

  /// Whether intervals without a drop are shown.
  static func isSeriesAlone(_ grouping: DropGrouping) -> Bool {
    grouping.every != nil && grouping.columns.isEmpty
  }

  /// How many of the largest groups are enough to answer; all are needed where this is `nil`.
  var largest: Int? {
    guard grouping.every == nil else { return nil }
    if let top { return top }
    let first = order.first
    let isBySize =
      first == nil || ["packets", "share"].contains(first?.column) && first?.isDescending == true
    return limit > 0 && isBySize ? Int(clamping: limit) : nil
  }

  /// Writes the rows.
  ///
  /// - Parameters:
  ///   - series: What was counted.
  ///   - output: Where to.
  /// - Returns: How many rows there would be without a limit, where only some groups are shown how many there are, and in how many intervals
  ///   nobody captured.
  /// - Throws: ``CommandFailure`` where intervals are too many, or nothing more can be written.
  func write(
    _ series: GroupedSeries, _ output: inout QueryAnswer
  ) throws -> (rows: Int, groups: Int, unwatched: Int) {
    let columns = Self.columns(grouping, isForPeople: isForPeople)
    let entries = try Self.isSeriesAlone(grouping) ? filled(series) : chosen(series)
    var rows = ordered(entries.entries, series)[...]
    if limit > 0 { rows = rows.prefix(Int(clamping: limit)) }
    try output.write(columns) {
      rows.popFirst().map { cells($0.entry, $0.key ?? series.key($0.entry.group), of: series.total) }
    }
    let isAll = grouping.every == nil && top == nil
    return (
      isAll ? series.groupCount : entries.entries.count, entries.groups,
      captured == nil ? 0 : entries.entries.count { isUnwatched($0) }
    )
  }

  /// Whether an interval has no drop because nobody captured: then nobody knows how many there were.
  private func isUnwatched(_ entry: GroupedSeries.Entry) -> Bool {
    guard entry.packets == 0, let captured, let every = grouping.every else { return false }
    return !captured.isTouched(from: entry.interval, length: every)
  }

  /// A row, with the values of its group if they have been looked up.
  private typealias Row = (entry: GroupedSeries.Entry, key: [SQLValue]?)

  /// The rows in their order; of those beyond the limit some are left out.
  private func ordered(_ entries: [GroupedSeries.Entry], _ series: GroupedSeries) -> [Row] {
    let criteria = (order.isEmpty ? standardOrder : order).map { criterion in
      (
        criterion: criterion, number: Self.number(criterion.column),
        place: grouping.columns.firstIndex { $0.name == criterion.column }
      )
    }
    var entries = entries
    if let first = criteria.first, let number = first.number, limit > 0, entries.count > limit {
      // Nearly all come too late by what comes first in the order.
      let values = entries.map { first.criterion.isDescending ? number($0) : ~number($0) }
      let least = Self.least(of: values, largest: Int(clamping: limit))
      entries = values.indices.filter { values[$0] >= least }.map { entries[$0] }
    }
    // Only an order by what the groups are called needs the names of all.
    let isNamed = criteria.contains { $0.place != nil } || entries.count <= Self.mostNamed
    var keys: [Int: [SQLValue]] = [:]
    var rows: [Row] = []
    rows.reserveCapacity(entries.count)
    for entry in entries {
      guard isNamed else {
        rows.append((entry, nil))
        continue
      }
      let key = keys[entry.group] ?? series.key(entry.group)
      if grouping.every != nil { keys[entry.group] = key }
      rows.append((entry, key))
    }
    rows.sort { left, right in
      for (criterion, number, place) in criteria {
        if let number {
          let (first, second) = (number(left.entry), number(right.entry))
          if first != second { return (first < second) != criterion.isDescending }
        } else if let place, let one = left.key?[place], let other = right.key?[place], one != other {
          return one.precedes(other) != criterion.isDescending
        }
      }
      if let one = left.key, let other = right.key, one != other { return one.precedes(other) }
      return (left.entry.interval, left.entry.group) < (right.entry.interval, right.entry.group)
    }
    return rows
  }

  /// What an order by a column that is no part of the groups compares.
  private static func number(_ column: String) -> ((GroupedSeries.Entry) -> Int64)? {
    switch column {
    case "packets", "share": { $0.packets }
    case "first": { $0.first }
    case "last": { $0.last }
    case "time": { $0.interval }
    default: nil
    }
  }

  /// The least of so many of the largest values.
  private static func least(of values: [Int64], largest most: Int) -> Int64 {
    guard most <= 1024 else { return values.sorted(by: >).prefix(most).last ?? .min }
    var largest: [Int64] = []
    for value in values where largest.count < most || value > largest[most - 1] {
      largest.insert(value, at: largest.firstIndex { $0 < value } ?? largest.count)
      if largest.count > most { largest.removeLast() }
    }
    return largest.last ?? .min
  }

  private var standardOrder: [RowOrder] {
    (grouping.every == nil ? [] : [RowOrder(column: "time", isDescending: false)])
      + [RowOrder(column: "packets", isDescending: true)]
  }

  /// The entries of the largest groups.
  private func chosen(_ series: GroupedSeries) -> (entries: [GroupedSeries.Entry], groups: Int) {
    guard let top else { return (series.entries, 0) }
    let count = series.groupCount
    guard count > top else { return (series.entries, count) }
    let groups = Set(series.largest(top).map(\.group))
    return (series.entries.filter { groups.contains($0.group) }, count)
  }

  /// All intervals of the range, those without a drop too.
  private func filled(_ series: GroupedSeries) throws -> (entries: [GroupedSeries.Entry], groups: Int) {
    guard let every = grouping.every else { return (series.entries, 1) }
    let first = grouping.range.since.map { Self.floor($0, every) } ?? series.entries.first?.interval
    let last =
      grouping.range.until.map { Self.floor($0 &- 1, every) } ?? series.entries.last?.interval
    guard let first, let last, first <= last else { return (series.entries, 1) }
    let start = min(first, series.entries.first?.interval ?? first)
    let end = max(last, series.entries.last?.interval ?? last)
    guard (end &- start) / every < Self.mostIntervals, end >= start else {
      throw CommandFailure.usage(
        "--every: these are more than \(Self.mostIntervals) intervals; make them longer")
    }
    var entries: [GroupedSeries.Entry] = []
    var rest = series.entries[...]
    var time = start
    while time <= end {
      if let entry = rest.first, entry.interval <= time {
        entries.append(entry)
        rest.removeFirst()
      } else {
        entries.append(GroupedSeries.Entry(emptyAt: time))
      }
      let (next, overflow) = time.addingReportingOverflow(every)
      if overflow { break }
      time = next
    }
    return (entries, 1)
  }

  private static func floor(_ time: Int64, _ every: Int64) -> Int64 {
    let time = max(0, time)
    return time - time % every
  }

  private func cells(
    _ entry: GroupedSeries.Entry, _ key: [SQLValue], of total: Int64
  ) -> [Cell] {
    var cells: [Cell] = grouping.every == nil ? [] : [time(entry.interval)]
    if !grouping.columns.isEmpty { cells += key.map { Cell($0) } }
    cells.append(isUnwatched(entry) ? .null : .integer(entry.packets))
    if !Self.isSeriesAlone(grouping) {
      let share = total == 0 ? 0 : Double(entry.packets) / Double(total)
      cells.append(isForPeople ? .text(Self.percent(share)) : .real(share))
      if Self.hasTimes(grouping, isForPeople) { cells += [time(entry.first), time(entry.last)] }
    }
    return isForPeople ? cells : cells + [.text(plan.basis.rawValue)]
  }

  /// `41.2%`, as wide for each share.
  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    let text = "\(tenths / 10).\(tenths % 10)%"
    return String(repeating: " ", count: max(0, 6 - text.utf8.count)) + text
  }

  private func time(_ nanoseconds: Int64) -> Cell {
    guard isForPeople else { return .text(TimeFormatter.utc(nanoseconds)) }
    let isWhole = nanoseconds % 1_000_000_000 == 0
    return .text(TimeFormatter.local(nanoseconds, precision: isWhole ? .seconds : .microseconds))
  }
}

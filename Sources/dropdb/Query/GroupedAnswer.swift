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

  /// How many intervals without a drop may be shown, so that a slip does not fill the disk.
  private static let mostIntervals: Int64 = 10_000_000

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

  private static func isSeriesAlone(_ grouping: DropGrouping) -> Bool {
    grouping.every != nil && grouping.columns.isEmpty
  }

  /// Writes the rows.
  ///
  /// - Parameters:
  ///   - series: What was counted.
  ///   - output: Where to.
  /// - Returns: How many rows there would be without a limit, and how many groups there are.
  /// - Throws: ``CommandFailure`` where intervals are too many, or nothing more can be written.
  func write(_ series: GroupedSeries, _ output: inout QueryAnswer) throws -> (rows: Int, groups: Int) {
    let columns = Self.columns(grouping, isForPeople: isForPeople)
    let entries = try Self.isSeriesAlone(grouping) ? filled(series) : chosen(series)
    var keys: [Int: [SQLValue]] = [:]
    var places = Array(entries.entries.indices)
    let criteria = order.isEmpty ? standardOrder : order
    // Only an order by what the groups are called needs the names of all.
    if criteria.contains(where: { order in grouping.columns.contains { $0.name == order.column } })
      || places.count <= 100_000
    {
      for entry in entries.entries where keys[entry.group] == nil {
        keys[entry.group] = series.key(entry.group)
      }
    }
    places.sort { left, right in
      let (left, right) = (entries.entries[left], entries.entries[right])
      for criterion in criteria {
        let (first, second) = (value(criterion.column, left, keys), value(criterion.column, right, keys))
        if first != second { return first.precedes(second) != criterion.isDescending }
      }
      if let one = keys[left.group], let other = keys[right.group], one != other {
        return one.precedes(other)
      }
      return left.interval != right.interval ? left.interval < right.interval : left.group < right.group
    }
    let shown = limit == 0 ? places[...] : places.prefix(Int(clamping: limit))
    var next = shown.makeIterator()
    try output.write(columns) {
      guard let place = next.next() else { return nil }
      return cells(entries.entries[place], series, keys)
    }
    return (places.count, entries.groups)
  }

  private var standardOrder: [RowOrder] {
    (grouping.every == nil ? [] : [RowOrder(column: "time", isDescending: false)])
      + [RowOrder(column: "packets", isDescending: true)]
  }

  /// The entries of the largest groups.
  private func chosen(_ series: GroupedSeries) -> (entries: [GroupedSeries.Entry], groups: Int) {
    var sums: [Int: Int64] = [:]
    for entry in series.entries { sums[entry.group, default: 0] &+= entry.packets }
    guard let top, sums.count > top else { return (series.entries, sums.count) }
    let least = sums.values.sorted(by: >)[max(0, top - 1)]
    // Of those as large as the last only the first by name.
    let last = sums.filter { $0.value == least }.keys.map { (group: $0, key: series.key($0)) }
      .sorted { $0.key.precedes($1.key) }
    let larger = sums.filter { $0.value > least }.keys
    let groups = Set(larger).union(last.prefix(top - larger.count).map(\.group))
    return (series.entries.filter { groups.contains($0.group) }, sums.count)
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

  private func value(_ column: String, _ entry: GroupedSeries.Entry, _ keys: [Int: [SQLValue]]) -> SQLValue {
    switch column {
    case "packets", "share": return .integer(entry.packets)
    case "first": return .integer(entry.first)
    case "last": return .integer(entry.last)
    case "time": return .integer(entry.interval)
    default:
      guard let place = grouping.columns.firstIndex(where: { $0.name == column }) else { return .null }
      return keys[entry.group]?[place] ?? .null
    }
  }

  private func cells(
    _ entry: GroupedSeries.Entry, _ series: GroupedSeries, _ keys: [Int: [SQLValue]]
  ) -> [Cell] {
    var cells: [Cell] = grouping.every == nil ? [] : [time(entry.interval)]
    if !grouping.columns.isEmpty { cells += (keys[entry.group] ?? series.key(entry.group)).map { Cell($0) } }
    cells.append(.integer(entry.packets))
    if !Self.isSeriesAlone(grouping) {
      let share = series.total == 0 ? 0 : Double(entry.packets) / Double(series.total)
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

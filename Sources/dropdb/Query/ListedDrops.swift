import DropReport
import DropStore

/// Single drops in rows, as they are written.
struct ListedDrops {
  let latest: LatestDrops
  /// Which columns of the view; the usual ones where this is empty.
  let columns: [String]
  let order: [RowOrder]
  /// Whether people read it.
  let isForPeople: Bool

  /// The columns of the view.
  static let allColumns = ["time", "ts"] + DropColumn.allCases.map(\.name)

  /// Whether the earliest drops are asked for, not the latest: by naming the order of time, the first rows of which are wanted.
  var isEarliest: Bool { order == [RowOrder(column: "time", isDescending: false)] }

  private var list: String {
    if !columns.isEmpty { return columns.joined(separator: ", ") }
    return isForPeople ? LatestDrops.listForPeople : "*"
  }

  /// Writes the rows.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - output: Where to.
  /// - Returns: How many rows there were, and whether there would be more without a limit.
  /// - Throws: ``CommandFailure`` where nothing more can be written, and `StoreError`.
  func write(
    _ reader: borrowing DropReader, _ output: inout QueryAnswer
  ) throws -> (isEmpty: Bool, hasMore: Bool) {
    if isEarliest { return try writeEarliest(reader, &output) }
    let isBackwards = order == [RowOrder(column: "time", isDescending: true)]
    guard order.isEmpty || isBackwards else { return try writeSorted(reader, &output) }
    let (span, hasMore) = try latest.span(reader)
    var drops = try reader.drops(
      "ts, " + list, in: span, where: latest.selection.conditions, newestFirst: isBackwards)
    let names = Array(drops.columns.dropFirst())
    var isEmpty = true
    let shown = output
    try output.write(names) {
      guard let row = try drops.next() else { return nil }
      isEmpty = false
      if case .integer(let time)? = row.first { shown.note(time, in: span) }
      return cells(row, names, skipping: 1)
    }
    return (isEmpty, hasMore)
  }

  /// The earliest drops of the range, as they are read.
  private func writeEarliest(
    _ reader: borrowing DropReader, _ output: inout QueryAnswer
  ) throws -> (isEmpty: Bool, hasMore: Bool) {
    let lower = latest.range.since ?? 0
    let span = lower..<max(lower, latest.range.until ?? .max)
    var drops = try reader.drops("ts, " + list, in: span, where: latest.selection.conditions)
    let names = Array(drops.columns.dropFirst())
    var count: Int64 = 0
    var hasMore = false
    let shown = output
    try output.write(names) {
      guard let row = try drops.next() else { return nil }
      guard latest.limit == 0 || count < latest.limit else {
        hasMore = true
        return nil
      }
      count += 1
      if case .integer(let time)? = row.first { shown.note(time, in: span) }
      return cells(row, names, skipping: 1)
    }
    return (count == 0, hasMore)
  }

  /// Rows in another order than that of time: no more than are shown are kept.
  private func writeSorted(
    _ reader: borrowing DropReader, _ output: inout QueryAnswer
  ) throws -> (isEmpty: Bool, hasMore: Bool) {
    let criteria = order.map {
      $0.column == "time" ? RowOrder(column: "ts", isDescending: $0.isDescending) : $0
    }
    let lower = latest.range.since ?? 0
    var drops = try reader.drops(
      (["ts"] + criteria.map(\.column)).joined(separator: ", ") + ", " + list,
      in: lower..<max(lower, latest.range.until ?? .max), where: latest.selection.conditions)
    let most = latest.limit == 0 ? Int.max / 4 : Int(clamping: min(latest.limit, Int64.max / 4))
    var kept: [[SQLValue]] = []
    var count = 0
    func precedes(_ left: [SQLValue], _ right: [SQLValue]) -> Bool {
      for (index, criterion) in criteria.enumerated() where left[index + 1] != right[index + 1] {
        return left[index + 1].precedes(right[index + 1]) != criterion.isDescending
      }
      return left[0].precedes(right[0])
    }
    while let row = try drops.next() {
      count += 1
      kept.append(row)
      if kept.count >= most &* 2 &+ 1024 {
        kept.sort(by: precedes)
        kept.removeSubrange(most...)
      }
    }
    kept.sort(by: precedes)
    let skipped = criteria.count + 1
    let names = Array(drops.columns.dropFirst(skipped))
    var rows = kept.prefix(most).makeIterator()
    try output.write(names) { rows.next().map { cells($0, names, skipping: skipped) } }
    return (count == 0, count > most)
  }

  /// The cells of a row, whose first column is the time in nanoseconds.
  private func cells(_ row: [SQLValue], _ names: [String], skipping skipped: Int) -> [Cell] {
    var cells = row.dropFirst(skipped).map { Cell($0) }
    guard isForPeople, case .integer(let time) = row[0] else { return cells }
    for (index, name) in names.enumerated() where name == "time" {
      cells[index] = .text(TimeFormatter.local(time))
    }
    return cells
  }
}

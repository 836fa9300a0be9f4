import DropReport
import DropStore

/// The rows of drops that are shown, read a portion at a time: while whoever reads takes one, no transaction is open.
struct TailRows {
  /// A row, and when its drop happened.
  private typealias Row = (time: Int64, cells: [Cell])
  typealias Body = (_ columns: [String], _ row: [Cell]) throws -> Void

  /// How many rows are in memory at once.
  private static let portion = 1000

  /// Whether to choose and join columns for reading; programs get all of them as they are.
  let isForPeople: Bool
  /// Which drops.
  let selection: DropSelection

  /// Hands over the latest drops that are there, in the order of time.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - reader: The database.
  ///   - isKnown: Whether a drop at this time is one of those that were there at the beginning.
  ///   - body: What to do with a row.
  /// - Throws: `StoreError` when the database cannot be read, and what `body` throws.
  func forEachLatest(
    _ count: Int64, of reader: borrowing DropReader, where isKnown: (Int64) -> Bool = { _ in true },
    _ body: Body
  ) throws {
    guard count > 0 else { return }
    let latest = LatestDrops(range: .unlimited, selection: selection, limit: count)
    var range = try latest.span(reader).range
    while !range.isEmpty {
      let (columns, rows) = try read(reader, range, most: Self.portion)
      for row in rows where isKnown(row.time) { try body(columns, row.cells) }
      guard rows.count == Self.portion, let last = rows.last?.time else { return }
      range = min(last + 1, range.upperBound)..<range.upperBound
    }
  }

  /// Hands over drops that were found to be new, as far as they are selected.
  ///
  /// - Returns: how many of them had been deleted again meanwhile.
  func forEach(of new: NewDrops, in reader: borrowing DropReader, _ body: Body) throws -> Int64 {
    var deleted: Int64 = 0
    for run in new.runs {
      var rest = run[...]
      while !rest.isEmpty {
        let times = Array(rest.prefix(Self.portion))
        rest = rest.dropFirst(Self.portion)
        deleted += try forEach(at: times, in: reader, body)
      }
    }
    return deleted
  }

  private func forEach(at times: [Int64], in reader: borrowing DropReader, _ body: Body) throws -> Int64 {
    let (oldest, columns, rows) = try rows(at: times, in: reader)
    // What was stored late in between is found by the next poll.
    var next = times.startIndex
    for row in rows {
      while next < times.endIndex, times[next] < row.time { next += 1 }
      if next < times.endIndex, times[next] == row.time { try body(columns, row.cells) }
    }
    // Retention deletes from the oldest on.
    return Int64(times.count { $0 < oldest })
  }

  /// The time of the oldest drop that is there, and the rows from the first of some times to the last, of one state of the
  /// database.
  private func rows(
    at times: [Int64], in reader: borrowing DropReader
  ) throws -> (oldest: Int64, columns: [String], rows: [Row]) {
    let moment = try DropMoment(reader)
    let oldest = try Self.oldest(in: reader)
    let last = times.last ?? 0
    let (columns, rows) = try read(reader, (times.first ?? 0)..<(last == .max ? last : last + 1), most: .max)
    moment.end()
    return (oldest ?? .max, columns, rows)
  }

  /// The first rows of a range.
  private func read(
    _ reader: borrowing DropReader, _ range: Range<Int64>, most: Int
  ) throws -> (columns: [String], rows: [Row]) {
    let list = isForPeople ? LatestDrops.listForPeople : "*"
    var drops = try reader.drops("ts, " + list, in: range, where: selection.conditions)
    var rows: [Row] = []
    while rows.count < most, let row = try drops.next() {
      guard case .integer(let time) = row[0] else { continue }
      var cells = row.dropFirst().map { Cell($0) }
      if isForPeople { cells[0] = .text(TimeFormatter.local(time)) }
      rows.append((time, cells))
    }
    return (Array(drops.columns.dropFirst()), rows)
  }

  private static func oldest(in reader: borrowing DropReader) throws -> Int64? {
    var times = try reader.times()
    return try times.next()
  }
}

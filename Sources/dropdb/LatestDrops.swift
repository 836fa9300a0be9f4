import DropReport
import DropStore

/// The latest drops within a range, the newest last.
struct LatestDrops {
  let range: TimeRange
  /// How many; 0 for all.
  let limit: Int64
  /// Whether to choose and join columns for reading; programs get all of them as they are.
  let isForPeople: Bool

  /// Who was running says something about the packet only where the drop happened on its behalf, so the process is shown
  /// for drops in task context alone.
  private static let columnsForPeople = """
    ts AS time, reason, interface, transport,
    iif(instr(saddr, ':') AND sport IS NOT NULL, '[' || saddr || ']', saddr) || ifnull(':' || sport, '') AS source,
    iif(instr(daddr, ':') AND dport IS NOT NULL, '[' || daddr || ']', daddr) || ifnull(':' || dport, '')
      AS destination,
    length, location, iif(context = 'task', comm, NULL) AS process
    """

  var sql: String {
    let columns = isForPeople ? Self.columnsForPeople : "*"
    if limit == 0 { return "SELECT \(columns) FROM drops WHERE ts >= ? AND ts < ? ORDER BY ts" }
    return """
      SELECT \(columns) FROM (SELECT * FROM drops WHERE ts >= ? AND ts < ? ORDER BY ts DESC LIMIT ?) ORDER BY ts
      """
  }

  var parameters: [SQLValue] {
    let range = [SQLValue.integer(range.since ?? 0), .integer(range.until ?? .max)]
    return limit == 0 ? range : range + [.integer(limit)]
  }

  let olderSQL = "SELECT ts FROM drops WHERE ts >= ? AND ts < ? LIMIT 1"

  func olderParameters(than oldest: Int64) -> [SQLValue] {
    [.integer(range.since ?? 0), .integer(oldest)]
  }

  /// The time that the drops in the range take; `nil` without any.
  func extent(_ reader: borrowing DropReader) throws -> Range<Int64>? {
    var ends: [Int64] = []
    for order in ["ASC", "DESC"] {
      var query = try reader.prepare(
        "SELECT ts FROM drops WHERE ts >= ? AND ts < ? ORDER BY ts \(order) LIMIT 1",
        [.integer(range.since ?? 0), .integer(range.until ?? .max)])
      guard case .integer(let time) = try query.next()?.first else { return nil }
      ends.append(time)
    }
    return ends[0] <= ends[1] ? ends[0]..<ends[1] : nil
  }

  /// When the drop of a row happened: the first column for people, the second of the view, after its text.
  func time(_ row: [SQLValue]) -> Int64? {
    let index = isForPeople ? 0 : 1
    guard row.indices.contains(index), case .integer(let time) = row[index] else { return nil }
    return time
  }

  func cells(_ row: [SQLValue]) -> [Cell] {
    var cells = row.map { Cell($0) }
    if isForPeople, let time = time(row) { cells[0] = .text(TimeFormatter.local(time)) }
    return cells
  }
}

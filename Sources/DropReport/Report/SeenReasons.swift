public import DropStore

/// The reasons that occur in a range of a database: how often, since when, and under which kernels.
public struct SeenReasons: Sendable {
  /// One reason.
  public struct Entry: Sendable {
    let reason: Cell
    let subsystem: Cell
    var packets: Int64
    var recorded: Int64
    var first: Int64
    var last: Int64
    var kernels: Set<String>
  }

  /// The reasons, the most frequent first.
  public let entries: [Entry]

  /// Reads the reasons from the tallies, so that every drop counts.
  ///
  /// - Parameters:
  ///   - reader: The database.
  ///   - range: The range of time; tallies that begin in it count.
  /// - Throws: ``ReportError/Code/unreadable`` with the store's reason, ``ReportError/Code/unexpectedValue`` for a
  ///   damaged database.
  public init(reading reader: borrowing DropReader, in range: TimeRange) throws(ReportError) {
    var entries: [[Cell]: Entry] = [:]
    var total: Int64 = 0
    try Report.forEachRow(
      reader,
      """
      SELECT reason, subsystem, kernel, sum(packets), sum(recorded), min(ts), max(ts), min(packets), min(recorded)
      FROM tallies WHERE ts >= ? AND ts < ? GROUP BY 1, 2, 3
      """, Interval(start: range.since ?? 0, end: range.until ?? .max)
    ) { (row) throws(ReportError) in
      guard row.count == 9, case .integer(let packets) = row[3], case .integer(let recorded) = row[4],
        case .integer(let first) = row[5], case .integer(let last) = row[6],
        case .integer(let least) = row[7],
        case .integer(let leastRecorded) = row[8], least >= 0, leastRecorded >= 0
      else {
        throw ReportError(.unexpectedValue, "the database holds counts that are none; it may be damaged")
      }
      total = try Counter<Int>.sum(total, max(packets, recorded))
      let key = [Cell(row[0]), Cell(row[1])]
      var entry =
        entries[key]
        ?? Entry(
          reason: key[0], subsystem: key[1], packets: 0, recorded: 0, first: first, last: last, kernels: [])
      entry.packets &+= packets
      entry.recorded &+= recorded
      entry.first = min(entry.first, first)
      entry.last = max(entry.last, last)
      if case .text(let kernel) = row[2] { entry.kernels.insert(kernel) }
      entries[key] = entry
    }
    self.entries = entries.values.sorted {
      ($1.packets, $0.reason.plainText, $0.subsystem.plainText)
        < ($0.packets, $1.reason.plainText, $1.subsystem.plainText)
    }
  }

  /// The columns of ``cells(_:isForPeople:)``; `first` and `last` are the beginnings of the tallies, as a rule of minutes.
  public static let columns = ["reason", "subsystem", "packets", "recorded", "first", "last", "kernels"]

  /// A reason as a row.
  ///
  /// - Parameters:
  ///   - entry: The reason.
  ///   - isForPeople: Whether times are local; else they are RFC 3339 in UTC.
  /// - Returns: A cell for each of the columns.
  public static func cells(_ entry: Entry, isForPeople: Bool) -> [Cell] {
    func time(_ time: Int64) -> Cell {
      .text(isForPeople ? TimeFormatter.local(time, precision: .seconds) : TimeFormatter.utc(time))
    }
    return [
      entry.reason, entry.subsystem, .integer(entry.packets), .integer(entry.recorded), time(entry.first),
      time(entry.last), .text(entry.kernels.sorted().joined(separator: ", ")),
    ]
  }
}

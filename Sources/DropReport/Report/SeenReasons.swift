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
  /// - Throws: ``ReportError/Code/unreadable`` with the store's reason.
  public init(reading reader: borrowing DropReader, in range: TimeRange) throws(ReportError) {
    let columns: [DropColumn] = [.reason, .subsystem, .kernel]
    let since = max(0, range.since ?? 0)
    let span = since..<max(since, range.until ?? .max)
    let (sums, series) = try Report.reading { () throws(StoreError) in
      (
        try reader.tallies(in: span, groupedBy: [columns]),
        try reader.countedSeries(groupedBy: columns, in: span)
      )
    }
    var entries: [[Cell]: Entry] = [:]
    for (values, sum) in sums.groups[0] {
      let key = [Cell(values[0]), Cell(values[1])]
      var entry =
        entries[key]
        ?? Entry(
          reason: key[0], subsystem: key[1], packets: 0, recorded: 0, first: .max, last: .min, kernels: [])
      // Parts of what the store has added up, so no sum is too large.
      entry.packets &+= sum.packets
      entry.recorded &+= sum.recorded
      if case .text(let kernel) = values[2] { entry.kernels.insert(kernel) }
      entries[key] = entry
    }
    for found in series.entries {
      let key = series.key(found.group).prefix(2).map { Cell($0) }
      guard var entry = entries[key] else { continue }
      entry.first = min(entry.first, found.first)
      entry.last = max(entry.last, found.last)
      entries[key] = entry
    }
    // What retention has removed in between was not seen.
    entries = entries.filter { $0.value.first <= $0.value.last }
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

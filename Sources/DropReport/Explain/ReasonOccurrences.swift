internal import DropEvents
public import DropStore

/// How often each reason occurs in a database, and where: from its tallies, so every drop is counted.
public struct ReasonOccurrences: Sendable {
  /// What the database has of one reason.
  public struct Entry: Sendable {
    /// The drops, exactly.
    public internal(set) var packets: Int64 = 0
    /// The beginnings of the first and of the last tally, which is a minute unless it has been rolled up, in nanoseconds since
    /// the epoch.
    public internal(set) var seen: (first: Int64, last: Int64)?
    /// The drops by location, `nil` where it is unknown.
    var locations = Counter<String?>()
  }

  /// The drops of all reasons, and of those without one.
  public let total: Int64
  private let entries: [String: Entry]

  /// What the database has of a reason; of one it does not have, none.
  public subscript(name: String) -> Entry { entries[name] ?? Entry() }

  /// Counts all reasons of a database, in time that grows with the number of its tallies.
  ///
  /// - Parameter reader: The database.
  /// - Throws: ``ReportError/Code/unreadable`` with the store's reason, ``ReportError/Code/unexpectedValue`` for a
  ///   database whose counts cannot be added up.
  public init(reading reader: borrowing DropReader) throws(ReportError) {
    var entries: [String: Entry] = [:]
    var all = Counter<String?>()
    do {
      var query = try reader.prepare(
        """
        SELECT reason, location, sum(packets), min(packets), min(ts), max(ts) FROM tallies GROUP BY reason, location
        """)
      while let row = try query.next() {
        try Self.add(row, to: &entries, all: &all)
      }
    } catch let error as ReportError {
      throw error
    } catch {
      throw ReportError(.unreadable, "\(error)")
    }
    self.entries = entries
    total = all.total
  }

  private static func add(
    _ row: [SQLValue], to entries: inout [String: Entry], all: inout Counter<String?>
  ) throws(ReportError) {
    guard row.count == 6, case .integer(let packets) = row[2], case .integer(let least) = row[3],
      case .integer(let first) = row[4], case .integer(let last) = row[5], least >= 0
    else { throw ReportError(.unexpectedValue, "the database holds counts that are none; it may be damaged") }
    let name: String? = if case .text(let text) = row[0] { text } else { nil }
    try all.add(packets, to: name)
    guard let name else { return }
    let location: String? = if case .text(let text) = row[1] { text } else { nil }
    var entry = entries[name] ?? Entry()
    try entry.locations.add(packets, to: location)
    entry.packets = entry.locations.total
    entry.seen = (min(first, entry.seen?.first ?? first), max(last, entry.seen?.last ?? last))
    entries[name] = entry
  }
}

extension ReasonOccurrences.Entry {
  /// The locations, the one with the most drops first.
  var ranking: [(location: String?, packets: Int64)] {
    locations.counts.map { (location: $0.key, packets: $0.value) }
      .sorted { ($1.packets, $0.location ?? "") < ($0.packets, $1.location ?? "") }
  }

  /// The functions of the locations, those with the most drops first; addresses that nobody could name are left out.
  var functions: [String] {
    var counts: [String: Int64] = [:]
    for (location, packets) in locations.counts {
      guard let location, let function = Self.function(of: location) else { continue }
      // All of them together have fewer drops than the total, which is a count.
      counts[function, default: 0] &+= packets
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
  }

  /// What stands before the offset of a location, `tcp_v4_rcv` of `tcp_v4_rcv+0x91`.
  private static func function(of location: String) -> String? {
    guard let first = location.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return nil
    }
    return String(location.prefix { $0 != "+" && $0 != " " })
  }
}

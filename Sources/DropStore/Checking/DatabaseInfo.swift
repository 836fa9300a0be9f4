/// What is in a database: ranges, machines, sizes, sums and gaps.
public struct DatabaseInfo: Sendable {
  /// What a table takes in the file, its indexes with it.
  public struct Table: Hashable, Sendable {
    /// The table.
    public let name: String
    /// Its rows.
    public let rows: Int64
    /// Its pages, in bytes; `nil` where SQLite was built without `dbstat`, which tells.
    public let bytes: Int64?
  }

  /// A kernel that captured, and on which host.
  public struct Kernel: Hashable, Sendable {
    /// The host's name.
    public let host: String
    /// `uname -r`.
    public let release: String
    /// `uname -v`.
    public let version: String
    /// `uname -m`.
    public let machine: String
    /// How many boots of it captured.
    public let boots: Int64
    /// How many captures there were.
    public let captures: Int64
  }

  /// A stretch of time, in nanoseconds since the epoch.
  public struct Range: Hashable, Sendable {
    /// Its first moment.
    public let start: Int64
    /// Its last.
    public let end: Int64
  }

  /// A stretch of time in which no capture ran on a host, between two captures.
  public struct Gap: Hashable, Sendable {
    /// The host's name.
    public let host: String
    /// From the end of one capture to the beginning of the next.
    public let range: Range
  }

  /// Drops that were counted and not recorded.
  public struct Loss: Hashable, Sendable {
    /// Why not.
    public let cause: String
    /// How many.
    public let packets: Int64
    /// When it was first and last noticed; `nil` where that has been deleted.
    public let range: Range?
  }

  /// `PRAGMA user_version`: how many migrations made the tables.
  public let version: Int64
  /// The file, in bytes.
  public let bytes: Int64
  /// What of it is free to be used again, in bytes.
  public let freeBytes: Int64
  /// The tables, the largest first.
  public let tables: [Table]
  /// The kernels, by host.
  public let kernels: [Kernel]
  /// From the first recorded drop to the last.
  public let events: Range?
  /// From the beginning of the first tally to that of the last.
  public let tallies: Range?
  /// How many captures there are, and how many of them have no end: they run, or were killed.
  public let captures: (all: Int64, withoutEnd: Int64)
  /// From the start of the first capture to the last that was seen of any.
  public let captured: Range?
  /// How long captures ran, all hosts together, in nanoseconds; two at a time on one host count once.
  public let capturedTime: Int64
  /// Drops counted by all captures.
  public let counted: Int64
  /// Drops recorded by all captures.
  public let recorded: Int64
  /// What was not recorded, by cause, the most first.
  public let losses: [Loss]
  /// When nothing captured, the earliest first.
  public let gaps: [Gap]

  /// Looks a database through; the time it takes grows with the file.
  ///
  /// - Parameter reader: the database.
  /// - Throws: ``StoreError`` when it is damaged or cannot be read.
  public init(reading reader: borrowing DropReader) throws(StoreError) {
    let pageSize = try Self.integers(reader, "PRAGMA page_size").first?.first ?? 0
    func size(_ pages: [[Int64]]) -> Int64 {
      (pages.first?.first ?? 0).multipliedReportingOverflow(by: pageSize).partialValue
    }
    version = try Self.integers(reader, "PRAGMA user_version").first?.first ?? 0
    bytes = size(try Self.integers(reader, "PRAGMA page_count"))
    freeBytes = size(try Self.integers(reader, "PRAGMA freelist_count"))
    tables = try Self.tables(reader)
    kernels = try Self.kernels(reader)
    events = try Self.range(reader, "SELECT min(time), max(time) FROM event")
    tallies = try Self.range(reader, "SELECT min(ts), max(ts) FROM tally")
    losses = try Self.losses(reader)

    var all: Int64 = 0
    var withoutEnd: Int64 = 0
    var counted: UInt64 = 0
    var recorded: UInt64 = 0
    var captured: Range?
    var capturedTime: UInt64 = 0
    var gaps: [Gap] = []
    var ends: [String: Int64] = [:]
    var query = try reader.prepare(
      "SELECT ifnull(host, ''), start_ts, ifnull(end_ts, last_seen_ts), end_ts IS NULL, counted, recorded "
        + "FROM captures ORDER BY start_ts")
    while let row = try query.next() {
      let numbers = row.map { if case .integer(let number) = $0 { number } else { 0 as Int64 } }
      guard case .text(let host) = row[0] else { continue }
      let (start, end) = (numbers[1], max(numbers[1], numbers[2]))
      all += 1
      withoutEnd += numbers[3]
      counted.addClamped(UInt64(clamping: numbers[4]))
      recorded.addClamped(UInt64(clamping: numbers[5]))
      captured = Range(start: captured?.start ?? start, end: max(captured?.end ?? end, end))
      if let last = ends[host], last < start {
        gaps.append(Gap(host: host, range: Range(start: last, end: start)))
      }
      let uncounted = max(start, ends[host] ?? start)
      if uncounted < end { capturedTime.addClamped(UInt64(bitPattern: end &- uncounted)) }
      ends[host] = max(ends[host] ?? end, end)
    }
    captures = (all, withoutEnd)
    self.counted = Int64(clamping: counted)
    self.recorded = Int64(clamping: recorded)
    self.captured = captured
    self.capturedTime = Int64(clamping: capturedTime)
    self.gaps = gaps
  }

  // MARK: - Parts

  private static func tables(_ reader: borrowing DropReader) throws(StoreError) -> [Table] {
    var names: [String] = []
    var query = try reader.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    while let row = try query.next() {
      if case .text(let name) = row[0] { names.append(name) }
    }
    let sizes = try sizes(reader)
    var tables: [Table] = []
    for name in names {
      let quoted =
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
      let rows = try integers(reader, "SELECT count(*) FROM \(quoted)").first?.first ?? 0
      tables.append(Table(name: name, rows: rows, bytes: sizes.map { $0[name] ?? 0 }))
    }
    return tables.sorted { ($1.bytes ?? 0, $1.rows, $0.name) < ($0.bytes ?? 0, $0.rows, $1.name) }
  }

  /// The bytes of each table with its indexes; `nil` where SQLite cannot tell.
  private static func sizes(_ reader: borrowing DropReader) throws(StoreError) -> [String: Int64]? {
    var sizes: [String: Int64] = [:]
    do {
      var query = try reader.prepare(
        """
        SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_schema USING (name) WHERE aggregate = TRUE GROUP BY 1
        """)
      while let row = try query.next() {
        if case .text(let name) = row[0], case .integer(let size) = row[1] { sizes[name] = size }
      }
    } catch {
      guard error.code == .sql else { throw error }
      return nil
    }
    return sizes
  }

  private static func kernels(_ reader: borrowing DropReader) throws(StoreError) -> [Kernel] {
    var kernels: [Kernel] = []
    var query = try reader.prepare(
      """
      SELECT ifnull(host, ''), ifnull(kernel, ''), ifnull(kernel_version, ''), ifnull(machine, ''),
        count(DISTINCT boot), count(*)
      FROM captures GROUP BY 1, 2, 3, 4 ORDER BY 1, min(start_ts)
      """)
    while let row = try query.next() {
      guard case .text(let host) = row[0], case .text(let release) = row[1], case .text(let version) = row[2],
        case .text(let machine) = row[3], case .integer(let boots) = row[4],
        case .integer(let captures) = row[5]
      else { continue }
      kernels.append(
        Kernel(
          host: host, release: release, version: version, machine: machine, boots: boots, captures: captures))
    }
    return kernels
  }

  private static func losses(_ reader: borrowing DropReader) throws(StoreError) -> [Loss] {
    var ranges: [String: Range] = [:]
    var query = try reader.prepare("SELECT cause, min(ts), max(ts) FROM loss GROUP BY 1")
    while let row = try query.next() {
      guard case .text(let cause) = row[0], case .integer(let start) = row[1], case .integer(let end) = row[2]
      else { continue }
      ranges[cause] = Range(start: start, end: end)
    }
    var sums: [String: UInt64] = [:]
    var totals = try reader.prepare("SELECT cause, packets FROM capture_loss")
    while let row = try totals.next() {
      guard case .text(let cause) = row[0], case .integer(let packets) = row[1] else { continue }
      sums[cause, default: 0].addClamped(UInt64(clamping: packets))
    }
    return sums.map { Loss(cause: $0.key, packets: Int64(clamping: $0.value), range: ranges[$0.key]) }
      .sorted { ($1.packets, $0.cause) < ($0.packets, $1.cause) }
  }

  private static func range(_ reader: borrowing DropReader, _ sql: String) throws(StoreError) -> Range? {
    guard let row = try integers(reader, sql).first, row.count == 2 else { return nil }
    return Range(start: row[0], end: row[1])
  }

  /// The rows of a query of numbers; those with anything else are left out.
  private static func integers(_ reader: borrowing DropReader, _ sql: String) throws(StoreError) -> [[Int64]]
  {
    var rows: [[Int64]] = []
    var query = try reader.prepare(sql)
    while let row = try query.next() {
      let numbers = row.compactMap { if case .integer(let number) = $0 { number } else { nil } }
      if numbers.count == row.count { rows.append(numbers) }
    }
    return rows
  }
}

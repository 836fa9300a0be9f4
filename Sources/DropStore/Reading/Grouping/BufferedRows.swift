/// Columns of the rows of a table in the order of its key, a thousand rows at a time.
///
/// Where there is much to read, a companion reads all of it ahead while the rows are counted here; or, where counting them is little,
/// it reads a part of it. The rows and their order are the same.
struct BufferedRows: ~Copyable {
  /// What a companion does.
  enum Sharing {
    /// It reads ahead.
    case ahead
    /// It reads every other part.
    case parts
    /// It reads three of four parts: counting takes less than reading, and more than nothing.
    case mostParts

    /// Of how many parts one is read here.
    fileprivate var step: Int {
      switch self {
      case .ahead: .max
      case .parts: 2
      case .mostParts: 4
      }
    }
  }

  /// Into how many parts a range is cut: small enough for the companion to be a whole part ahead.
  private static let parts: Int64 = 16

  private var statement: Statement
  private let width: Int
  private let interrupter: Interrupter
  /// The ranges of keys, the first of which comes first, and whether the companion reads them.
  private let ranges: [(keys: Range<Int64>, isAhead: Bool)]
  private let ahead: RowsAhead?

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - connection: the database.
  ///   - companions: what may help.
  ///   - interrupter: what ends it.
  ///   - table: the table.
  ///   - columns: what to take out of each row.
  ///   - range: the range of keys.
  ///   - sharing: how a companion helps.
  ///   - newest: how many rows are wanted of the last ones, the last one first, and one more; all in their order where this is `nil`.
  ///   - function: the buffer's function.
  /// - Throws: when the database is damaged or cannot be read.
  init(
    _ connection: borrowing Connection, _ companions: Companions, _ interrupter: Interrupter,
    _ table: OrderedTable, _ columns: BufferedColumns, in range: Range<Int64> = .min..<Int64.max,
    sharing: Sharing = .ahead, newest: Int64? = nil, function: String = ColumnBuffer.standard
  ) throws(StoreError) {
    var companion = companions.idle()
    if companion != nil, try !companions.areWorth(connection, table, range) { companion = nil }
    let parts =
      companion != nil && sharing != .ahead ? try Self.parts(of: range, table, connection) : [range]
    let isShared = parts.count > 1
    let ranges = parts.enumerated().map {
      (keys: $1, isAhead: companion != nil && (!isShared || $0 % sharing.step != 0))
    }
    // A comparison for each row that all of them pass takes a tenth of the time.
    let last = try connection.integer("SELECT max(\(table.key)) FROM \(table.name)") ?? .max
    let condition =
      "\(table.key) >= ?1" + (last < range.upperBound && !isShared ? "" : " AND \(table.key) < ?2")
    // Without a LIMIT: in a subquery it would cost each row as much again as finding it. The reading ends with enough.
    let order = newest == nil ? "" : " ORDER BY \(table.key) DESC"
    func sql(_ function: String) -> String {
      "SELECT 1 FROM \(table.name) WHERE \(condition) AND \(columns.condition(function))\(order)"
    }
    var ahead: RowsAhead?
    if let companion {
      ahead = try RowsAhead(
        companion, interrupter, sql(ColumnBuffer.standard), ranges.filter(\.isAhead).map(\.keys),
        width: columns.width, most: newest)
    }
    statement = try connection.prepare(sql(function))
    self.interrupter = interrupter
    width = columns.width
    self.ranges = ranges
    self.ahead = ahead
  }

  /// Parts of a range that take about as long as each other if its rows lie evenly.
  private static func parts(
    of range: Range<Int64>, _ table: OrderedTable, _ connection: borrowing Connection
  ) throws(StoreError) -> [Range<Int64>] {
    guard let extent = try table.extent(in: range, connection) else { return [range] }
    let (length, overflow) = extent.upperBound.subtractingReportingOverflow(extent.lowerBound)
    let part = length / parts
    guard !overflow, part > 0 else { return [range] }
    let bounds = [range.lowerBound] + (1..<parts).map { extent.lowerBound + part * $0 } + [range.upperBound]
    return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
  }

  /// Hands over all rows.
  ///
  /// - Parameters:
  ///   - buffer: the connection's, of the function.
  ///   - body: takes rows, and tells whether to go on.
  /// - Throws: when the database is damaged or cannot be read, or the reader is interrupted; and what `body` throws.
  mutating func read(
    _ buffer: ColumnBuffer, _ body: (borrowing ColumnRows) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let isHelped = ahead?.start() ?? false
    defer { if isHelped { ahead?.stop() } }
    for range in ranges {
      try interrupter.check()
      let goesOn: Bool
      if let ahead, isHelped, range.isAhead {
        goesOn = try ahead.read(body)
      } else {
        statement.reset()
        try statement.bind(range.keys)
        goesOn = try buffer.read(&statement, width: width) { rows throws(StoreError) in
          try interrupter.check()
          return try body(rows)
        }
      }
      guard goesOn else { return }
    }
  }
}

extension Statement {
  /// Gives the statement the ends of a range, the first of which its first parameter is; it may have no other.
  mutating func bind(_ range: Range<Int64>) throws(StoreError) {
    try bind(1, range.lowerBound)
    if parameterCount > 1 { try bind(2, range.upperBound) }
  }
}

/// The answer to a query, row by row.
///
/// It reads one state of the database from its first row to its last, and while it does so the capture cannot
/// shorten its log: read to the end, or let go of it.
public struct DropQuery: ~Copyable {
  /// The names of the columns, in order.
  public let columns: [String]

  private var statement: Statement
  private let interrupter: Interrupter
  private var hasEnded = false

  init(_ statement: consuming Statement, _ interrupter: Interrupter) {
    self.interrupter = interrupter
    columns = statement.columnNames
    self.statement = statement
  }

  /// The next row.
  ///
  /// - Returns: a value for each of ``columns``, or `nil` after the last row.
  /// - Throws: ``StoreError`` when the database is damaged or cannot be read, or the reader is interrupted.
  public mutating func next() throws(StoreError) -> [SQLValue]? {
    // Stepping on would run the query again.
    guard !hasEnded else { return nil }
    do {
      try interrupter.check()
      if try statement.step() { return (0..<Int32(columns.count)).map { statement.value($0) } }
    } catch {
      end()
      // A function that was interrupted tells so in words of its own.
      try interrupter.check()
      throw error
    }
    end()
    return nil
  }

  private mutating func end() {
    hasEnded = true
    statement.reset()
  }
}

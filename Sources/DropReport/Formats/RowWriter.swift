/// Writes rows in one of the ``OutputFormat``s as they come, without keeping them all.
///
/// Call ``begin(_:into:)`` once, ``append(_:into:)`` for every row, and ``end(into:)`` once, also when the rows end early
/// because of an error: what has been written is then valid in its format.
public protocol RowWriter {
  /// Begins with the names of the columns.
  ///
  /// - Parameters:
  ///   - columns: The names; all rows have as many cells.
  ///   - output: Where to write.
  mutating func begin(_ columns: [String], into output: inout String)

  /// Writes a row, or keeps it until more is known.
  ///
  /// - Parameters:
  ///   - row: One cell for every column.
  ///   - output: Where to write.
  mutating func append(_ row: [Cell], into output: inout String)

  /// Ends the output.
  ///
  /// - Parameter output: Where to write.
  mutating func end(into output: inout String)

  /// Writes what is kept, because whoever reads shall see it now; more rows may follow.
  ///
  /// - Parameter output: Where to write.
  mutating func flush(into output: inout String)
}

extension RowWriter {
  /// Does nothing: most formats keep nothing.
  ///
  /// - Parameter output: Where to write.
  public mutating func flush(into output: inout String) {}
}

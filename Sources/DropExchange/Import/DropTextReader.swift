/// Reads what a tool writes, line by line.
protocol DropTextReader {
  /// What the text says about where it comes from, as far as it has been read.
  var origin: ImportOrigin { get }

  /// Reads a line.
  ///
  /// - Parameter line: the line without its end: any bytes.
  /// - Returns: the drops that it completes.
  /// - Throws: ``LineFault`` where the line is not as the tool writes it.
  mutating func read(_ line: [UInt8]) throws -> [ImportedDrop]

  /// Ends the text.
  ///
  /// - Returns: the drop that is complete now.
  /// - Throws: ``LineFault`` where the text ends too early.
  mutating func finish() throws -> ImportedDrop?
}

/// What a text says about where it comes from.
struct ImportOrigin {
  var host: String?
  var release: String?
  var version: String?
  var machine: String?
  /// What the tool's clock must be moved by to be the time since the epoch, in nanoseconds.
  var clockOffset: Int64?
  /// Whether ``clockOffset`` is only about right.
  var isEstimate = false
  /// Drops that the tool itself says it missed, where it tells how many.
  var lost: UInt64 = 0
}

import DropReport

/// Writes rows to standard output as they come.
struct RowOutput {
  private var writer: any RowWriter
  private var output: StandardOutput

  init(
    _ format: OutputFormat, style: TableStyle = Terminal.style, output: StandardOutput = StandardOutput()
  ) {
    writer = format.makeWriter(style: style)
    self.output = output
  }

  /// Writes all rows.
  ///
  /// When they end early because of an error, what was written is still valid in its format.
  ///
  /// - Parameters:
  ///   - columns: The names of the columns.
  ///   - next: The next row, `nil` after the last.
  /// - Throws: ``CommandFailure`` when nothing more can be written, and what `next` throws.
  mutating func write(_ columns: [String], _ next: () throws -> [Cell]?) throws {
    try pass { $0.begin(columns, into: &$1) }
    do {
      while let row = try next() { try pass { $0.append(row, into: &$1) } }
    } catch let gone as CommandFailure {
      throw gone
    } catch {
      try end()
      throw error
    }
    try end()
  }

  private mutating func end() throws {
    try pass { $0.end(into: &$1) }
    try output.flush()
  }

  private mutating func pass(_ body: (inout any RowWriter, inout String) -> Void) throws {
    var text = ""
    body(&writer, &text)
    if !text.isEmpty { try output.write(text) }
  }
}

import DropReport

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Writes rows to standard output, in portions that are seen at once.
final class TailOutput {
  private var writer: any RowWriter
  private var output = StandardOutput()
  private var hasBegun = false

  init(_ format: OutputFormat) {
    writer = format.makeWriter(style: Terminal.style)
  }

  /// Writes a row.
  ///
  /// - Throws: ``CommandFailure`` when nothing more can be written.
  func write(_ row: [Cell], of columns: [String]) throws {
    try pass { [hasBegun] in
      if !hasBegun { $0.begin(columns, into: &$1) }
      $0.append(row, into: &$1)
    }
    hasBegun = true
  }

  /// Lets all that was written be seen.
  func flush() throws {
    if hasBegun { try pass { $0.flush(into: &$1) } }
    try output.flush()
  }

  /// Ends what was written, so that it is valid in its format.
  func end() throws {
    try pass { [hasBegun] in
      if !hasBegun { $0.begin([], into: &$1) }
      $0.end(into: &$1)
    }
    try output.flush()
  }

  /// Whether nobody reads any more, which a pipe tells without being written to.
  static var isReaderGone: Bool {
    var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return unsafe poll(&output, 1, 0) > 0 && output.revents & Int16(POLLERR) != 0
  }

  private func pass(_ body: (inout any RowWriter, inout String) -> Void) throws {
    var text = ""
    body(&writer, &text)
    if !text.isEmpty { try output.write(text) }
  }
}

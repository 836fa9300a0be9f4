import DropReport
import DropStore

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Shows the answers to queries: watched over, and on a terminal through a pager when they are long.
///
/// Every command that reads many rows answers through one of these.
struct QueryAnswer {
  private let format: OutputFormat
  private let style: TableStyle
  private let watch: QueryWatch
  private let pager: Pager?
  private var output = StandardOutput()
  private var hasAnswered = false

  /// Begins to watch over what a reader does.
  ///
  /// - Parameters:
  ///   - interrupter: The reader's.
  ///   - format: How rows are written.
  ///   - options: How the answer is waited for and shown.
  init(_ interrupter: Interrupter, _ format: OutputFormat, _ options: RunOptions) {
    self.format = format
    style = Terminal.style
    let isTerminal = isatty(STDOUT_FILENO) == 1
    watch = QueryWatch(interrupter, limit: options.limit, progress: ProgressLine())
    pager = isTerminal && format == .table && !options.noPager ? Pager() : nil
    let (watch, pager) = (watch, pager)
    output.beforeWriting = { (bytes) throws(CommandFailure) in
      // On a terminal, rows tell that it goes on; elsewhere they are not seen.
      if isTerminal { watch.hideProgress() }
      if try pager?.prepare(for: bytes) == true { watch.notePager() }
    }
  }

  /// Writes the rows of a statement; between two statements an empty line, where the format is made of lines.
  ///
  /// - Parameters:
  ///   - columns: The names of the columns.
  ///   - next: The next row, `nil` after the last.
  /// - Throws: ``CommandFailure`` when nothing more can be written, and what `next` throws.
  mutating func write(_ columns: [String], _ next: () throws -> [Cell]?) throws {
    if hasAnswered, format != .json, format != .jsonl { try output.write("\n") }
    hasAnswered = true
    var rows = RowOutput(format, style: style, output: output)
    try rows.write(columns) {
      let row = try next()
      if row != nil { watch.noteRow() }
      return row
    }
  }

  /// Notes how far rows in the order of time have come, for the progress line.
  ///
  /// - Parameters:
  ///   - time: The time of the last row, in nanoseconds since the epoch.
  ///   - range: The time that is asked for.
  func note(_ time: Int64, in range: Range<Int64>) { watch.note(time, in: range) }

  /// Runs something that answers, and ends as it must whatever that does: the pager has been waited for, signals do what they
  /// did before.
  ///
  /// - Parameter body: What reads and writes.
  /// - Throws: ``CommandFailure`` when a signal or the time has ended it, else what `body` throws; nothing when
  ///   somebody has left the pager.
  mutating func run(_ body: (inout QueryAnswer) throws -> Void) throws {
    let result = Result { try body(&self) }
    watch.hideProgress()
    let hasPaged = pager?.finish() ?? false
    watch.stop()
    do {
      try result.get()
    } catch let error as StoreError where error.code == .interrupted {
      throw watch.failure ?? error
    } catch let failure as CommandFailure where failure.isReaderGone && hasPaged {
      return
    }
  }
}

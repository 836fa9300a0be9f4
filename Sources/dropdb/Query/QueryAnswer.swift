import DropReport
import DropStore

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Shows the answers to questions: watched over, and on a terminal through a pager when they are long.
///
/// Every command that may read for long answers through one of these.
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
    self.init(
      [interrupter], format, isForPeople: format == .table, progress: ProgressLine(), limit: options.limit,
      mayPage: !options.noPager)
  }

  /// Begins to watch over an answer that is worked out as a whole before anything of it is written.
  ///
  /// - Parameters:
  ///   - interrupters: Those of all readers it is made from; without any, a signal ends the program as ever.
  ///   - format: How rows are written, if it has any.
  ///   - isForPeople: Whether people read it, so that it may go through a pager.
  ///   - options: How the answer is waited for and shown.
  init(
    whole interrupters: [Interrupter], _ format: OutputFormat = .table, isForPeople: Bool,
    _ options: RunOptions
  ) {
    self.init(
      interrupters, format, isForPeople: isForPeople, progress: ProgressLine(beforeRows: "reading"),
      limit: options.limit, mayPage: !options.noPager)
  }

  private init(
    _ interrupters: [Interrupter], _ format: OutputFormat, isForPeople: Bool, progress: ProgressLine?,
    limit: Int64?, mayPage: Bool
  ) {
    self.format = format
    style = Terminal.style
    let isTerminal = isatty(STDOUT_FILENO) == 1
    watch = QueryWatch(interrupters, limit: limit, progress: progress)
    pager = isTerminal && isForPeople && mayPage ? Pager() : nil
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

  /// Writes a text, all of it.
  ///
  /// - Parameter text: The text.
  /// - Throws: ``CommandFailure`` when it cannot be written.
  mutating func write(_ text: String) throws {
    try output.write(text)
    try output.flush()
  }

  /// Takes the progress line away, before something else is written to standard error.
  func hideProgress() { watch.hideProgress() }

  /// Notes that one more row has been read, where another than this writes them.
  func noteRow() { watch.noteRow() }

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
    } catch let error as ReportError where error.code == .unreadable {
      throw watch.failure ?? error
    } catch let failure as CommandFailure where failure.isReaderGone && hasPaged {
      return
    }
  }
}

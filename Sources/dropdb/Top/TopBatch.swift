import DropReport
import DropStore

/// The screen as text, once or again and again, for output that is no terminal.
struct TopBatch {
  private static let columns = 100
  private static let lines = 40
  private static let delay: Int64 = 20_000_000

  private let reader: TopReader
  private let every: Int64
  private let watch: EndWatch
  private let screen: TopScreen
  private var view = TopView()

  init(
    path: String, every: Int64, slotCount: Int, isUTC: Bool, isFollowed: Bool, _ selection: DropSelection
  ) throws {
    let watch = EndWatch()
    self.watch = watch
    self.every = every
    let style = Terminal.style
    let columns = style.width ?? Environment.value("COLUMNS").flatMap { Int($0) } ?? Self.columns
    let lines = Environment.value("LINES").flatMap { Int($0) } ?? Self.lines
    screen = TopScreen(columns: min(columns, 1000), lines: min(lines, 1000), isUnicode: style.isUnicode)
    reader = try TopReader(
      path: path, every: every, slotCount: slotCount, selection: selection, now: Clock.now,
      isFollowed: isFollowed, isRunning: ProcessCheck().isRunning,
      opened: { watch.interrupts($0) })
    view.isUTC = isUTC
  }

  /// Writes frames.
  ///
  /// - Parameters:
  ///   - count: How many; `nil` for ever.
  ///   - grouping: By what drops are grouped.
  /// - Throws: ``CommandFailure`` when nothing more can be written, and `StoreError` when the database cannot be read.
  mutating func run(_ count: Int64?, _ grouping: TopGrouping) throws {
    view.grouping = grouping
    var output = StandardOutput()
    var written: Int64 = 0
    while count.map({ written < $0 }) ?? true {
      if written > 0 {
        let now = Clock.now
        let wait = (now / every + 1) * every + Self.delay - now
        guard watch.pause(milliseconds: Int(wait / 1_000_000)) else { return }
        if TailOutput.isReaderGone { throw CommandFailure.readerGone }
        try output.write("\n")
      }
      guard try look(grouping) else { return }
      try output.write(screen.text(reader.model, &view))
      try output.flush()
      written += 1
    }
  }

  /// Looks what has come.
  ///
  /// - Returns: `false` when that was interrupted, for it is time to end.
  private func look(_ grouping: TopGrouping) throws -> Bool {
    do throws(StoreError) {
      try reader.look(now: Clock.now, grouping, detail: nil)
    } catch {
      guard error.code == .interrupted else { throw error }
      return false
    }
    return true
  }
}

extension TopScreen {
  /// A frame as text, without what is said of keys.
  func text(_ model: TopModel, _ view: inout TopView) -> String {
    var frame = frame(model, &view)
    if hasFoot { frame.lines.removeLast() }
    while frame.lines.last?.text.isEmpty == true { frame.lines.removeLast() }
    return frame.text
  }
}

import DropReport
import DropStore

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The live screen: looks at the end of each slot of time, and does what keys and signals ask for.
struct TopSession {
  /// After the end of a slot, what was dropped in it is given so long to be stored, in nanoseconds.
  private static let delay: Int64 = 20_000_000
  /// So long, in milliseconds, an escape may be the beginning of a key.
  private static let escapeTime: Int32 = 50
  private static let longestWait: Int64 = 10_000_000_000

  private let reader: TopReader
  private let every: Int64
  private let terminal: RawTerminal
  private let signals: TopSignals
  private var view = TopView()
  private var painter = FramePainter(isColored: Terminal.style.isColored)
  private var decoder = KeyDecoder()
  /// What is shown, which stays as it is while paused.
  private var model: TopModel
  private var nextLook: Int64 = 0

  /// A screen for a database.
  init(
    path: String, every: Int64, slotCount: Int, isUTC: Bool, _ grouping: TopGrouping,
    _ selection: DropSelection
  ) throws {
    let terminal = try RawTerminal()
    let found = terminal.found
    let signals = try TopSignals { RawTerminal.restore(found) }
    self.terminal = terminal
    self.signals = signals
    self.every = every
    reader = try TopReader(
      path: path, every: every, slotCount: slotCount, selection: selection, now: Clock.now,
      isRunning: ProcessCheck().isRunning,
      opened: { signals.interrupts($0) })
    model = reader.model
    view.isUTC = isUTC
    view.grouping = grouping
  }

  /// Shows the screen until it is time to end.
  mutating func run() throws {
    try terminal.enter()
    defer { terminal.leave() }
    try look()
    try draw()
    while true {
      let arrival = signals.wait(milliseconds: patience)
      if arrival.isEnd { return }
      if arrival.isStop { stop() }
      if arrival.isStop || arrival.isContinue {
        try terminal.enter()
        painter.forget()
      }
      if arrival.isResize { painter.forget() }
      if arrival.hasKeys {
        guard let bytes = terminal.read() else { return }
        guard try press(decoder.take(bytes)) else { return }
      } else if decoder.isWaiting {
        guard try press(decoder.finish()) else { return }
      }
      let now = Clock.now
      if now >= nextLook || nextLook - now > every + Self.delay {
        guard try look() else { return }
      }
      try draw()
    }
  }

  /// How long to wait for something, in milliseconds.
  private var patience: Int32 {
    if decoder.isWaiting { return Self.escapeTime }
    let rest = min(max(0, nextLook - Clock.now), Self.longestWait)
    return Int32(truncatingIfNeeded: (rest + 999_999) / 1_000_000)
  }

  /// Looks what has come.
  ///
  /// - Returns: `false` when that was interrupted, for it is time to end.
  @discardableResult
  private mutating func look(isPressed: Bool = false) throws -> Bool {
    let now = Clock.now
    nextLook = (now / every + 1) * every + Self.delay
    do throws(StoreError) {
      try reader.look(now: now, view.grouping, detail: view.detail)
    } catch {
      if error.code == .interrupted { return false }
      guard error.code == .busy else { throw error }
    }
    if !view.isPaused || isPressed { model = reader.model }
    return true
  }

  /// Does what keys ask for.
  ///
  /// - Returns: `false` to quit.
  private mutating func press(_ keys: [Key]) throws -> Bool {
    for key in keys {
      switch view.press(key, model, page: screen.page) {
      case .none: break
      case .quit: return false
      case .read:
        reader.forgetDetail()
        guard try look(isPressed: true) else { return false }
      }
    }
    return true
  }

  private var screen: TopScreen {
    let size = terminal.size
    return TopScreen(columns: size.columns, lines: size.lines, isUnicode: Terminal.style.isUnicode)
  }

  private mutating func draw() throws {
    let text = painter.paint(screen.frame(model, &view))
    if !text.isEmpty { try terminal.write(text) }
  }

  /// Stops, as Ctrl-Z asks for, until the shell lets it go on.
  private func stop() {
    terminal.leave()
    // The signal itself is blocked and has been taken; this one cannot be.
    raise(SIGSTOP)
  }
}

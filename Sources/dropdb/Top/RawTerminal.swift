#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The terminal while a program has all of its screen, and gets keys as they are pressed.
final class RawTerminal {
  /// The alternate screen; no cursor; lines are cut at the edge rather than wrapped (xterm's and DEC's private modes).
  private static let beginning = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l"
  private static let end = "\u{1b}[0m\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l"
  private static let standardSize = (columns: 80, lines: 24)

  /// The modes in which it was found.
  let found: termios

  /// Whether a person sits before it: input and output are terminals, and not dumb ones.
  static var isThere: Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && Environment.value("TERM") != "dumb"
  }

  /// Remembers the modes in which the terminal is.
  init() throws(CommandFailure) {
    var modes = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &modes) == 0 else {
      throw CommandFailure("the terminal's modes cannot be read: \(SystemError.text(errno))")
    }
    found = modes
  }

  /// Takes the screen.
  func enter() throws(CommandFailure) {
    var raw = found
    // Ctrl-C and Ctrl-Z go on to be signals; Ctrl-S must not stop the output.
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
    raw.c_iflag &= ~tcflag_t(IXON)
    guard unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0 else {
      throw CommandFailure("the terminal's modes cannot be set: \(SystemError.text(errno))")
    }
    try write(Self.beginning)
  }

  /// Gives the screen back as it was, as far as there is still a terminal.
  func leave() {
    try? write(Self.end)
    Self.restore(found)
  }

  /// Sets the modes alone, also where output is stopped.
  static func restore(_ modes: termios) {
    var modes = modes
    unsafe tcsetattr(STDIN_FILENO, TCSANOW, &modes)
  }

  /// The size of the screen.
  var size: (columns: Int, lines: Int) {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return Self.standardSize
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Writes in one piece.
  ///
  /// - Throws: ``CommandFailure``, a silent one when the terminal has gone.
  func write(_ text: String) throws(CommandFailure) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes { unsafe systemWrite(STDOUT_FILENO, $0) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw .readerGone }
      rest = rest.dropFirst(written)
    }
  }

  /// The bytes that keys have sent; `nil` when the terminal has gone.
  func read() -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = systemRead(STDIN_FILENO, &bytes)
    if count < 0 { return errno == EINTR || errno == EAGAIN ? [] : nil }
    return count == 0 ? nil : Array(bytes[..<count])
  }
}

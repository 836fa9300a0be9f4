import DropReport

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What standard output can show.
enum Terminal {
  /// The style for tables: cut and coloured on a terminal only, and never coloured under `NO_COLOR` (https://no-color.org).
  static var style: TableStyle {
    let isTerminal = isOutput
    let isColored = isTerminal && Environment.value("NO_COLOR") == nil && Environment.value("TERM") != "dumb"
    return TableStyle(width: isTerminal ? width : nil, isColored: isColored, isUnicode: isUnicode)
  }

  /// How many lines it shows; `nil` if it is no terminal, or does not tell.
  static var height: Int? {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return nil }
    return Int(size.ws_row)
  }

  /// Whether somebody looks at standard output.
  static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }

  private static var width: Int? {
    var size = winsize()
    if unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return Environment.value("COLUMNS").flatMap { Int($0) }
  }

  /// Whether the locale writes UTF-8; the first of these variables decides, as in setlocale(3).
  private static var isUnicode: Bool {
    let name =
      Environment.value("LC_ALL") ?? Environment.value("LC_CTYPE") ?? Environment.value("LANG") ?? "C"
    let charset = name.uppercased()
    return charset.contains("UTF-8") || charset.contains("UTF8")
  }
}

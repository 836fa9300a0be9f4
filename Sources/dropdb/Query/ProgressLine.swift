import DropReport
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A line on the terminal that tells how far something is, and is away when it is done.
final class ProgressLine: Sendable {
  private enum State: Equatable {
    case hidden
    case shown(String)
    case ended
  }

  private let state = Mutex(State.hidden)
  private let beforeRows: String

  /// A line on standard error; `nil` if that is no terminal that can take a line away again.
  ///
  /// - Parameter beforeRows: What it says for as long as there is no row.
  init?(beforeRows: String = "no row yet") {
    guard isatty(STDERR_FILENO) == 1, Environment.value("TERM") != "dumb" else { return nil }
    self.beforeRows = beforeRows
  }

  /// Shows, or replaces, the line; not any more once it has ended.
  func show(rows: Int, percent: Int?, nanoseconds: Int64) {
    let text = Self.text(beforeRows, rows: rows, percent: percent, nanoseconds: nanoseconds)
    state.withLock { state in
      guard state != .ended, state != .shown(text) else { return }
      state = .shown(text)
      Self.write("\r\u{1b}[K" + text)
    }
  }

  /// Takes the line away, for good.
  func end() {
    state.withLock { state in
      if case .shown = state { Self.write("\r\u{1b}[K") }
      state = .ended
    }
  }

  /// What the line says.
  static func text(
    _ beforeRows: String = "no row yet", rows: Int, percent: Int?, nanoseconds: Int64
  ) -> String {
    let count = rows == 0 ? beforeRows : "\(grouped(rows)) rows" + (percent.map { " (\($0)%)" } ?? "")
    return "dropdb: \(count), \(nanoseconds / 1_000_000_000) s; Ctrl-C ends it"
  }

  private static func grouped(_ number: Int) -> String {
    let digits = String(number)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result
  }

  private static func write(_ text: String) {
    // Nothing depends on whether it is seen.
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe systemWrite(STDERR_FILENO, $0) }
  }
}

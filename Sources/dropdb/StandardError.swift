import DropReport

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Where everything goes that is not data.
enum StandardError {
  /// Writes a message and a line end.
  ///
  /// Names and paths in it are from outside: what acts on a terminal is written out.
  static func write(_ message: String) {
    let text = SafeText.visible(message, keptLineFeeds: true) + "\n"
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes { unsafe systemWrite(STDERR_FILENO, $0) }
      if written < 0 && errno == EINTR { continue }
      // There is no place left where a failure to write could be told.
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A file with SQL.
enum StatementFile {
  /// What SQLite takes as one text at most, by default.
  private static let limit = 1_000_000

  /// Reads a file.
  ///
  /// - Parameter path: The file, `-` for standard input.
  /// - Returns: The SQL.
  /// - Throws: ``CommandFailure`` when it cannot be read, is too long or is no text.
  static func read(_ path: String) throws(CommandFailure) -> String {
    let isInput = path == "-"
    let name = isInput ? "standard input" : path
    let descriptor = isInput ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CommandFailure("\(name): \(SystemError.text(errno))") }
    defer { if !isInput { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe systemRead(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw CommandFailure("\(name): \(SystemError.text(errno))")
      }
      if count == 0 { break }
      bytes += chunk[..<count]
      guard bytes.count <= limit else {
        throw CommandFailure("\(name): this is more than SQLite takes, \(limit) bytes")
      }
    }
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure("\(name): this is no text in UTF-8")
    }
    return text
  }
}

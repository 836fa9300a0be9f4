#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Reads the files in which the kernel tells of itself; they have no size, and come in pieces.
enum SystemFile {
  /// A file's bytes, or `nil` where it cannot be read.
  static func bytes(_ path: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    let complete = forEachPiece(path) { piece in
      bytes.reserveCapacity(bytes.count + piece.count)
      for index in piece.indices { bytes.append(piece[index]) }
    }
    return complete ? bytes : nil
  }

  /// The first line of a file, without surrounding blanks; `nil` where it cannot be read or is empty.
  static func line(_ path: String) -> String? {
    guard let bytes = bytes(path) else { return nil }
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let text = String(decoding: line, as: UTF8.self).split(separator: " ").joined(separator: " ")
    return text.isEmpty ? nil : text
  }

  /// Hands over each line of a file, without its newline; an unreadable file has none.
  static func forEachLine(_ path: String, _ body: (Span<UInt8>) -> Void) {
    var rest: [UInt8] = []
    _ = forEachPiece(path) { piece in
      var start = 0
      for index in piece.indices where piece[index] == UInt8(ascii: "\n") {
        if rest.isEmpty {
          body(piece.extracting(start..<index))
        } else {
          for position in start..<index { rest.append(piece[position]) }
          body(rest.span)
          rest.removeAll(keepingCapacity: true)
        }
        start = index + 1
      }
      for position in start..<piece.count { rest.append(piece[position]) }
    }
    if !rest.isEmpty { body(rest.span) }
  }

  /// Hands over a file piece by piece; returns whether all of it could be read.
  private static func forEachPiece(_ path: String, _ body: (Span<UInt8>) -> Void) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count == 0 }
      body(buffer.span.extracting(0..<count))
    }
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Reads files that somebody wrote by hand.
enum SmallFile {
  /// Nobody writes more by hand.
  private static let limit = 1 << 20

  /// A file's bytes; `nil` where there is none.
  ///
  /// - Throws: ``CommandFailure`` where it cannot be read, or is too long to be what is meant.
  static func bytes(_ path: String) throws(CommandFailure) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw CommandFailure("\(path): this cannot be read: \(SystemError.text(errno))")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = systemRead(descriptor, &piece)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw CommandFailure("\(path): this cannot be read: \(SystemError.text(errno))")
      }
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
      guard bytes.count <= limit else {
        throw CommandFailure("\(path): this is too long for a configuration")
      }
    }
  }
}

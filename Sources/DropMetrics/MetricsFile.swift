#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// A file of metrics for node_exporter's textfile collector, which must never see half of it.
struct MetricsFile: Sendable {
  private let path: String
  /// The collector reads only names that end in `.prom`.
  private var partial: String { path + ".partial" }

  init(_ path: String) {
    self.path = path
  }

  /// Replaces the file.
  ///
  /// - Throws: ``MetricsError`` that says why not; the old one stays then.
  func write(_ text: String) throws(MetricsError) {
    // In a folder that others may write to, what they put there is not written to, nor waited for.
    unsafe unlink(partial)
    let descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw MetricsError(path, errno) }
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: bytes[sent...]))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        close(descriptor)
        unsafe unlink(partial)
        throw MetricsError(path, code)
      }
      sent += count
    }
    close(descriptor)
    guard unsafe rename(partial, path) == 0 else {
      let code = errno
      unsafe unlink(partial)
      throw MetricsError(path, code)
    }
  }

  /// Removes it: what it says is over.
  func remove() { unsafe unlink(path) }
}

/// `write(2)`, under a name that does not hide behind the methods called `write`.
private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
  unsafe write(descriptor, bytes.baseAddress, bytes.count)
}

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Standard output, for data, with a buffer.
///
/// Call ``flush()`` at the end: what is still in the buffer would be lost.
struct StandardOutput {
  /// How many bytes are kept before they are written.
  static let capacity = 1 << 16
  private var buffer: [UInt8] = []
  /// Called with what is about to be written.
  var beforeWriting: (([UInt8]) throws(CommandFailure) -> Void)?

  /// Writes text.
  ///
  /// - Throws: ``CommandFailure``, a silent one when whoever reads has gone away.
  mutating func write(_ text: String) throws(CommandFailure) {
    try write(text.utf8)
  }

  /// Writes bytes.
  ///
  /// - Throws: ``CommandFailure``, a silent one when whoever reads has gone away.
  mutating func write(_ bytes: some Sequence<UInt8>) throws(CommandFailure) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Writes what is in the buffer.
  ///
  /// - Throws: ``CommandFailure``, a silent one when whoever reads has gone away.
  mutating func flush() throws(CommandFailure) {
    if !buffer.isEmpty { try beforeWriting?(buffer) }
    var offset = 0
    while offset < buffer.count {
      let written = unsafe buffer.withUnsafeBytes { bytes in
        let rest = unsafe bytes[offset...]
        return unsafe systemWrite(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest))
      }
      if written > 0 {
        offset += written
      } else if written == 0 || errno != EINTR {
        let code = errno
        buffer.removeAll()
        // SIGPIPE ends the process before this, unless whoever started it ignores that signal.
        if code == EPIPE { throw .readerGone }
        throw CommandFailure("standard output cannot be written to: \(SystemError.text(code))")
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }
}

internal import CLibBPF

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Ends the waiting of the thread that reads a ring buffer, from any thread (eventfd(2)).
final class ReaderBell: Sendable {
  /// Readable from the first ringing on; epoll(7) with `EPOLLET` tells of each.
  let descriptor: CInt

  init() throws(CaptureError) {
    // EFD_CLOEXEC is O_CLOEXEC by definition.
    descriptor = eventfd(0, O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CaptureError(.kernelCall, "no event can be made to end a capture by: \(systemMessage(errno))")
    }
  }

  deinit { close(descriptor) }

  /// Ends the waiting that goes on, or the next one.
  func ring() {
    // Fails only when it has rung 2^64 - 2 times.
    _ = eventfd_write(descriptor, 1)
  }
}

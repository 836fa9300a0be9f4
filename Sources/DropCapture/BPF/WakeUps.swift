internal import CLibBPF

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Waits for the kernel to wake the reader of a ring buffer or to tell that the wall clock has been set, or for another thread
/// to ring.
///
/// libbpf waits for anything to read, so that one who was woken must read at once to be able to wait again. Here each
/// wake-up is told once (`EPOLLET`, epoll(7)), whatever is left to read.
struct WakeUps: ~Copyable {
  // EPOLLIN and EPOLLET of linux/eventpoll.h; C libraries give them different types.
  private static let readable: UInt32 = 1
  private static let once: UInt32 = 1 << 31

  private let descriptor: CInt
  /// Something to read each time the wall clock is set; negative where there is no such thing.
  private let clockSteps: CInt
  /// What ends the waiting from another thread.
  let bell: ReaderBell

  /// Listens to the ring buffer with this descriptor.
  init(ring: CInt) throws(CaptureError) {
    let bell = try ReaderBell()
    // EPOLL_CLOEXEC is O_CLOEXEC by definition.
    let descriptor = epoll_create1(O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.error() }
    var event = unsafe epoll_event()
    unsafe event.events = Self.readable | Self.once
    guard unsafe epoll_ctl(descriptor, EPOLL_CTL_ADD, ring, &event) == 0,
      unsafe epoll_ctl(descriptor, EPOLL_CTL_ADD, bell.descriptor, &event) == 0
    else {
      let error = Self.error()
      close(descriptor)
      throw error
    }
    // Without it the clock is looked at a second later, as it is slewed.
    clockSteps = CLibBPF_clock_steps()
    if clockSteps >= 0 { unsafe epoll_ctl(descriptor, EPOLL_CTL_ADD, clockSteps, &event) }
    self.descriptor = descriptor
    self.bell = bell
  }

  deinit {
    close(descriptor)
    if clockSteps >= 0 { close(clockSteps) }
  }

  /// Waits until the kernel wakes the reader, the wall clock is set, the bell rings, a signal comes or the time is over.
  ///
  /// - Parameter milliseconds: How long to wait.
  /// - Returns: Whether it was not the time or a signal.
  /// - Throws: ``CaptureError`` where the kernel cannot be waited for.
  func wait(milliseconds: CInt) throws(CaptureError) -> Bool {
    var event = unsafe epoll_event()
    let count = unsafe epoll_wait(descriptor, &event, 1, milliseconds)
    guard count >= 0 || errno == EINTR else { throw Self.error() }
    return count > 0
  }

  private static func error() -> CaptureError {
    CaptureError(.kernelCall, "the ring buffer cannot be waited for: \(systemMessage(errno))")
  }
}

internal import CLibBPF

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The reading end of the ring buffer of records.
@safe struct RingBuffer: ~Copyable {
  private let ring: OpaquePointer
  /// The ring calls it through an unmanaged reference, so it is held here as long as the ring lives.
  private let receiver: RecordDecoder
  private let positions: RingPositions?
  private let size: UInt32
  private let wakeUps: WakeUps
  /// What the callback returns to be called no more for now: any negative number does.
  private static var enough: CInt { -ECANCELED }

  init(map: CInt, size: UInt32, receiver: RecordDecoder) throws(CaptureError) {
    let wakeUps = try WakeUps(ring: map)
    let context = unsafe Unmanaged.passUnretained(receiver).toOpaque()
    let ring = unsafe ring_buffer__new(
      map,
      { context, bytes, size in
        guard let context = unsafe context, let bytes = unsafe bytes else { return 0 }
        let receiver = unsafe Unmanaged<RecordDecoder>.fromOpaque(context).takeUnretainedValue()
        let record = unsafe UnsafeRawBufferPointer(start: bytes, count: size)
        return unsafe receiver.receive(record) ? 0 : RingBuffer.enough
      }, context, nil)
    guard let ring = unsafe ring else {
      throw CaptureError(.kernelCall, "the ring buffer cannot be mapped: \(systemMessage(errno))")
    }
    self.wakeUps = wakeUps
    self.size = size
    unsafe self.ring = ring
    self.receiver = receiver
    positions = RingPositions(map: map, size: size)
  }

  deinit { unsafe ring_buffer__free(ring) }

  /// How many bytes wait to be read; 0 where that cannot be seen.
  var fill: UInt64 {
    switch positions {
    case .some(let positions): positions.fill
    case .none: 0
    }
  }

  /// Whether it is so full that the kernel wakes its reader.
  var isFilling: Bool { fill >= UInt64(size / 8) }

  /// What ends the waiting from another thread.
  var bell: ReaderBell { wakeUps.bell }

  /// Waits until the kernel wakes the reader, the wall clock is set, the bell rings, a signal comes or the time is over.
  ///
  /// - Parameter milliseconds: How long to wait.
  /// - Returns: Whether it was not the time or a signal.
  /// - Throws: ``CaptureError`` where the kernel cannot be waited for.
  func wait(milliseconds: CInt) throws(CaptureError) -> Bool {
    try wakeUps.wait(milliseconds: milliseconds)
  }

  /// Hands over what there is.
  ///
  /// - Returns: Whether the ring was emptied; otherwise the receiver has had enough.
  func drain() throws(CaptureError) -> Bool {
    let status = unsafe ring_buffer__consume(ring)
    if status == Self.enough { return false }
    guard status >= 0 else {
      throw CaptureError(.kernelCall, "the ring buffer cannot be read: \(systemMessage(-status))")
    }
    return true
  }
}

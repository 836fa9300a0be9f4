#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Where reader and kernel stand in a ring buffer (`Documentation/bpf/ringbuf.rst`).
///
/// libbpf tells it from 1.3 on only. The map's first page holds the reader's position, the second the kernel's; both count bytes
/// without end.
@safe struct RingPositions: ~Copyable {
  private let pages: MappedMap
  private let pageSize: Int
  private let size: UInt64

  /// Maps both pages; `nil` where that is refused.
  ///
  /// - Parameters:
  ///   - map: The map's descriptor.
  ///   - size: The bytes of the ring.
  init?(map: CInt, size: UInt32) {
    pageSize = Int(getpagesize())
    self.size = UInt64(size)
    // The second page may only be read, so both are.
    guard let pages = try? MappedMap(map, name: "ring", byteCount: 2 * pageSize) else { return nil }
    self.pages = pages
  }

  /// How many bytes wait to be read: as of a moment ago, for both ends move on.
  var fill: UInt64 {
    // In bounds: each position is the first word of its page.
    let reader = unsafe pages.start.load(as: UInt64.self)
    let kernel = unsafe pages.start.load(fromByteOffset: pageSize, as: UInt64.self)
    return kernel > reader ? min(kernel - reader, size) : 0
  }
}

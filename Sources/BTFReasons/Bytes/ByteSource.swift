#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The bytes of one BTF: in memory, or the kernel's own pages.
final class ByteSource: Sendable {
  private enum Storage {
    case memory([UInt8])
    case mapping(Mapping)
  }

  /// Where the running kernel shows its own BTF (since 5.4).
  static let runningKernelPath = "/sys/kernel/btf/vmlinux"

  private let storage: Storage

  init(_ bytes: [UInt8]) {
    storage = .memory(bytes)
  }

  init(_ mapping: Mapping) {
    storage = .mapping(mapping)
  }

  var count: Int {
    switch storage {
    case .memory(let bytes): bytes.count
    case .mapping(let mapping): mapping.count
    }
  }

  /// Lends the bytes for the time of a call.
  @inline(__always)
  func withBytes<Result, Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .memory(let bytes): try body(bytes.span)
    case .mapping(let mapping): try mapping.withBytes(body)
    }
  }
}

/// Pages of `/sys/kernel/btf/vmlinux`, given back when the last user is gone.
///
/// Only the kernel's own BTF is ever mapped: its pages cannot change or shrink while the kernel runs, whereas
/// another file may be truncated under a mapping, which ends the process with SIGBUS.
///
/// The one place where memory that Swift does not own becomes a span. Why that is sound: `mmap` returned
/// `count` bytes readable from `start` on (the file is that long by `fstat`, and the kernel refuses a longer
/// mapping); nothing writes to them; they are unmapped in `deinit` and nowhere else; and a span lent by
/// ``withBytes(_:)`` cannot outlive the call, during which `self` is alive.
@safe final class Mapping: @unchecked Sendable {
  private let start: UnsafePointer<UInt8>
  let count: Int

  /// Maps a file from its start; `nil` where the kernel does not allow it.
  init?(descriptor: Int32, count: Int) {
    guard count > 0 else { return nil }
    let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { return nil }
    unsafe start = UnsafePointer(address.assumingMemoryBound(to: UInt8.self))
    self.count = count
  }

  deinit {
    unsafe munmap(UnsafeMutableRawPointer(mutating: start), count)
  }

  @inline(__always)
  func withBytes<Result, Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    return try unsafe body(buffer.span)
  }
}

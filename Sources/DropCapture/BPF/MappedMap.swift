#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The memory of a BPF map, which the kernel and this process both see; unmapped when this goes.
@safe struct MappedMap: ~Copyable {
  /// Where it begins here, at the start of a page.
  let start: UnsafeMutableRawPointer
  private let byteCount: Int

  /// Maps the first bytes of a map.
  ///
  /// - Parameters:
  ///   - descriptor: The map's descriptor, which may be closed afterwards.
  ///   - name: What lies there, for who reads the error.
  ///   - byteCount: How much of it.
  ///   - isWritable: Whether this process writes to it too.
  /// - Throws: ``CaptureError`` where the kernel does not let it be mapped.
  init(
    _ descriptor: CInt, name: String, byteCount: Int, isWritable: Bool = false
  ) throws(CaptureError) {
    let protection = isWritable ? PROT_READ | PROT_WRITE : PROT_READ
    guard let start = unsafe mmap(nil, byteCount, protection, MAP_SHARED, descriptor, 0),
      unsafe start != MAP_FAILED
    else {
      throw CaptureError(.kernelCall, "the BPF program's \(name) cannot be mapped: \(systemMessage(errno))")
    }
    unsafe self.start = start
    self.byteCount = byteCount
  }

  deinit { unsafe munmap(start, byteCount) }
}

import CProcess

/// How the C library keeps what a capture gives back to it.
enum HeapPolicy {
  /// What is larger is mapped for itself, and given back to the system when it is freed, in bytes.
  private static let mappedSize: Int32 = 128 << 10

  /// Keeps little: for a process that runs for months with bursts.
  ///
  /// As glibc comes (mallopt(3)), each thread has a heap of its own, and the size from which on memory is mapped grows with what is
  /// freed: so what a storm's batches took stays with the process, a third of its memory. Large blocks come and go a few times a
  /// second at most, which makes mapping them cheap.
  static func keepLittle() { CProcess_keep_little_memory(mappedSize) }
}

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What an open file tells of itself.
struct FileState: Equatable {
  /// How many names it has: none once it has been deleted, or another has been moved to its place.
  let names: Int
  /// In bytes.
  let size: Int64
  /// When it was written to, moved, or something else about it was changed (`st_ctime`; rename(2)), in nanoseconds.
  private let changed: Int64

  /// Asks a file.
  ///
  /// - Returns: `nil` where it is not open.
  init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    names = Int(status.st_nlink)
    size = Int64(status.st_size)
    changed = Int64(status.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_ctim.tv_nsec)
  }
}

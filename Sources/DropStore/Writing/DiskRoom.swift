#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The room on the disk that a file is on.
enum DiskRoom {
  /// How many bytes are free for who is not root; `nil` where it is not known.
  static func free(at path: String) -> Int64? {
    var status = statvfs()
    guard unsafe statvfs(path, &status) == 0 else { return nil }
    return Int64(
      clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }
}

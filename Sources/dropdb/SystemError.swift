#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What the numbers in `errno` mean.
enum SystemError {
  /// The C library's words for an error.
  static func text(_ code: Int32) -> String {
    guard let words = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: words)
  }
}

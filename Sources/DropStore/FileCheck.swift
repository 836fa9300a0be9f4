#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Finds out before SQLite does why a file will not open: SQLite says "unable to open" of all reasons.
///
/// Without opening the file, because closing it again would drop the locks that SQLite has on it in this process
/// (https://sqlite.org/howtocorrupt.html, 2.2).
enum FileCheck {
  /// Throws unless there is an ordinary file that this process may read.
  static func requireReadable(_ path: String) throws(StoreError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw error(errno, path: path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError(
        code: .notADatabase, path: path, message: "this is not a file; name the file that dropdb wrote")
    }
    guard unsafe faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 else { throw error(errno, path: path) }
  }

  /// The error behind an `errno` of opening a file.
  static func error(_ number: Int32, path: String) -> StoreError {
    switch number {
    case ENOENT, ENOTDIR:
      return StoreError(
        code: .notFound, path: path, message: "there is no such file; check the path, or run a capture first")
    case EACCES, EPERM:
      return StoreError(
        code: .permission, path: path, message: "permission denied; ask the file's owner, or run as root")
    default:
      let detail = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
      return StoreError(code: .io, path: path, message: "the file cannot be opened: \(detail)")
    }
  }
}

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

  /// The error behind an `errno` of opening a file to read it.
  static func error(_ number: Int32, path: String) -> StoreError {
    switch number {
    case ENOENT, ENOTDIR:
      StoreError(
        code: .notFound, path: path, message: "there is no such file; check the path, or run a capture first")
    case EACCES, EPERM:
      StoreError(
        code: .permission, path: path, message: "permission denied; ask the file's owner, or run as root")
    default:
      StoreError(code: .io, path: path, message: "the file cannot be opened: \(describe(number))")
    }
  }

  /// The error behind an `errno` of opening a file to write to it.
  static func error(_ number: Int32, writing path: String) -> StoreError {
    switch number {
    case ENOENT, ENOTDIR:
      StoreError(
        code: .notFound, path: path, message: "its folder does not exist; create it or choose another")
    case EISDIR:
      StoreError(code: .notADatabase, path: path, message: "this is a folder; name a file to write to")
    case EROFS:
      StoreError(code: .readOnly, path: path, message: "its file system is mounted read-only; choose another")
    case EACCES, EPERM:
      StoreError(
        code: .permission, path: path,
        message: "permission denied; run as its owner or root, or choose another file")
    case ENOSPC, EDQUOT:
      StoreError(code: .full, path: path, message: "the file system is full; make room or choose another")
    default:
      StoreError(code: .io, path: path, message: "the file cannot be opened: \(describe(number))")
    }
  }

  private static func describe(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
  }
}

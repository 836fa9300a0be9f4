#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Where the files of a database are.
public enum DatabasePath {
  /// The path of a database's file itself, to which symbolic links may lead.
  ///
  /// SQLite follows them, and keeps its log and what else belongs to the file beside that and not beside a link.
  ///
  /// - Parameter path: A path to the file.
  /// - Returns: The path; the one that was given where there is no file.
  public static func resolved(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}

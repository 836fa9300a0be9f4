#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Folders in which the system tells names.
enum SystemFolder {
  /// The names in a folder, in the order of their bytes; none where it cannot be read.
  static func names(_ path: String) -> [String] {
    var list = unsafe glob_t()
    defer { unsafe globfree(&list) }
    guard unsafe glob(path + "/*", 0, nil, &list) == 0, let paths = unsafe list.gl_pathv else { return [] }
    return (0..<Int(unsafe list.gl_pathc)).compactMap { index in
      unsafe paths[index].map { String(unsafe String(cString: $0).dropFirst(path.utf8.count + 1)) }
    }
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Where the shell keeps what was asked, by the rules of the XDG base directories.
enum HistoryFile {
  /// The file, in a folder that exists; `nil` where there is no place for it.
  static func path() -> String? {
    let base: String
    if let state = Environment.value("XDG_STATE_HOME"), state.hasPrefix("/") {
      base = state
    } else if let home = Environment.value("HOME"), home.hasPrefix("/"), isFolder(home) {
      // A home that is not there is not made: that of a user without one is called /nonexistent.
      base = home + "/.local/state"
    } else {
      return nil
    }
    let folder = base + "/dropdb"
    var path = ""
    // Only the user may see them, as the rules have it.
    for part in folder.split(separator: "/") {
      path += "/\(part)"
      if unsafe mkdir(path, 0o700) != 0, errno != EEXIST { return nil }
    }
    return folder + "/history"
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}

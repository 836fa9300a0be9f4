#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Lists folders.
enum Folder {
  /// The names in a folder without `.` and `..`; none where it cannot be read.
  static func names(in path: String, onlyFolders: Bool = false) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      if onlyFolders, unsafe entry.pointee.d_type != UInt8(DT_DIR) { continue }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

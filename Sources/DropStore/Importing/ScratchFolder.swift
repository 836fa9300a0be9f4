#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A folder of this process alone, which goes with this value and all that is in it.
struct ScratchFolder: ~Copyable {
  /// Where it is.
  let path: String
  /// The files that may be in it.
  private let names: [String]

  /// Makes a folder below `$TMPDIR`, else below `/var/tmp`: what is large does not belong into memory, where `/tmp` may be.
  ///
  /// - Parameter names: the files that may be made in it.
  /// - Throws: what keeps it from being made.
  init(names: [String]) throws(StoreError) {
    var parent = "/var/tmp"
    if let variable = unsafe getenv("TMPDIR"), let name = unsafe String(validatingCString: variable),
      !name.isEmpty
    {
      parent = name
    }
    var template = Array("\(parent)/dropdb-import-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw FileCheck.error(errno, writing: parent) }
    path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    self.names = names
  }

  deinit {
    for name in names { _ = unsafe unlink("\(path)/\(name)") }
    _ = unsafe rmdir(path)
  }
}

import Glibc

/// A folder for databases to measure with, which goes with the value.
struct Scratch: ~Copyable {
  private let path: String

  init() {
    let temporary = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/var/tmp"
    var template = Array("\(temporary)/dropdb-benchmark-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { stop("no folder can be made in \(temporary)") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    if let folder = unsafe opendir(path) {
      while let entry = unsafe readdir(folder) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
        }
        if name != ".", name != ".." { _ = unsafe unlink("\(path)/\(name)") }
      }
      unsafe closedir(folder)
    }
    _ = unsafe rmdir(path)
  }

  /// The path of a database in it.
  func file(_ name: String) -> String { "\(path)/\(name).db" }

  /// Removes a database with what stands beside it.
  static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
  }

  /// Copies a file.
  static func copy(_ source: String, to target: String) {
    let from = unsafe open(source, O_RDONLY | O_CLOEXEC)
    let to = unsafe open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard from >= 0, to >= 0 else { stop("\(source) cannot be copied to \(target)") }
    defer {
      close(from)
      close(to)
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe read(from, &buffer, buffer.count)
      guard count >= 0, unsafe Glibc.write(to, buffer, count) == count else {
        stop("\(source) cannot be copied to \(target): error \(errno)")
      }
      if count == 0 { break }
    }
    // So that what is measured does not wait for it.
    _ = fsync(to)
  }
}

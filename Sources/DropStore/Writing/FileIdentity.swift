#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Which file, whatever its path.
struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  /// The identity of the file at a path.
  ///
  /// - Returns: `nil` where there is none yet.
  init?(path: String) throws(StoreError) {
    guard let (identity, _) = try Self.look(at: path) else { return nil }
    self = identity
  }

  /// The identity of the file at a path, and its size in bytes.
  ///
  /// - Returns: `nil` where there is none yet.
  static func look(at path: String) throws(StoreError) -> (identity: FileIdentity, size: Int64)? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw FileCheck.error(errno, writing: path)
    }
    return (FileIdentity(status), Int64(status.st_size))
  }

  /// The identity of an open file.
  ///
  /// - Returns: `nil` for what is not an ordinary file.
  init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  /// The process that has locked the file with `flock`, from `/proc/locks` (`man 5 proc`).
  ///
  /// - Returns: `nil` where the kernel does not tell, as of a process in another PID namespace.
  func lockHolder() -> Int32? {
    guard let locks = unsafe fopen("/proc/locks", "re") else { return nil }
    defer { unsafe fclose(locks) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { unsafe free(line) }
    while unsafe getline(&line, &capacity, locks) > 0, let text = unsafe line {
      // "1: FLOCK  ADVISORY  WRITE 812 fe:00:131074 0 EOF"
      let fields = unsafe String(cString: text).split(separator: " ")
      guard fields.count > 5, fields[1] == "FLOCK", let pid = Int32(fields[4]), pid > 0 else { continue }
      let numbers = fields[5].split(separator: ":")
      guard numbers.count == 3, UInt64(numbers[2]) == inode else { continue }
      return pid
    }
    return nil
  }
}

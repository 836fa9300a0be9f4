#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A file that appears under its name all at once, when it is complete, and never in the place of another.
///
/// Until then it stands beside, under a name that tells what it is; unless ``appear()`` is called it goes with this value.
/// A process that is killed leaves that one behind, and the next that makes a file of this name removes it.
struct NewFile: ~Copyable {
  /// Where it is to be.
  let path: String
  /// Where it is written.
  let partialPath: String
  /// Locked (`flock`) for as long as somebody works on the file.
  private let descriptor: Int32
  private var hasAppeared = false

  /// Makes an empty file beside the place it is meant for.
  ///
  /// - Throws: ``StoreError/Code/exists`` where something is already; what keeps the file from being made.
  init(path: String) throws(StoreError) {
    let partialPath = "\(path).partial-\(getpid())"
    try Self.requireAbsent(path)
    Self.removeRemains(of: path)
    let descriptor = try Self.make(partialPath, for: path)
    self.descriptor = descriptor
    self.path = path
    self.partialPath = partialPath
  }

  /// Makes an empty file and locks it.
  private static func make(_ partialPath: String, for path: String) throws(StoreError) -> Int32 {
    let descriptor = unsafe open(partialPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      if errno == EEXIST { throw exists(partialPath) }
      throw FileCheck.error(errno, writing: path)
    }
    // Where a file system has no such locks, remains stay.
    _ = flock(descriptor, LOCK_EX)
    guard (try? FileIdentity(path: partialPath)) == FileIdentity(descriptor: descriptor) else {
      close(descriptor)
      throw StoreError(
        code: .busy, path: path, message: "another process begins to make this file at this moment; try again"
      )
    }
    return descriptor
  }

  deinit {
    for suffix in ["-journal", "-wal", "-shm"] { _ = unsafe unlink(partialPath + suffix) }
    if !hasAppeared { _ = unsafe unlink(partialPath) }
    close(descriptor)
  }

  /// Removes what processes have left that were killed while they made a file of this name.
  private static func removeRemains(of path: String) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let start = slash.map { path.utf8.index(after: $0) } ?? path.startIndex
    let (parent, prefix) = (path[..<start], "\(path[start...]).partial-")
    guard let folder = unsafe opendir(parent.isEmpty ? "." : String(parent)) else { return }
    defer { unsafe closedir(folder) }
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      guard name.hasPrefix(prefix), let pid = Int32(name.dropFirst(prefix.count)), pid > 0 else { continue }
      let remains = String(parent) + name
      let descriptor = unsafe open(remains, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      // Who works on it holds the lock.
      if FileIdentity(descriptor: descriptor) != nil, flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        for suffix in ["", "-journal", "-wal", "-shm"] { _ = unsafe unlink(remains + suffix) }
      }
      close(descriptor)
    }
  }

  /// Gives the file its name, when all of it is on the disk.
  ///
  /// - Throws: ``StoreError/Code/exists`` where something has come into its place meanwhile.
  consuming func appear() throws(StoreError) {
    guard fsync(descriptor) == 0 else { throw FileCheck.error(errno, writing: path) }
    // A link, because unlike a renaming it never replaces what is there.
    if unsafe link(partialPath, path) == 0 {
      _ = unsafe unlink(partialPath)
    } else if errno == EEXIST {
      throw Self.exists(path)
    } else {
      // This file system has no links. Whoever makes a file of this name in this very moment loses it.
      try Self.requireAbsent(path)
      guard unsafe rename(partialPath, path) == 0 else { throw FileCheck.error(errno, writing: path) }
    }
    hasAppeared = true
    FileCheck.storeFolder(of: path)
  }

  /// Removes the file, which was only needed for a time.
  consuming func discard() {}

  private static func requireAbsent(_ path: String) throws(StoreError) {
    var status = stat()
    // Not even a link that leads nowhere.
    if unsafe lstat(path, &status) == 0 { throw exists(path) }
    guard errno == ENOENT else { throw FileCheck.error(errno, writing: path) }
    for suffix in ["-journal", "-wal"] where unsafe lstat(path + suffix, &status) == 0 {
      throw StoreError(
        code: .exists, path: path + suffix,
        message: "a log is there without its database, and would be taken for the new one's; move it away")
    }
  }

  private static func exists(_ path: String) -> StoreError {
    StoreError(code: .exists, path: path, message: "there is a file already; name one that is not there yet")
  }
}

extension FileCheck {
  /// Sees to it that the name of a new file is on the disk as well as the file.
  ///
  /// - Parameter path: the file.
  static func storeFolder(of path: String) {
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = name.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // Where a folder cannot be opened or stored, neither can it be told whether that matters.
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}

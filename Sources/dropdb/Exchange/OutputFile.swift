#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A file that appears under its name when all of it is written and on the disk.
///
/// Until then it stands beside, under a name that tells what it is; unless ``appear()`` is called it goes with this value.
struct OutputFile: ~Copyable {
  private static let capacity = 1 << 16

  private let path: String
  private let partialPath: String
  private let mayReplace: Bool
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  /// Makes an empty file beside the place it is meant for.
  ///
  /// - Parameters:
  ///   - path: where it is to be.
  ///   - mayReplace: whether a file that is there may go.
  /// - Throws: ``CommandFailure`` where something is that may not go, or nothing can be written.
  init(path: String, mayReplace: Bool) throws(CommandFailure) {
    try Self.requireRoom(path, mayReplace: mayReplace)
    let partialPath = "\(path).partial-\(getpid())"
    let descriptor = unsafe open(partialPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw CommandFailure("\(path) cannot be written to: \(SystemError.text(errno))")
    }
    self.path = path
    self.partialPath = partialPath
    self.mayReplace = mayReplace
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
    // Under its own name it is not there any more.
    _ = unsafe unlink(partialPath)
  }

  /// Writes bytes.
  ///
  /// - Throws: ``CommandFailure`` when they cannot be written.
  mutating func write(_ bytes: some Sequence<UInt8>) throws(CommandFailure) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Gives the file its name.
  ///
  /// - Throws: ``CommandFailure`` when that cannot be; then there is nothing new.
  consuming func appear() throws(CommandFailure) {
    try flush()
    guard fsync(descriptor) == 0 else { throw failure(errno) }
    if mayReplace {
      try Self.requireRoom(path, mayReplace: true)
      guard unsafe rename(partialPath, path) == 0 else { throw failure(errno) }
    } else if unsafe link(partialPath, path) != 0 {
      // A link never replaces what is there, but not every file system has them.
      guard errno != EEXIST else { throw Self.exists(path) }
      try Self.requireRoom(path, mayReplace: false)
      guard unsafe rename(partialPath, path) == 0 else { throw failure(errno) }
    }
  }

  private mutating func flush() throws(CommandFailure) {
    var offset = 0
    while offset < buffer.count {
      let written = unsafe buffer.withUnsafeBytes { bytes in
        let rest = unsafe bytes[offset...]
        return unsafe systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
      }
      if written > 0 {
        offset += written
      } else if written == 0 || errno != EINTR {
        throw failure(errno)
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private borrowing func failure(_ code: Int32) -> CommandFailure {
    CommandFailure("\(path) cannot be written to: \(SystemError.text(code))")
  }

  /// Throws where something is that may not go: what is no ordinary file never does.
  private static func requireRoom(_ path: String, mayReplace: Bool) throws(CommandFailure) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CommandFailure("\(path) is there and is no ordinary file; name another, or use a pipe")
    }
    if !mayReplace { throw exists(path) }
  }

  private static func exists(_ path: String) -> CommandFailure {
    CommandFailure("\(path): there is a file already; name another, or replace it with --force")
  }
}

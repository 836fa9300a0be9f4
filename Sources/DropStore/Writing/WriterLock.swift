internal import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The right to write to a database file, which one capture has at a time.
///
/// A lock of its own (`flock`), because SQLite's own are released between transactions. It is on the database's file
/// itself, so that no other file needs to be left behind.
@safe final class WriterLock {
  /// The files that this process has locked.
  ///
  /// A second try in the same process must not even open the file: closing
  /// it again would drop the locks that SQLite has on it (https://sqlite.org/howtocorrupt.html, 2.2).
  private static let held = Mutex<Set<FileIdentity>>([])

  private let path: String
  /// The file itself, if the path is a link to it.
  private let realPath: String
  private let descriptor: Int32
  private let file: FileIdentity
  /// The log beside the file, since it was first seen.
  private var log: FileIdentity?
  /// The log, to ask for its size; -1 as long as there is none.
  private var logDescriptor: Int32 = -1
  /// What the file was when it was last looked for under its name.
  private var state: FileState?
  /// When to look for the names again, though nothing tells that they are gone: one of the folders may have been moved.
  private var nextLook = ContinuousClock.now

  private static let lookInterval = Duration.seconds(5)
  /// Whether the file was made for this and nothing that is worth keeping stands in it yet.
  private var isPassing: Bool

  /// Makes the file if there is none, and locks it.
  ///
  /// - Throws: ``StoreError/Code/busy`` with the process that has the lock; what keeps the file from being opened.
  init(path: String) throws(StoreError) {
    let existing = try FileIdentity(path: path)
    if let existing, Self.held.withLock({ $0.contains(existing) }) {
      throw Self.busy(path, holder: getpid())
    }
    // Readable by all as far as the umask allows: reading needs no privilege, capturing does.
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else { throw FileCheck.error(errno, writing: path) }
    guard let file = FileIdentity(descriptor: descriptor) else {
      close(descriptor)
      throw StoreError(
        code: .notADatabase, path: path, message: "this is not a file; name a file to write to")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let failure = errno
      close(descriptor)
      guard failure == EWOULDBLOCK else { throw FileCheck.error(failure, writing: path) }
      throw Self.busy(path, holder: file.lockHolder())
    }
    let realPath = DatabasePath.resolved(path)
    // A power cut must not take the name of a file whose content has been stored.
    if existing == nil { FileCheck.storeFolder(of: realPath) }
    self.path = path
    self.realPath = realPath
    self.descriptor = descriptor
    self.file = file
    isPassing = existing == nil
    Self.held.withLock { _ = $0.insert(file) }
  }

  deinit {
    // While it is still locked, so that nobody else has begun to write to it.
    if isPassing, (try? FileIdentity(path: realPath)) == file {
      for suffix in ["", "-wal", "-shm"] { _ = unsafe unlink(realPath + suffix) }
    }
    Self.held.withLock { _ = $0.remove(file) }
    // Closing alone would leave the lock to a child that has been forked and has not yet executed its program.
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
    // SQLite has no locks on the log, which closing it would drop.
    if logDescriptor >= 0 { close(logDescriptor) }
  }

  /// Keeps a file that was made for this: from now on it has what it was made for.
  ///
  /// Until then it goes with this value, so that what could not even begin, on a full disk, say, leaves nothing behind.
  func keepFile() { isPassing = false }

  /// Throws unless the file still stands under its name: what is written to one that was deleted is lost.
  ///
  /// - Returns: how large the log beside it is, in bytes.
  /// - Throws: ``StoreError/Code/replaced``.
  func requireInPlace() throws(StoreError) -> Int64 {
    if let size = untouchedLogSize() { return size }
    state = FileState(descriptor: descriptor)
    nextLook = .now + Self.lookInterval
    guard let there = try FileIdentity(path: path) else {
      throw StoreError(
        code: .replaced, path: path,
        message: "the database was deleted or moved away while it was captured into; start the capture anew")
    }
    guard there == file else {
      throw StoreError(
        code: .replaced, path: path,
        message:
          "the database was replaced by another file while it was captured into; start the capture anew")
    }
    let logThere = try FileIdentity.look(at: realPath + "-wal")
    guard log == nil || logThere?.identity == log else {
      throw StoreError(
        code: .replaced, path: realPath + "-wal",
        message:
          "the database's log was deleted or replaced while it was captured into; start the capture anew")
    }
    log = logThere?.identity
    if log != nil, logDescriptor < 0 {
      logDescriptor = unsafe open(realPath + "-wal", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
      if FileIdentity(descriptor: logDescriptor) != log { nextLook = .now }
    }
    return logThere?.size ?? 0
  }

  /// The size of the log, if the files themselves tell that nobody has touched their names since they were looked for a moment
  /// ago: to go through folders takes longer.
  ///
  /// - Returns: `nil` where the names have to be looked for.
  private func untouchedLogSize() -> Int64? {
    guard .now < nextLook, state == FileState(descriptor: descriptor),
      let log = FileState(descriptor: logDescriptor), log.names > 0
    else { return nil }
    return log.size
  }

  private static func busy(_ path: String, holder: Int32?) -> StoreError {
    let process = holder.map { "process \($0)" } ?? "another process"
    return StoreError(
      code: .busy, path: path,
      message: "\(process) is capturing into this database; stop it or capture into another file")
  }
}

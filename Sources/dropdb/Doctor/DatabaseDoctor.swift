import DropCapture
import DropStore

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Looks whether a capture could write to its database.
struct DatabaseDoctor {
  /// With less than this a capture soon has no room, in bytes.
  private static let little: UInt64 = 256 << 20

  let path: String

  /// What was found: of the folder, and of the file if there is one.
  func findings() -> [HostFinding] { [disk(), database()] }

  /// The folder that exists and is nearest to the file.
  private var folder: String {
    var folder = Self.parent(of: path)
    var status = stat()
    while folder != "/", folder != ".", unsafe stat(folder, &status) != 0 { folder = Self.parent(of: folder) }
    return folder
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private func disk() -> HostFinding {
    let folder = folder
    var status = statvfs()
    guard unsafe statvfs(folder, &status) == 0 else {
      return HostFinding(
        "disk", .limited, "\(folder): \(SystemError.text(errno))",
        meaning: "it is not known whether there is room",
        remedy: "name a database with --db")
    }
    guard UInt(status.f_flag) & UInt(ST_RDONLY) == 0 else {
      return HostFinding(
        "disk", .impossible, "\(folder) is on a file system that is mounted read-only",
        meaning: "nothing can be stored there", remedy: "name another database with --db")
    }
    let (free, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    let room = overflow ? UInt64.max : free
    let found = "\(room >> 20) MiB are free in \(folder)"
    return room < Self.little
      ? HostFinding(
        "disk", .limited, found,
        meaning: "when there is no room drops are counted in memory, and few are recorded",
        remedy: "make room, or limit the database: --max-size, --retain")
      : HostFinding("disk", .good, found, meaning: "there is room; --max-size and --retain keep it so")
  }

  private func database() -> HostFinding {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return missing(errno) }
    do {
      let reader = try DropReader(path: path)
      let running = try Self.running(reader)
      guard running == nil else {
        return HostFinding(
          "database", .note, "\(path) is being captured into (pid \(running ?? 0))",
          meaning: "one capture at a time writes to a database",
          remedy: "name another with --db for a second one")
      }
    } catch let error as StoreError where error.code == .olderVersion {
      return writable(
        HostFinding(
          "database", .note, "\(path) is of an older version",
          meaning: "the next capture brings it up to date, in a second or so"))
    } catch {
      return HostFinding(
        "database", .impossible, "\(error)", meaning: "a capture into it would end with this message",
        remedy: "name another with --db; 'dropdb check' tells more of a damaged one")
    }
    return writable(
      HostFinding(
        "database", .good, "\(path) is a database of this version", meaning: "a capture adds to it"))
  }

  private func missing(_ error: Int32) -> HostFinding {
    guard error == ENOENT else {
      return HostFinding(
        "database", .impossible, "\(path): \(SystemError.text(error))",
        meaning: "nothing can be stored there",
        remedy: "name another with --db")
    }
    let mayMake = unsafe faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0
    let isStandard = path == DatabaseOption.standardPath
    if folder != Self.parent(of: path), !isStandard {
      return HostFinding(
        "database", .impossible, "the folder of \(path) does not exist",
        meaning: "a capture does not make it",
        remedy: "make it, or name another with --db")
    }
    return mayMake
      ? HostFinding(
        "database", .good, "there is no \(path) yet", meaning: "the first capture makes it")
      : HostFinding(
        "database", .impossible, "there is no \(path) yet, and this user may not make it in \(folder)",
        meaning: "nothing can be stored there", remedy: "run it with sudo, or name another with --db")
  }

  private func writable(_ finding: HostFinding) -> HostFinding {
    guard unsafe faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0 else { return finding }
    return HostFinding(
      "database", .impossible, "\(path) may be read and not written to by this user",
      meaning: "it can be asked; a capture needs to write",
      remedy: "run it with sudo, or name another with --db")
  }

  /// The process of a capture that writes to it now.
  private static func running(_ reader: borrowing DropReader) throws -> Int64? {
    let check = ProcessCheck()
    var query = try reader.prepare("SELECT pid, boot FROM captures WHERE end_ts IS NULL")
    while let row = try query.next() {
      guard case .integer(let pid) = row[0], case .text(let boot) = row[1], check.isRunning(pid, boot) else {
        continue
      }
      return pid
    }
    return nil
  }
}

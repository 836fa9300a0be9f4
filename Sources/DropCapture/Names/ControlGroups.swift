#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Finds control groups (v2) by their paths.
public struct ControlGroups: Sendable {
  /// Where the hierarchy is mounted: alone, or beside version 1 (`man 7 cgroups`).
  static let mounts = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]

  /// The folder of the hierarchy's root; `nil` where it is not mounted at one of the usual places.
  public let root: String?

  /// The hierarchy of this host.
  public init() {
    root = Self.mounts.first { unsafe access("\($0)/cgroup.controllers", F_OK) == 0 }
  }

  /// The number of a group, as sockets carry it: the inode number of its folder.
  ///
  /// - Parameter path: The folder, or the path below the hierarchy's root as `/proc/PID/cgroup` has it.
  /// - Returns: `nil` where there is no such group.
  public func id(of path: String) -> UInt64? {
    // The system would take what stands before a NUL for the whole.
    guard !path.utf8.contains(0) else { return nil }
    if path.hasPrefix("/"), let id = Self.id(ofFolder: path) { return id }
    guard let root else { return nil }
    return Self.id(ofFolder: path.hasPrefix("/") ? root + path : "\(root)/\(path)")
  }

  private static func id(ofFolder folder: String) -> UInt64? {
    var status = stat()
    // Only folders of version 2 have this file; the groups of version 1 are not those of sockets.
    guard unsafe access("\(folder)/cgroup.controllers", F_OK) == 0, unsafe stat(folder, &status) == 0
    else { return nil }
    return UInt64(status.st_ino)
  }
}

internal import DropEvents

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The names that `ip netns add` gives to network namespaces, announced once for each namespace.
struct NamespaceNames {
  private static let folder = "/run/netns"
  /// More namespaces than this are announced again.
  private static let capacity = 16384
  private var announced: Set<UInt32> = []

  /// What is to be announced before an event may use this namespace; `nil` if it has been.
  mutating func announcement(of inode: UInt32) -> NetworkNamespace? {
    guard !announced.contains(inode) else { return nil }
    if announced.count == Self.capacity { announced.removeAll(keepingCapacity: true) }
    announced.insert(inode)
    return NetworkNamespace(inode: inode, name: Self.name(of: inode))
  }

  /// The inode number of the namespace that a file stands for.
  static func inode(of path: String) -> UInt32? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return UInt32(exactly: status.st_ino)
  }

  private static func name(of inode: UInt32) -> String? {
    Folder.names(in: folder).first { self.inode(of: "\(folder)/\($0)") == inode }
  }
}

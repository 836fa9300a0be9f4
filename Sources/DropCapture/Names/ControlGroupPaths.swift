internal import DropEvents

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The paths of control groups (v2), announced once for each group.
struct ControlGroupPaths {
  /// A hierarchy has some hundred groups; this bounds the search in a strange one.
  private static let searchLimit = 65536
  /// More groups than this are announced again.
  private static let capacity = 16384

  private let root: String?
  private var announced: Set<UInt64> = []

  init() {
    root = ControlGroups().root
  }

  /// What is to be announced before an event may use this group; `nil` if it has been, or its path is not found.
  mutating func announcement(of id: UInt64) -> ControlGroup? {
    guard id != 0, !announced.contains(id) else { return nil }
    if announced.count == Self.capacity { announced.removeAll(keepingCapacity: true) }
    announced.insert(id)
    guard let root, let path = Self.path(of: id, below: root) else { return nil }
    return ControlGroup(id: id, path: path)
  }

  /// The group whose folder has that inode number (`kernfs` gives both from one counter), breadth first.
  private static func path(of id: UInt64, below root: String) -> String? {
    var waiting = [""]
    var next = 0
    while next < waiting.count, next < searchLimit {
      let path = waiting[next]
      next += 1
      var status = stat()
      guard unsafe lstat(root + path, &status) == 0 else { continue }
      if UInt64(status.st_ino) == id { return path.isEmpty ? "/" : path }
      for name in Folder.names(in: root + path, onlyFolders: true) { waiting.append("\(path)/\(name)") }
    }
    return nil
  }
}

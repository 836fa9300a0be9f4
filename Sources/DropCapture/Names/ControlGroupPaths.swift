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

  /// A path that is not found is looked for again after so long, and so often in all: a search takes milliseconds, and the
  /// sockets of a group may outlive it.
  private static let pause: Int64 = 10_000_000_000
  private static let attempts = 3

  private struct Search {
    var attempts = 0
    var last: Int64 = 0
  }

  private let root: String?
  /// Groups that need no (further) search.
  private var done: Set<UInt64> = []
  /// Searches in vain so far.
  private var searches: [UInt64: Search] = [:]

  /// The groups of a hierarchy.
  ///
  /// - Parameter root: The folder of its root; `nil` where there is none.
  init(root: String? = ControlGroups().root) {
    self.root = root
  }

  /// What is to be announced before an event may use this group.
  ///
  /// - Parameters:
  ///   - id: The group's number.
  ///   - now: Nanoseconds since the epoch.
  /// - Returns: `nil` if it has been, or its path is not found.
  mutating func announcement(of id: UInt64, now: Int64) -> ControlGroup? {
    guard id != 0, !done.contains(id) else { return nil }
    var search = searches[id] ?? Search()
    guard search.attempts == 0 || abs(now - search.last) >= Self.pause else { return nil }
    if let root, let path = Self.path(of: id, below: root) {
      finish(id)
      return ControlGroup(id: id, path: path)
    }
    search.attempts += 1
    search.last = now
    if search.attempts == Self.attempts {
      finish(id)
    } else {
      if searches.count == Self.capacity { searches.removeAll(keepingCapacity: true) }
      searches[id] = search
    }
    return nil
  }

  private mutating func finish(_ id: UInt64) {
    searches[id] = nil
    if done.count == Self.capacity { done.removeAll(keepingCapacity: true) }
    done.insert(id)
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

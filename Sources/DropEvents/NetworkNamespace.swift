/// A network namespace and the name it has under `/run/netns`, if any.
public struct NetworkNamespace: Hashable, Sendable {
  /// The inode number of the namespace.
  public let inode: UInt32
  /// The name given to it; `nil` when it has none.
  public let name: String?

  /// A namespace.
  public init(inode: UInt32, name: String?) {
    self.inode = inode
    self.name = name
  }
}

/// A control group (v2) and its path below the hierarchy's root.
public struct ControlGroup: Hashable, Sendable {
  /// The identifier that sockets carry: the inode number of the group's folder.
  public let id: UInt64
  /// The path, beginning with a slash.
  public let path: String

  /// A control group.
  public init(id: UInt64, path: String) {
    self.id = id
    self.path = path
  }
}

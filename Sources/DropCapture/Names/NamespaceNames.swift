internal import DropEvents

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The names that `ip netns add` gives to network namespaces, which come and go.
struct NamespaceNames {
  /// More namespaces than this are announced again.
  private static let capacity = 16384
  /// `ip netns add` makes a file, and then the namespace behind it: so long after a change, look again.
  private static let settling: Int64 = 2_000_000_000
  /// A name stands so long after it went: drops of its last moments are still on their way.
  ///
  /// Then the kernel may
  /// give the number to a namespace without a name.
  private static let afterlife: Int64 = 5_000_000_000

  private let folder: String
  private var names: [UInt32: String] = [:]
  private var announced: Set<UInt32> = []
  /// Tells the namespaces apart that had one number after the other: the last two.
  private var cookies: [UInt32: (last: UInt64, previous: UInt64)] = [:]
  private var lastChange: Int64?
  /// When a name was first missed.
  private var missing: [UInt32: Int64] = [:]

  /// The names there are now.
  ///
  /// - Parameter folder: Where the names are files.
  init(folder: String = "/run/netns") {
    self.folder = folder
    _ = refresh(now: WallClock.now())
  }

  /// Takes note of a namespace behind a number: if it is a newer one, its name is another.
  ///
  /// - Parameters:
  ///   - inode: The number, which the kernel uses again at once.
  ///   - cookie: What it never uses again (`SO_NETNS_COOKIE`). A newer namespace may have a smaller one: each CPU gives
  ///     them out from a stock of its own (`include/linux/cookie.h`).
  /// - Returns: Whether the number has gone on to another namespace.
  mutating func see(_ inode: UInt32, cookie: UInt64) -> Bool {
    guard let known = cookies[inode] else {
      if cookies.count >= Self.capacity { cookies.removeAll(keepingCapacity: true) }
      cookies[inode] = (cookie, 0)
      return false
    }
    guard cookie != known.last, cookie != known.previous else { return false }
    cookies[inode] = (cookie, known.last)
    missing[inode] = nil
    names[inode] = current()[inode]
    announced.remove(inode)
    return true
  }

  /// What is to be announced before an event may use this namespace; `nil` if it has been.
  mutating func announcement(of inode: UInt32) -> NetworkNamespace? {
    guard !announced.contains(inode) else { return nil }
    if announced.count >= Self.capacity { announced.removeAll(keepingCapacity: true) }
    announced.insert(inode)
    if names[inode] == nil { names.merge(current()) { $1 } }
    return NetworkNamespace(inode: inode, name: names[inode])
  }

  /// Looks for names that came or went.
  ///
  /// - Parameter now: Nanoseconds since the epoch.
  /// - Returns: What is to be announced again, for it is called otherwise now.
  mutating func refresh(now: Int64) -> [NetworkNamespace] {
    let change = Self.lastChange(of: folder)
    let isSettled = change == lastChange && now - (change ?? 0) > Self.settling
    guard !isSettled || !missing.isEmpty else { return [] }
    lastChange = change
    let current = current()
    var changes: [NetworkNamespace] = []
    for (inode, name) in current {
      missing[inode] = nil
      guard names[inode] != name else { continue }
      names[inode] = name
      changes.append(NetworkNamespace(inode: inode, name: name))
    }
    for inode in names.keys where current[inode] == nil {
      let since = missing[inode] ?? now
      if now - since > Self.afterlife {
        missing[inode] = nil
        names[inode] = nil
        changes.append(NetworkNamespace(inode: inode, name: nil))
      } else {
        missing[inode] = since
      }
    }
    // Of those that no event has used nobody needs to hear yet.
    return changes.filter { announced.contains($0.inode) }
  }

  /// Looks for names that came or went, also where the folder seems unchanged: a file in it may stand for another
  /// namespace now.
  mutating func reload(now: Int64) -> [NetworkNamespace] {
    lastChange = nil
    return refresh(now: now)
  }

  /// The inode number of the namespace that a file stands for.
  static func inode(of path: String) -> UInt32? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return UInt32(exactly: status.st_ino)
  }

  private func current() -> [UInt32: String] {
    var names: [UInt32: String] = [:]
    for name in Folder.names(in: folder) {
      if let inode = Self.inode(of: "\(folder)/\(name)") { names[inode] = name }
    }
    return names
  }

  private static func lastChange(of folder: String) -> Int64? {
    var status = stat()
    guard unsafe stat(folder, &status) == 0 else { return nil }
    return Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  }
}

internal import DropEvents

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The names of interfaces, for drops that only know the index of one that is gone.
///
/// Learnt from the drops that know both, and at the start from this process's own namespace.
struct InterfaceNames {
  private struct Key: Hashable {
    var netns: UInt32
    var ifindex: UInt32
  }

  /// More interfaces than this are forgotten and learnt again.
  private static let capacity = 16384
  private var names: [Key: KernelName] = [:]

  init() {
    guard let own = NamespaceNames.inode(of: "/proc/self/ns/net"), let list = unsafe if_nameindex() else {
      return
    }
    defer { unsafe if_freenameindex(list) }
    var current = unsafe list
    while let name = unsafe current.pointee.if_name, unsafe current.pointee.if_index != 0 {
      unsafe learn(KernelName(String(cString: name)), netns: own, ifindex: current.pointee.if_index)
      unsafe current += 1
    }
  }

  mutating func learn(_ name: KernelName, netns: UInt32, ifindex: UInt32) {
    let key = Key(netns: netns, ifindex: ifindex)
    guard names[key] != name else { return }
    if names.count == Self.capacity { names.removeAll(keepingCapacity: true) }
    names[key] = name
  }

  /// Forgets the interfaces of a namespace that is another now.
  mutating func forget(netns: UInt32) {
    names = names.filter { $0.key.netns != netns }
  }

  func name(netns: UInt32, ifindex: UInt32) -> KernelName? {
    names[Key(netns: netns, ifindex: ifindex)]
  }
}

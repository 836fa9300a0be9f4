#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Finds network namespaces by what people call them.
public enum NetworkNamespaces {
  /// Where `ip netns add` puts their names.
  public static let namesFolder = "/run/netns"

  /// The names there are now.
  public static func names() -> [String] { Folder.names(in: namesFolder).sorted() }

  /// The namespace that a file stands for: one in ``namesFolder``, or `/proc/PID/ns/net`.
  ///
  /// - Parameter path: The file's path.
  /// - Returns: The namespace's inode number; `nil` where there is no such file, or it is of another kind.
  public static func inode(of path: String) -> UInt32? {
    // The system would take what stands before a NUL for the whole.
    guard !path.utf8.contains(0) else { return nil }
    // A file that `ip netns add` has made and not yet mounted upon is an empty one, and must not pass for a namespace.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return inode(of: descriptor)
  }

  /// The inode number of the namespace that an open file stands for; `nil` where it is of another kind.
  static func inode(of descriptor: CInt) -> UInt32? {
    var status = stat()
    guard ioctl(descriptor, getNamespaceType) == cloneNewNet, unsafe fstat(descriptor, &status) == 0 else {
      return nil
    }
    return UInt32(exactly: status.st_ino)
  }

  /// `NS_GET_NSTYPE`, a macro (`include/uapi/linux/nsfs.h`, 4.11).
  private static let getNamespaceType: UInt = 0xb703
  /// `CLONE_NEWNET` (`include/uapi/linux/sched.h`).
  private static let cloneNewNet: CInt = 0x4000_0000
}

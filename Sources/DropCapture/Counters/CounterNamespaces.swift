internal import CProcess

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The network namespaces whose counters are looked at, besides that of this process.
public enum CounterNamespaces: Hashable, Sendable {
  /// Those that these files stand for: of ``NetworkNamespaces/namesFolder``, or `/proc/PID/ns/net`.
  case files([String])
  /// All that have a name at the time.
  case named

  /// No others.
  public static let none = CounterNamespaces.files([])

  /// More than this are not looked at, so that a look stays short.
  static let limit = 1024

  /// The files as of now.
  var files: [String] {
    switch self {
    case .files(let files): Array(files.prefix(Self.limit))
    case .named: NetworkNamespaces.names().prefix(Self.limit).map { "\(NetworkNamespaces.namesFolder)/\($0)" }
    }
  }
}

/// Takes the calling thread into other network namespaces and back.
///
/// Nothing of a namespace is held open in between, for that would keep it from going.
struct NamespaceVisitor: ~Copyable {
  /// This process's own namespace.
  let inode: UInt32
  private let own: CInt

  /// Remembers where the calling thread is; `nil` where `/proc` does not tell.
  init?() {
    let path = "/proc/thread-self/ns/net"
    guard let inode = NetworkNamespaces.inode(of: path) else { return nil }
    let own = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard own >= 0 else { return nil }
    self.inode = inode
    self.own = own
  }

  deinit { close(own) }

  /// How a visit ended.
  enum Outcome: Equatable {
    /// It was made.
    case visited
    /// There is no such namespace any more.
    case gone
    /// The kernel refuses, with this error number.
    case refused(CInt)
    /// There was no way back: the thread must not be used any more.
    case lost
  }

  /// Does something in the namespace that a file stands for.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - body: What to do, given the namespace's inode number.
  /// - Returns: Whether it was done.
  func visit(_ path: String, _ body: (UInt32) -> Void) -> Outcome {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return errno == ENOENT ? .gone : .refused(errno) }
    defer { close(descriptor) }
    // Of the open file, for behind the name there may be another by now.
    guard let inode = NetworkNamespaces.inode(of: descriptor) else { return .gone }
    // Its counters have been read.
    guard inode != self.inode else { return .visited }
    let error = CProcess_enter_network_namespace(descriptor)
    guard error == 0 else { return .refused(error) }
    body(inode)
    return CProcess_enter_network_namespace(own) == 0 ? .visited : .lost
  }
}

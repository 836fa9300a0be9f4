import DropCapture

/// A network namespace, by what a user writes for it.
enum NamespaceSelection {
  /// The inode number of a namespace.
  ///
  /// - Parameter text: A name that `ip netns` has given, an inode number, or the path of a namespace's file, such as
  ///   `/proc/PID/ns/net`.
  /// - Returns: The number.
  /// - Throws: ``CommandFailure`` where there is no such namespace, with near names.
  static func inode(_ text: String) throws(CommandFailure) -> UInt32 {
    if text.contains("/") {
      guard let inode = NetworkNamespaces.inode(of: text) else {
        throw CommandFailure("\(text): this is no network namespace, or none that may be looked at")
      }
      return inode
    }
    if text != ".", text != "..",
      let inode = NetworkNamespaces.inode(of: "\(NetworkNamespaces.namesFolder)/\(text)")
    {
      return inode
    }
    if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let inode = UInt32(text),
      inode > 0
    {
      return inode
    }
    let names = NetworkNamespaces.names()
    let near = NearNames.of(text, among: names)
    let hint =
      names.isEmpty
      ? "'ip netns' has named none; give an inode number or a path such as /proc/PID/ns/net"
      : near.isEmpty ? "'ip netns' lists all" : "near names are \(near.joined(separator: ", "))"
    throw CommandFailure("no network namespace is called '\(text)'; \(hint)")
  }
}

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
    throw failure(text, hintWithoutNames: "give an inode number or a path such as /proc/PID/ns/net")
  }

  /// The file that stands for a namespace.
  ///
  /// - Parameter text: A name that `ip netns` has given, or the path of a namespace's file, such as `/proc/PID/ns/net`.
  /// - Returns: The path.
  /// - Throws: ``CommandFailure`` where there is no such namespace, with near names.
  static func file(_ text: String) throws(CommandFailure) -> String {
    if text.contains("/") {
      guard NetworkNamespaces.inode(of: text) != nil else {
        throw CommandFailure("\(text): this is no network namespace, or none that may be looked at")
      }
      return text
    }
    let path = "\(NetworkNamespaces.namesFolder)/\(text)"
    if text != ".", text != "..", NetworkNamespaces.inode(of: path) != nil { return path }
    throw failure(text, hintWithoutNames: "give a path such as /proc/PID/ns/net")
  }

  private static func failure(_ text: String, hintWithoutNames: String) -> CommandFailure {
    let names = NetworkNamespaces.names()
    let near = NearNames.of(text, among: names)
    let hint =
      names.isEmpty
      ? "'ip netns' has named none; \(hintWithoutNames)"
      : near.isEmpty ? "'ip netns' lists all" : "near names are \(near.joined(separator: ", "))"
    return CommandFailure("no network namespace is called '\(text)'; \(hint)")
  }
}

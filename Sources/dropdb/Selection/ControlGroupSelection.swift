import DropStore

/// Control groups (v2) and those below them, by what a user writes for them.
enum ControlGroupSelection {
  /// Where the hierarchy is mounted on most hosts; paths in a database begin below.
  private static let mount = "/sys/fs/cgroup"

  /// The patterns of the paths that are meant.
  ///
  /// - Parameter text: `system.slice/nginx.service`, with or without a slash or the mount before it, or the inode number of a group
  ///   whose path is unknown; with `*` or `?` it is a pattern, which has to match the whole path.
  /// - Returns: One pattern or, with that of the groups below, two.
  static func patterns(_ text: String) -> [TextPattern] {
    var path = text.hasPrefix(mount + "/") ? String(text.dropFirst(mount.utf8.count)) : text
    if path.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      return [TextPattern(path)]
    }
    if !path.hasPrefix("/"), !path.hasPrefix("*") { path = "/" + path }
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    let pattern = TextPattern(path)
    guard pattern.onlyMatch != nil else { return [pattern] }
    return [pattern, TextPattern(path == "/" ? "/*" : path + "/*")]
  }

  /// The drops of some groups.
  static func condition(_ texts: [String]) -> DropCondition {
    .matches(.cgroup, texts.flatMap(patterns))
  }
}

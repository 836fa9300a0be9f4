import Foundation
import Testing

/// A file system of its own, in memory, which goes with the value.
final class Mount {
  static let isPossible = getuid() == 0 && Shell(named: "mount") != nil && probe()

  let path: String

  init?(_ path: String, _ options: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard try Shell(named: "mount")?.run(["-t", "tmpfs", "-o", options, "tmpfs", path]).status == 0 else {
      return nil
    }
  }

  deinit { _ = try? Shell(named: "umount")?.run(["-l", path]) }

  func remount(_ options: String) throws {
    let result = try #require(try Shell(named: "mount")?.run(["-o", "remount,\(options)", path]))
    try #require(result.status == 0, "\(result.errors)")
  }

  /// Root in a container may not be allowed to mount.
  private static func probe() -> Bool {
    guard let folder = try? TemporaryFolder() else { return false }
    return (try? Mount(folder.file("probe"), "size=16k")) != nil
  }
}

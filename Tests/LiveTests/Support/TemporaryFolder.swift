import Foundation

/// A folder that goes with this object, and what is in it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "dropdb-\(UUID().uuidString)").path()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    // What a capture as root left here belongs to root.
    if (try? FileManager.default.removeItem(atPath: path)) == nil {
      _ = try? Live.privileged("rm", ["-rf", path]).run()
    }
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }
}

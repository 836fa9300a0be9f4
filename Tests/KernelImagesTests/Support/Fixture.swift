import BTFReasons
import Foundation
import Testing

/// The small BTF files that the tests of BTFReasons have.
enum Fixture {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "BTFReasonsTests/Fixtures")

  static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: folder.appending(path: "\(name).btf")))
  }

  static func kernel(_ order: BTF.ByteOrder = .littleEndian) throws -> [UInt8] {
    try bytes(order == .littleEndian ? "kernel-little" : "kernel-big")
  }

  /// A file that is gone after the test.
  static func withFile<Result>(
    _ bytes: [UInt8], named name: String = "file", _ body: (String) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "images-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(bytes).write(to: file)
    return try body(file.path(percentEncoded: false))
  }
}

import BTFReasons
import Foundation

/// The files of `Fixtures/`.
enum Fixture {
  static func path(_ name: String) -> String {
    let folder = Bundle.module.resourceURL ?? URL(filePath: ".")
    return folder.appending(path: "Fixtures/\(name).btf").path(percentEncoded: false)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: path(name))))
  }

  /// A fixture, read from its file.
  static func btf(_ name: String, base: BTF? = nil) throws(BTFError) -> BTF {
    try BTF(contentsOf: path(name), base: base)
  }

  /// A folder that is gone after the test.
  static func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "btf-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}

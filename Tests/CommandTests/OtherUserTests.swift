import Foundation
import SampleDatabase
import Testing

/// A database of another user, as it is after a capture by root has ended.
@Suite struct OtherUserTests {
  @Test(
    "A whole database in a folder that only its owner may write to is read",
    arguments: [
      ["query", "--limit", "0", "--format", "csv"], ["info"], ["check"], ["backup", "-"], ["tail"],
      ["top", "--once"],
    ])
  func reading(arguments: [String]) throws {
    let result = try Self.run(arguments)
    #expect(result.status == 0, "\(result.error)")
    #expect(!result.error.contains("cannot be written to"))
    if arguments[0] == "query" { #expect(result.text.split(separator: "\r\n").count == 7) }
  }

  // It is opened as one that does not change.
  @Test("It is not followed, for nothing new would be seen", arguments: [["tail", "-f"], ["top", "-b"]])
  func following(arguments: [String]) throws {
    let result = try Self.run(arguments)
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.error.contains("it can be read, but not followed"), "\(result.error)")
  }

  private static func run(_ arguments: [String]) throws -> DropDBProcess {
    let sample = try SampleDatabase()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    let path = folder.appendingPathComponent("drops.db").path
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
      try? FileManager.default.removeItem(at: folder)
    }
    try FileManager.default.copyItem(atPath: sample.path, toPath: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    let target = FileManager.default.temporaryDirectory
      .appendingPathComponent("dropdb-\(UUID().uuidString).db").path
    defer { try? FileManager.default.removeItem(atPath: target) }
    // Root may write anywhere.
    let user = ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]
    let words =
      (geteuid() == 0 ? user : ["/usr/bin/env"]) + [try DropDBProcess.path]
      + arguments.map { $0 == "-" ? target : $0 } + ["--db", path]
    return try DropDBProcess.run(words[0], Array(words.dropFirst()), environment: [:])
  }
}

import Foundation
import Testing

/// A run of the built command, from beside the tests.
struct DropDBProcess {
  let status: Int32
  let output: Data
  let error: String

  var text: String { String(decoding: output, as: UTF8.self) }

  /// The path of the built command: tests and command are linked into one folder.
  static var path: String {
    get throws {
      let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("dropdb").path
    }
  }

  /// Runs the command and waits for its end.
  static func run(_ arguments: String..., environment: [String: String] = [:]) throws -> DropDBProcess {
    try run(path, arguments, environment: environment)
  }

  /// Runs a script that finds the command in `$DROPDB`.
  static func shell(_ script: String, environment: [String: String] = [:]) throws -> DropDBProcess {
    try run(
      "/bin/bash", ["-c", script], environment: environment.merging(["DROPDB": try path]) { $1 })
  }

  static func run(_ path: String, _ arguments: [String], environment: [String: String]) throws
    -> DropDBProcess
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC0"]
      .merging(environment) { $1 }
    // Files, not pipes: nobody has to read while the process writes.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["out", "err"].map { folder.appendingPathComponent($0) }
    for file in files { try Data().write(to: file) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    return DropDBProcess(
      status: process.terminationStatus, output: try Data(contentsOf: files[0]),
      error: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self))
  }
}

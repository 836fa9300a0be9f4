import Foundation
import Testing

/// Programs that some machines have.
enum Tool {
  static func path(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    // Swift's own tools are beside it, where links point.
    let swift = folders.map { URL(filePath: "\($0)/swift").resolvingSymlinksInPath() }
    let beside = swift.map { $0.deletingLastPathComponent().path(percentEncoded: false) }
    return (folders + beside + ["/usr/sbin", "/sbin"]).map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static func exists(_ name: String) -> Bool { path(name) != nil }

  /// What a program writes to standard output, whatever its end.
  @discardableResult
  static func run(_ name: String, _ arguments: String...) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: try #require(path(name)))
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return data
  }
}

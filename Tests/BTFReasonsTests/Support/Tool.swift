import Foundation
import Testing

/// Programs that some machines have.
enum Tool {
  static func path(_ name: String) -> String? {
    ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"].map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static func exists(_ name: String) -> Bool { path(name) != nil }

  /// What a program writes to standard output.
  static func output(_ name: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: try #require(path(name)))
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return data
  }

  static func run(_ name: String, _ arguments: String...) throws -> String {
    String(decoding: try output(name, arguments), as: UTF8.self)
  }
}

import Foundation

/// A program and its arguments, found on the PATH of root.
struct Command {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let name: String
  let arguments: [String]
  var environment: [String: String] = [:]

  init(_ name: String, _ arguments: [String]) {
    self.name = name
    self.arguments = arguments
  }

  /// Runs it to its end.
  func run() throws -> Result {
    let process = try makeProcess()
    // Files instead of pipes: however much it prints, it never waits for a reader.
    let folder = try TemporaryFolder()
    let output = folder.file("output")
    let errors = folder.file("errors")
    FileManager.default.createFile(atPath: output, contents: nil)
    FileManager.default.createFile(atPath: errors, contents: nil)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
      output: try text(output), errors: try text(errors))
  }

  /// Runs it and fails unless it succeeds.
  @discardableResult
  func succeed() throws -> String {
    let result = try run()
    guard result.status == 0 else {
      throw Failure(
        description: "\(name) \(arguments.joined(separator: " ")): status \(result.status): \(result.errors)")
    }
    return result.output
  }

  func makeProcess() throws -> Process {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let candidates = name.contains("/") ? [name] : (folders + ["/usr/sbin", "/sbin"]).map { "\($0)/\(name)" }
    guard let path = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw Failure(description: "there is no program \(name); Scripts/dependencies --tests installs it")
    }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    return process
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }
}

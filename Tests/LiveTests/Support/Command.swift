import Dispatch
import Foundation

/// A program and its arguments, found on the PATH of root.
struct Command {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Nothing here takes longer; what does hangs.
  private static let patience = DispatchTimeInterval.seconds(120)

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
    for file in [output, errors] { try Data().write(to: URL(filePath: file)) }
    process.standardInput = FileHandle.nullDevice
    let handles = [output, errors].map { FileHandle(forWritingAtPath: $0) }
    // A handle that nobody closes stays open to the end of the tests, and Foundation goes through all that are open
    // whenever it starts a program: with a thousand it has been seen to crash there.
    defer { for handle in handles { try? handle?.close() } }
    process.standardOutput = handles[0]
    process.standardError = handles[1]
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.start()
    guard ended.wait(timeout: .now() + Self.patience) == .success else {
      process.terminate()
      throw Failure(description: "\(name) \(arguments.joined(separator: " ")): did not end")
    }
    return Result(
      status: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus,
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

extension Process {
  /// Runs it with no signal blocked.
  ///
  /// The threads that run tests block all signals, and a child has the mask of the thread that starts it: it could
  /// not be told to end.
  func start() throws {
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
    try run()
  }
}

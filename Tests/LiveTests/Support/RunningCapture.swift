import Foundation

/// `dropdb capture`, started as root, into a database of the test's own.
final class RunningCapture: Sendable {
  let database: String
  private let folder: TemporaryFolder
  private let process: Process
  private let output: String
  private let errors: String

  /// Starts it, and returns when it counts every drop.
  ///
  /// - Parameters:
  ///   - arguments: Options.
  ///   - wrapper: A program that starts it, and its arguments.
  ///   - standardOutput: Where its output goes, if not to a file.
  /// - Throws: what it said if it ended instead.
  init(_ arguments: [String] = [], as wrapper: [String] = [], standardOutput: Pipe? = nil) throws {
    folder = try TemporaryFolder()
    database = folder.file("drops.db")
    output = folder.file("output")
    errors = folder.file("errors")
    for file in [output, errors] { try Data().write(to: URL(filePath: file)) }
    // It may go on as another user.
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
    let command = wrapper + [Live.dropdb, "capture", "--db", database, "--format", "json"] + arguments
    process = try Live.privileged(command[0], Array(command.dropFirst())).makeProcess()
    process.standardInput = FileHandle.nullDevice
    let handles = [output, errors].map { FileHandle(forWritingAtPath: $0) }
    defer { for handle in handles { try? handle?.close() } }
    process.standardOutput = standardOutput ?? handles[0]
    process.standardError = handles[1]
    try process.start()
    try wait(until: "it captures") { self.standardError.contains("capturing") || !self.process.isRunning }
    guard process.isRunning else { throw Command.Failure(description: "capture ended: \(standardError)") }
    // It goes on with plainer ones, and these tests would see little of that.
    guard !standardError.contains("verifier refused") else {
      throw Command.Failure(description: "the full programs were refused: \(standardError)")
    }
  }

  deinit {
    if process.isRunning { try? signal("KILL") }
  }

  var standardError: String {
    String(decoding: (try? Data(contentsOf: URL(filePath: errors))) ?? Data(), as: UTF8.self)
  }

  var standardOutput: String {
    String(decoding: (try? Data(contentsOf: URL(filePath: output))) ?? Data(), as: UTF8.self)
  }

  /// The capture's own process, not that of the sudo before it: it names itself when it begins.
  func pid() throws -> String {
    guard let range = standardError.range(of: #"pid \d+"#, options: .regularExpression) else {
      throw Command.Failure(description: "no pid in \(standardError)")
    }
    return String(standardError[range].dropFirst(4))
  }

  func signal(_ name: String) throws {
    // The shell's own: a bare machine has no kill(1).
    try Live.privileged("sh", ["-c", "kill -\(name) \(try pid())"]).succeed()
  }

  /// Ends it, and returns its summary.
  func stop(signal name: String = "INT") throws -> [String: Any] {
    try signal(name)
    try wait(until: "it ends") { !self.process.isRunning }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw Command.Failure(description: "status \(process.terminationStatus): \(standardError)")
    }
    return try summary()
  }

  /// Waits until it has said something on standard error.
  func waitUntilSaid(_ words: String) throws {
    try wait(until: "it says '\(words)'") { self.standardError.contains(words) }
  }

  var isRunning: Bool { process.isRunning }

  /// Waits until it ended by itself or was killed.
  func waitUntilEnded() throws {
    try wait(until: "it ends") { !self.process.isRunning }
  }

  var status: Int32 { process.terminationStatus }

  /// The last line of its output, which is the summary.
  func summary() throws -> [String: Any] {
    let line = standardOutput.split(separator: "\n").last.map(String.init) ?? ""
    guard let summary = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
      throw Command.Failure(description: "no summary: \(line)")
    }
    return summary
  }

  /// Asks the database through the stock client.
  func rows(_ sql: String) throws -> [[String: Any]] {
    let text = try Command("sqlite3", ["-json", database, sql]).succeed()
    if text.isEmpty { return [] }
    return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
  }

  /// Waits until a question has at least so many rows, and returns them.
  func rows(_ sql: String, atLeast count: Int) throws -> [[String: Any]] {
    var found: [[String: Any]] = []
    try wait(until: "\(count) rows of \(sql)") {
      found = (try? self.rows(sql)) ?? []
      return found.count >= count
    }
    return found
  }

  /// Looks again and again, for 100 seconds at most: a debug build on a busy machine takes its time for a full ring.
  ///
  /// By the clock, for looking takes time itself: seconds where millions of drops are stored.
  private func wait(until what: String, _ condition: () -> Bool) throws {
    let end = ContinuousClock.now + .seconds(100)
    repeat {
      if condition() { return }
      usleep(20_000)
    } while ContinuousClock.now < end
    throw Command.Failure(description: "waited in vain until \(what); it said: \(standardError)")
  }
}

import DropEvents
import DropStore
import Foundation
import SampleDatabase

/// A folder for databases that are written while they are read.
final class LiveFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// A capture into a file of the folder.
  func writer(at name: String, start: Int64 = SampleDatabase.start, pid: Int32 = 1) throws -> DropWriter {
    try DropWriter(
      path: file(name),
      capture: CaptureDescription(
        host: HostIdentity(name: "sample", machineID: nil), bootID: "0f6e7a53-0000-4000-8000-000000000001",
        kernel: KernelIdentity(release: "6.18.0", version: "#1", machine: "x86_64", btfHash: nil),
        reasons: [
          ReasonName(
            value: 3, subsystem: "core", name: "NO_SOCKET", symbol: "SKB_DROP_REASON_NO_SOCKET",
            isSentinel: false),
          ReasonName(
            value: 4, subsystem: "core", name: "SOCKET_RCVBUFF", symbol: "SKB_DROP_REASON_SOCKET_RCVBUFF",
            isSentinel: false),
        ],
        subsystems: [SubsystemName(number: 0, name: "core")], options: "{}", program: "dropdb test", pid: pid,
        start: start))
  }
}

/// The built command while it runs, its output in files.
final class RunningDropDB {
  private static let patience: TimeInterval = 300
  struct TookTooLong: Error {
    let output: String
    let errors: String
  }

  private let process = Process()
  private let folder: LiveFolder

  init(_ arguments: String...) throws {
    folder = try LiveFolder()
    process.executableURL = URL(fileURLWithPath: try DropDBProcess.path)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC0"]
    for name in ["out", "err"] { try Data().write(to: folder.url.appendingPathComponent(name)) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: folder.url.appendingPathComponent("out"))
    process.standardError = try FileHandle(forWritingTo: folder.url.appendingPathComponent("err"))
    try process.run()
  }

  func text() throws -> String { try String(contentsOfFile: folder.file("out"), encoding: .utf8) }
  func errors() throws -> String { try String(contentsOfFile: folder.file("err"), encoding: .utf8) }

  /// The column `ts` of the rows of JSON that were written.
  func times() throws -> [Int64] {
    try text().split(separator: "\n").compactMap {
      (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["ts"] as? Int64
    }
  }

  func wait(untilLines count: Int) throws {
    try wait { try self.text().split(separator: "\n").count >= count }
  }

  /// Waits until something is so, and gives up only when it will never be.
  func wait(until isSo: () throws -> Bool) throws {
    let end = Date() + Self.patience
    while try !isSo() {
      guard Date() < end, process.isRunning else {
        throw TookTooLong(output: try text(), errors: try errors())
      }
      usleep(10_000)
    }
  }

  /// Sends what Ctrl-C does, and waits for the end.
  ///
  /// - Returns: the exit status.
  func interrupt() throws -> Int32 {
    process.interrupt()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Ends it, if it still runs.
  func stop() {
    if process.isRunning { process.terminate() }
  }
}

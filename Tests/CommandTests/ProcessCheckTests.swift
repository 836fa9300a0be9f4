import Foundation
import Testing

@testable import dropdb

@Suite struct ProcessCheckTests {
  static func bootID() throws -> String {
    try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
      .trimmingCharacters(in: .newlines)
  }

  @Test("A process of this boot is alive, one of another boot is not")
  func running() throws {
    let check = ProcessCheck()
    let pid = Int64(ProcessInfo.processInfo.processIdentifier)
    #expect(check.isRunning(pid, try Self.bootID()))
    #expect(!check.isRunning(pid, "0f6e7a53-0000-4000-8000-000000000001"))
  }

  @Test("What cannot be a process is not alive", arguments: [0, -1, Int64.max, Int64.min])
  func impossible(pid: Int64) throws {
    #expect(!ProcessCheck().isRunning(pid, try Self.bootID()))
  }
}

import DropEvents
import DropStore
import Foundation
import Testing

/// Gives up root for good.
func becomeNobody() -> Bool { setgroups(0, nil) == 0 && setgid(65534) == 0 && setuid(65534) == 0 }

/// Capturing needs privileges, reading does not: a user who may not write to the folder reads the database.
@Suite(.enabled(if: getuid() == 0, "needs root to become somebody else"))
struct UnprivilegedReaderTests {
  enum Moment: CaseIterable {
    case whileCapturing
    case afterTheEnd
    case afterAKill
  }

  @Test(arguments: Moment.allCases) func `nobody reads it`(moment: Moment) async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    let path = folder.file("drops.db")
    switch moment {
    case .whileCapturing:
      var writer = try DropWriter(path: path, capture: .sample())
      try writer.write(.sample(10))
      try await read(path)
      // And it has not hindered the writer.
      try writer.write(.sample(10, from: 10))
      _ = try writer.finish(at: threeTenNanoseconds)
    case .afterTheEnd:
      var writer = try DropWriter(path: path, capture: .sample())
      try writer.write(.sample(10))
      _ = try writer.finish(at: threeTenNanoseconds)
      try await read(path)
    case .afterAKill:
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
        var writer = try DropWriter(path: path, capture: .sample())
        try writer.write(.sample(10))
        kill(getpid(), SIGKILL)
      }
      try await read(path)
    }
    #expect(try faults(of: path) == [])
  }

  private func read(_ path: String) async throws {
    await #expect(processExitsWith: .success) { [path = path as String] in
      try #require(becomeNobody())
      #expect(throws: (any Error).self) { try Data().write(to: URL(fileURLWithPath: path + "-probe")) }
      #expect(try rows(path, "SELECT count(*) FROM drops") == [[.integer(10)]])
      #expect(try rows(path, "SELECT sum(packets) FROM tallies") == [[.integer(10)]])
    }
    let shell = try #require(Shell.sqlite, "sqlite3 is not installed").asNobody
    for options in [[], ["-readonly"]] {
      let result = try shell.run(options + [path, "SELECT count(*) FROM drops"])
      #expect(result.output == "10\n", "\(options): \(result.errors)")
    }
  }
}

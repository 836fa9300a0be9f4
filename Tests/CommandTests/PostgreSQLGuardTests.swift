import Foundation
import Testing

@Suite struct PostgreSQLGuardTests {
  @Test(
    "A call meant for PostgreSQL's dropdb does nothing and says which one this is",
    arguments: [
      ["somename"], ["-U", "postgres", "x"], ["-i", "x"], ["--interactive", "x"], ["--if-exists", "x"],
      ["-h", "db.example", "x"], ["-h", "query"], ["-p", "5432", "x"], ["-e", "x"], ["-f", "x"], ["-w", "x"],
      ["-W", "x"], ["--maintenance-db=postgres", "x"], ["--force", "x"], ["-V"], ["-?"], ["x", "--help"],
      ["--username=postgres", "x"], [""], ["--"],
    ])
  func refused(arguments: [String]) throws {
    let result = try DropDBProcess.run(DropDBProcess.path, arguments, environment: [:])
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.error.contains("nothing was done"))
    #expect(result.error.contains("not PostgreSQL's"))
  }

  @Test("Help and version alone are ours", arguments: ["-h", "--help", "--version", "help"])
  func ours(argument: String) throws {
    let result = try DropDBProcess.run(argument)
    #expect(result.status == 0)
    #expect(result.text.contains("dropdb") && result.text.contains("PostgreSQL"))
    #expect(result.error.isEmpty)
  }

  @Test(
    "A slip of the pen gets the command that was meant",
    arguments: [
      ("qurey", "query"), ("raport", "report"), ("reason", "reasons"), ("REPORT", "report"),
    ])
  func typo(written: String, meant: String) throws {
    let result = try DropDBProcess.run(written, "--since", "-2h")
    #expect(result.status == 2)
    #expect(result.error.contains("Did you mean 'dropdb \(meant)'?"))
  }

  @Test("Options before the command are put right")
  func optionsFirst() throws {
    let result = try DropDBProcess.run("--db", "x.db", "query")
    #expect(result.status == 2)
    #expect(result.error.contains("The command comes first, then its options: 'dropdb query"))
  }

  @Test("The way to PostgreSQL's dropdb is told where it is on the PATH")
  func path() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pg-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let other = folder.appendingPathComponent("dropdb").path
    _ = FileManager.default.createFile(
      atPath: other, contents: Data("#!/bin/sh\n".utf8), attributes: [.posixPermissions: 0o755])
    let own = URL(fileURLWithPath: try DropDBProcess.path).deletingLastPathComponent().path
    let result = try DropDBProcess.run("x", environment: ["PATH": "\(folder.path):\(own)"])
    #expect(result.error.contains(other))
    #expect(!result.error.contains(try DropDBProcess.path))
  }

  @Test("Hostile arguments are shown harmlessly")
  func hostile() throws {
    let result = try DropDBProcess.run("query", "--\u{1b}[2J")
    #expect(result.status == 2)
    #expect(!result.error.contains("\u{1b}"))
  }
}

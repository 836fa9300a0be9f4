import ArgumentParser
import DropStore
import Foundation
import SampleDatabase
import Testing

@testable import dropdb

@Suite struct KeepingCommandTests {
  private static func ask(_ path: String, _ sql: String) throws -> String {
    try DropDBProcess.run("query", "--db", path, "--format", "tsv", sql).text
      .split(separator: "\n").dropFirst().joined(separator: "\n")
  }

  @Test("A dry run says what would go, and the run that follows does it")
  func prune() throws {
    let sample = try SampleDatabase()
    let arguments = ["prune", "--db", sample.path, "--before", "2026-11-20 02:10:03"]
    let dry = try DropDBProcess.run(DropDBProcess.path, arguments + ["--dry-run"], environment: [:])
    #expect(dry.status == 0 && dry.error.isEmpty)
    #expect(dry.text.contains("this would go"))
    #expect(
      dry.text.contains("recorded drops      3 from 2026-11-20 02:10:00+00:00 to 2026-11-20 02:10:02+00:00"))
    #expect(try Self.ask(sample.path, "SELECT count(*) FROM drops") == "6")
    let result = try DropDBProcess.run(DropDBProcess.path, arguments, environment: [:])
    #expect(result.status == 0)
    #expect(
      result.text
        == dry.text.replacing("this would go", with: "this has gone").replacing(
          "would shrink", with: "has shrunk"))
    #expect(
      try Self.ask(sample.path, "SELECT count(*), min(time) FROM drops") == "3\t2026-11-20T02:10:03.000000Z")
    #expect(try Self.ask(sample.path, "SELECT sum(packets), sum(recorded) FROM tallies") == "8\t6")
  }

  @Test("A time of day that is still to come deletes nothing")
  func pruneBeforeTheFuture() throws {
    let sample = try SampleDatabase()
    // A zone in which it is about noon.
    let zone = "XXX\(Int(Date().timeIntervalSince1970) / 3600 % 24 - 12)"
    func prune(_ arguments: String...) throws -> DropDBProcess {
      try DropDBProcess.run(
        DropDBProcess.path, ["prune", "--db", sample.path] + arguments, environment: ["TZ": zone])
    }
    for option in ["--before", "--tallies-before"] {
      let result = try prune(option, "23:00")
      #expect(result.status == 2 && result.error.contains("nothing was deleted: '23:00' is still to come"))
    }
    #expect(try Self.ask(sample.path, "SELECT count(*) FROM drops") == "6")
    let past = try prune("--before", "01:00", "--dry-run")
    #expect(past.status == 0 && past.error.isEmpty)
  }

  @Test(
    "What cannot be meant is wrong usage",
    arguments: [
      ["prune"], ["prune", "--dry-run"], ["prune", "--max-size", "many"], ["prune", "--max-size", "1KiB"],
      ["prune", "--before", "gestern"], ["merge"], ["capture", "--retain", "-1d"],
      ["capture", "--retain", "x"],
      ["capture", "--max-size", "1MiB"], ["capture", "--retain-tallies", ""],
    ])
  func wrongUsage(arguments: [String]) throws {
    let result = try DropDBProcess.run(DropDBProcess.path, arguments, environment: [:])
    #expect(result.status == 2, "\(result.error)")
    #expect(result.output.isEmpty)
  }

  @Test("A report of merged databases counts the drops of all")
  func merge() throws {
    let sample = try SampleDatabase()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let all = folder.appendingPathComponent("all.db").path
    let first = try DropDBProcess.run("merge", sample.path, sample.path, "--db", all)
    #expect(first.status == 0, "\(first.error)")
    let lines = first.text.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(
      lines[0].hasSuffix("2 captures added, 0 continued, 0 known; 8 packets counted, 6 of them recorded"))
    #expect(
      lines[1].hasSuffix("0 captures added, 0 continued, 2 known; 0 packets counted, 0 of them recorded"))
    #expect(try Self.ask(all, "SELECT sum(packets), sum(recorded) FROM tallies") == "8\t6")
    let missing = try DropDBProcess.run("merge", "/nonexistent.db", "--db", all)
    #expect(missing.status == 1 && missing.error.contains("there is no such file"))
  }

  @Test("What a capture keeps is read from its options")
  func retention() throws {
    let options = try RecordingOptions.parse([
      "--retain", "30d", "--max-size", "2GiB", "--retain-tallies", "1y",
    ])
    let retention = try options.retention
    #expect(retention.events == 2_592_000_000_000_000)
    #expect(retention.size == 2 << 30)
    #expect(retention.tallies == 31_557_600_000_000_000)
    #expect(try RecordingOptions.parse([]).retention.isUnlimited)
  }
}

import Foundation
import SampleDatabase
import Testing

/// `dropdb check`, `dropdb info` and `dropdb backup`.
@Suite struct CheckCommandTests {
  private static func json(_ result: DropDBProcess) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
  }

  private static func change(_ path: String, _ sql: String) throws {
    let result = try DropDBProcess.run("/usr/bin/sqlite3", [path, sql], environment: [:])
    try #require(result.status == 0, "\(result.error)")
  }

  @Test("A sound database is a success")
  func sound() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run("check", "--db", sample.path)
    #expect(result.status == 0 && result.error.isEmpty)
    #expect(result.text == "\(sample.path): sound; 6 events, 2 tallies and 2 captures agree\n")
    let json = try Self.json(try DropDBProcess.run("check", "--db", sample.path, "--format", "json"))
    #expect(json["sound"] as? Bool == true && json["events"] as? Int == 6)
  }

  @Test("One that is not has status 3, and says why on standard output")
  func unsound() throws {
    let sample = try SampleDatabase()
    try Self.change(sample.path, "DROP VIEW stacks; UPDATE site SET location = 99")
    let result = try DropDBProcess.run("check", "--db", sample.path)
    #expect(result.status == 3 && result.error.isEmpty)
    #expect(result.text.hasPrefix("\(sample.path): not sound\n"))
    #expect(result.text.contains("schema: the view stacks is missing"))
    #expect(result.text.contains("references: 2 rows of site refer to what is missing in location"))
    let json = try DropDBProcess.run("check", "--db", sample.path, "--format", "json")
    #expect(json.status == 3)
    let findings = try #require(try Self.json(json)["findings"] as? [[String: String]])
    #expect(findings.map { $0["subject"] } == ["schema", "references"])
  }

  @Test("What cannot be told has status 1")
  func noAnswer() throws {
    let result = try DropDBProcess.run("check", "--db", "/nowhere/drops.db")
    #expect(result.status == 1 && result.output.isEmpty && result.error.contains("/nowhere/drops.db"))
  }

  @Test("A damaged one is repaired into a new file, and the old one stays as it is")
  func repair() throws {
    let sample = try SampleDatabase()
    let saved = sample.path + ".saved"
    let sound = try DropDBProcess.run("check", "--db", sample.path, "--repair", saved)
    #expect(sound.status == 0 && sound.output.isEmpty && sound.error.contains("nothing to repair"))
    #expect(!FileManager.default.fileExists(atPath: saved))
    try Self.change(sample.path, "DELETE FROM task; PRAGMA wal_checkpoint(TRUNCATE)")
    let before = try Data(contentsOf: URL(fileURLWithPath: sample.path))
    let result = try DropDBProcess.run("check", "--db", sample.path, "--repair", saved)
    #expect(result.status == 0, "\(result.text)\(result.error)")
    #expect(result.error.contains("not sound") && result.text.contains("2 lost rows of dictionaries"))
    #expect(result.text.contains("\(saved): sound; 6 events"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: sample.path)) == before)
    #expect(try DropDBProcess.run("check", "--db", sample.path, "--repair", saved).status == 1)
    let drops = try DropDBProcess.run(
      "query", "--db", saved, "SELECT count(*) AS n FROM drops", "--format", "csv")
    #expect(drops.text.contains("6"))
  }

  @Test("Info tells ranges, kernels, sizes, rates, losses and gaps")
  func info() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run("info", "--db", sample.path)
    #expect(result.status == 0 && result.error.isEmpty)
    for words in [
      "version 5", "Captures  2\n", "2026-11-20 02:00:00+00:00 until 2026-11-20 04:00:00+00:00", "8 drops",
      "6 drops", "6.18.0", "sample", "ring_full", "2026-11-20 03:30:00", "event",
    ] { #expect(result.text.contains(words), "\(words) in \(result.text)") }
    let json = try Self.json(try DropDBProcess.run("info", "--db", sample.path, "--format", "json"))
    #expect(json["counted"] as? Int == 8 && json["recorded"] as? Int == 6)
    #expect(json["captured_seconds"] as? Double == 5_400)
    #expect((json["gaps"] as? [[String: Any]])?.count == 1)
    let size = try FileManager.default.attributesOfItem(atPath: sample.path)[.size] as? Int
    #expect(json["bytes"] as? Int == size)
    // All pages belong to a table, but the schema's own.
    let tables = try #require(json["tables"] as? [[String: Any]])
    let sum = tables.compactMap { $0["bytes"] as? Int }.reduce(0, +)
    #expect(sum > 0 && sum < size ?? 0)
  }

  @Test("A backup says what it made, is sound, and replaces nothing")
  func backup() throws {
    let sample = try SampleDatabase()
    let copy = sample.path + ".copy"
    let result = try DropDBProcess.run("backup", copy, "--db", sample.path)
    #expect(result.status == 0 && result.output.isEmpty && result.error.contains("copied"), "\(result.error)")
    #expect(try DropDBProcess.run("check", "--db", copy).status == 0)
    let again = try DropDBProcess.run("backup", copy, "--db", sample.path)
    #expect(again.status == 1 && again.error.contains("there is a file already"))
    #expect(try DropDBProcess.run("backup", "--db", sample.path).status == 2)
  }
}

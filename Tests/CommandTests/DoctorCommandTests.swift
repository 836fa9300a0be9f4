import DropCapture
import Foundation
import Testing

@testable import dropdb

@Suite struct DoctorCommandTests {
  @Test func `the status is that of the verdict, and jq reads what was found`() throws {
    let result = try DropDBProcess.run(
      "doctor", "--no-trial", "--format", "json", "--db", "/nowhere/at/all/drops.db")
    // There is no such folder, whoever asks.
    #expect(result.status == 2)
    #expect(result.error.isEmpty)
    let script = #""$DROPDB" doctor --no-trial --format json --db /nowhere/at/all/drops.db | jq -r '"#
    let subjects = try DropDBProcess.shell(script + ".findings[].subject'")
    #expect(subjects.text.split(separator: "\n").contains("btf"))
    #expect(try DropDBProcess.shell(script + ".verdict'").text == "impossible\n")
    let database = try DropDBProcess.shell(
      script + #".findings[] | select(.subject == "database") | .remedy'"#)
    #expect(database.text.contains("--db"))
  }

  @Test func `nothing of a name reaches the terminal as it is`() throws {
    for format in ["text", "json"] {
      let result = try DropDBProcess.run(
        "doctor", "--no-trial", "--format", format, "--db", "/\u{1b}[2J\u{202e}/drops.db")
      #expect(!result.output.contains(0x1b))
      #expect(!result.text.unicodeScalars.contains("\u{202e}"))
    }
  }

  @Test func `a file that is no database is told`() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("dropdb-\(UUID().uuidString)")
    try Data("not a database, but long enough to be looked at as one".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let findings = DatabaseDoctor(path: file.path).findings()
    #expect(findings.first { $0.subject == "database" }?.verdict == .impossible)
    #expect(findings.first { $0.subject == "disk" }?.verdict != .impossible)
    let folder = DatabaseDoctor(path: file.deletingLastPathComponent().path).findings()
    #expect(folder.first { $0.subject == "database" }?.verdict == .impossible)
  }

  @Test(
    arguments: [
      ([.good, .note], .good, "in full"), ([.good, .limited, .note], .limited, "LIMIT"),
      ([.limited, .impossible], .impossible, "FAIL"), ([], .good, "in full"),
    ] as [([HostFinding.Verdict], HostFinding.Verdict, String)])
  func `the worst decides`(verdicts: [HostFinding.Verdict], all: HostFinding.Verdict, words: String) {
    let report = DoctorReport(
      findings: verdicts.enumerated().map {
        HostFinding("subject\($0)", $1, "found", meaning: "meaning", remedy: "remedy")
      })
    #expect(report.verdict == all)
    #expect(report.sentence.contains(words))
    #expect(report.text(isColored: false).contains("To do: remedy") == !verdicts.isEmpty)
    #expect(!report.text(isColored: false).contains("\u{1b}"))
  }

  @Test func `wrong usage names what is near`() throws {
    let result = try DropDBProcess.run("doctor", "--formt", "json")
    #expect(result.status == 2)
    #expect(result.error.contains("--format"))
    let help = try DropDBProcess.run("doctor", "--help")
    #expect(help.status == 0)
    #expect(help.text.contains("status 0 if a capture would work in full, 1 if with limits"))
  }
}

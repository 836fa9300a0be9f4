import Foundation
import SampleDatabase
import Testing

@testable import dropdb

@Suite(.enabled(if: PseudoTerminal.isAvailable)) struct PagerTests {
  private static let rows =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT i FROM n"

  private func query(
    _ arguments: [String], pager: String, _ steps: [PseudoTerminal.Step] = []
  ) throws -> PseudoTerminal {
    let sample = try SampleDatabase()
    return try PseudoTerminal.run(
      ["query", "--db", sample.path] + arguments, environment: ["DROPDB_PAGER": pager, "PAGER": "false"],
      steps)
  }

  @Test("What is longer than the screen goes through the pager, and it is waited for")
  func long() throws {
    let result = try query([Self.rows], pager: "sed s/^/paged:/; sleep 0.2; echo over")
    #expect(result.missing == nil && result.status == 0)
    #expect(
      result.screen.contains("paged:   1") || result.screen.contains("paged:1")
        || result.screen.contains("paged:"))
    #expect(result.screen.contains("5000"))
    #expect(result.screen.hasSuffix("over\r\n"))
  }

  @Test("Somebody who leaves the pager has seen enough")
  func left() throws {
    let result = try query([Self.rows.replacing("5000", with: "500000")], pager: "head -n 3")
    #expect(result.missing == nil && result.status == 0, "\(result.screen)")
    #expect(result.screen.split(separator: "\r\n").count == 3)
  }

  @Test(
    "There is none for what fits, for other formats, or when it is not wanted",
    arguments: [["SELECT 1"], [rows, "--format", "csv"], [rows, "--no-pager"]])
  func none(arguments: [String]) throws {
    let result = try query(arguments, pager: "sed s/^/paged:/")
    #expect(result.missing == nil && result.status == 0)
    #expect(!result.screen.contains("paged:") && result.screen.contains("1"))
    let empty = try query([Self.rows], pager: "")
    #expect(empty.status == 0 && empty.screen.contains("5000"))
  }

  @Test("After two seconds a line tells how far it is, and goes when it is done")
  func progress() throws {
    let result = try query(
      [
        "--timeout", "3s",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
      ],
      pager: "",
      [.expect("no row yet, 2 s; Ctrl-C ends it"), .expect("\r\u{1b}[K"), .expect("longer than --timeout")])
    #expect(result.missing == nil, "\(result.screen)")
    #expect(result.status == 1)
  }

  @Test(
    "The line tells rows, and how much of the time that is asked for, where that is known",
    arguments: [
      (0, nil, "dropdb: no row yet, 2 s; Ctrl-C ends it"),
      (999, nil, "dropdb: 999 rows, 2 s; Ctrl-C ends it"),
      (1_234_567, 12, "dropdb: 1,234,567 rows (12%), 2 s; Ctrl-C ends it"),
    ] as [(Int, Int?, String)])
  func line(rows: Int, percent: Int?, text: String) {
    #expect(ProgressLine.text(rows: rows, percent: percent, nanoseconds: 2_900_000_000) == text)
  }
}

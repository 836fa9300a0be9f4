import Foundation
import SampleDatabase
import Testing

@Suite struct ReportCommandTests {
  @Test("A report tells what was counted and where that is from")
  func text() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run("report", "--db", sample.path)
    #expect(result.status == 0 && result.error.isEmpty)
    for words in [
      "8 packets, 540 bytes (exact)", "6 of them as events (75.0%, exact), 2 not; lost by cause: 2 ring_full",
      "1h 30min of 2h (75.0%), by 2 captures on sample", "Top reasons (counted, exact)", "NO_SOCKET",
      "of 6 recorded events, not of all drops", "█",
    ] {
      #expect(result.text.contains(words), "\(words)\n\(result.text)")
    }
  }

  @Test("The chart is ASCII where the locale is not UTF-8")
  func ascii() throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run("report", "--db", sample.path, environment: ["LC_ALL": "C"])
    // The name of a process is shown as it is, also where it is not UTF-8.
    #expect(result.text.unicodeScalars.allSatisfy { $0.isASCII || $0 == "\u{fffd}" })
    #expect(result.text.contains("###"))
  }

  @Test("JSON and Markdown carry the same numbers")
  func formats() throws {
    let sample = try SampleDatabase()
    let json = try DropDBProcess.run("report", "--db", sample.path, "--format", "json")
    let object = try #require(try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
    #expect((object["totals"] as? [String: Any])?["packets"] as? Int == 8)
    let markdown = try DropDBProcess.run("report", "--db", sample.path, "--format", "markdown", "--top", "1")
    #expect(markdown.text.contains("| 5 | 62.5% | NO_SOCKET | core |"))
    #expect(!markdown.text.contains("openvswitch:1"))
  }

  @Test("Nothing in a range is an answer, not a failure")
  func empty() throws {
    let sample = try SampleDatabase()
    let unwatched = try DropDBProcess.run(
      "report", "--db", sample.path, "--since", "2020-01-01", "--until", "2020-01-02")
    #expect(unwatched.status == 0)
    #expect(unwatched.text.hasPrefix("No capture covers this range."))
    let future = try DropDBProcess.run("report", "--db", sample.path, "--since", "2099-01-01")
    #expect(future.status == 0 && future.error.isEmpty)
    #expect(
      future.text.contains("no capture ran from 2099-01-01 00:00:00+00:00 on; the last before it ended"))
    let early = try DropDBProcess.run("report", "--db", sample.path, "--until", "2020-01-01")
    #expect(early.text.contains("no capture ran until 2020-01-01 00:00:00+00:00; the first after it began"))
    let quiet = try DropDBProcess.run(
      "report", "--db", sample.path, "--since", "2026-11-20 02:30", "--until", "2026-11-20 02:40")
    #expect(quiet.status == 0)
    #expect(quiet.text.contains("no packet was dropped, and capture was running all the time"))
  }

  @Test("Wrong usage ends with 2, a missing database with 1")
  func statuses() throws {
    #expect(try DropDBProcess.run("report", "--top", "0").status == 2)
    #expect(try DropDBProcess.run("report", "--since", "x").status == 2)
    #expect(try DropDBProcess.run("report", "extra").status == 2)
    #expect(try DropDBProcess.run("report", "--db", "/nonexistent.db").status == 1)
  }
}

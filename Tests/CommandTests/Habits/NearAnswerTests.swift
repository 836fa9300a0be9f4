import ArgumentParser
import SampleDatabase
import Testing

@testable import dropdb

/// What somebody is told who has mistyped.
@Suite struct NearAnswerTests {
  @Test(
    "A slip is answered with what may have been meant, and status 2",
    arguments: [
      (["qurey"], "'dropdb query'"), (["query", "--sinse", "-1h"], "--since"),
      (["query", "--group-bi", "reason"], "--group-by"), (["report", "--basline", "none"], "--baseline"),
      (["query", "--format", "jsn"], "json"), (["report", "--format", "htlm"], "html"),
      (["export", "--format", "pcap"], "pcapng"), (["query", "--columns", "tmie"], "time"),
      (["query", "--group-by", "raeson"], "reason"), (["query", "--order", "lenght"], "length"),
      (["schema", "drop"], "drops"), (["diff", "-1h..", "-2h..", "--of", "reson"], "reason"),
      (["top", "--by", "resaon"], "reason"), (["stacks", "--foldde"], "--folded"),
    ] as [([String], String)])
  func slips(arguments: [String], meant: String) throws {
    let sample = try SampleDatabase()
    let result = try DropDBProcess.run(
      DropDBProcess.path, arguments, environment: ["DROPDB_DATABASE": sample.path])
    #expect(result.status == 2 && result.output.isEmpty)
    // The line with the usage names everything.
    let told = result.error.split(separator: "\n").filter { !$0.hasPrefix("Usage:") }.joined(separator: "\n")
    #expect(told.contains(meant), "\(result.error)")
  }

  @Test("A reason that is none is answered with near ones")
  func reasons() throws {
    let sample = try SampleDatabase()
    for arguments in [
      ["query", "--reason", "NO_SOKET"], ["flows", "--reason", "NO_SOKET"],
      ["stacks", "--reason", "NO_SOKET"],
      ["export", "--reason", "NO_SOKET"], ["explain", "NO_SOKET"],
    ] {
      let result = try DropDBProcess.run(
        DropDBProcess.path, arguments, environment: ["DROPDB_DATABASE": sample.path])
      #expect(result.status == 1, "\(arguments)")
      #expect(result.error.contains("NO_SOCKET"), "\(result.error)")
    }
  }

  @Test("Ranges may begin with a dash, and only there")
  func dashes() throws {
    let arguments = ["diff", "-2h..-1h", "-1h..", "--of", "reason", "-d"]
    #expect(
      CommandParser.readable(arguments) == ["diff", " -2h..-1h", " -1h..", "--of", "reason", "-d"])
    #expect(CommandParser.readable(["query", "-2h"]) == ["query", "-2h"])
    #expect(CommandParser.plain(" -2h..-1h") == "-2h..-1h" && CommandParser.plain("today") == "today")
    #expect(CommandParser.plain("x-2h") == "x-2h")
    let sample = try SampleDatabase.incident()
    let result = try DropDBProcess.run("diff", "-90min..-60min", "-60min..", "--db", sample.path)
    #expect(result.output.isEmpty && result.status == 1 && result.error.contains("no capture ran from"))
  }

  @Test("Help, manual and completions name the command as it was called")
  func names() {
    let help = """
      USAGE: dropdb query
        sudo dropdb capture | dropdb import -   /var/lib/dropdb/drops.db
      'dropdb reasons' of dropdb; PostgreSQL's dropdb NAME; my-dropdb query
      """
    #expect(CommandName.adapted(help, to: "dropdb") == help)
    #expect(
      CommandName.adapted(help, to: "skbdropdb") == """
        USAGE: skbdropdb query
          sudo skbdropdb capture | skbdropdb import -   /var/lib/dropdb/drops.db
        'skbdropdb reasons' of dropdb; PostgreSQL's dropdb NAME; my-dropdb query
        """)
  }
}

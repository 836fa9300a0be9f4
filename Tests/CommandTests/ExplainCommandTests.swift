import BTFReasons
import DropReport
import DropStore
import Foundation
import SampleDatabase
import Testing

@testable import DropCapture

@Suite struct ExplainCommandTests {
  /// Runs the command where there is no database unless one is named.
  static func run(_ arguments: String..., environment: [String: String] = [:]) throws -> DropDBProcess {
    try DropDBProcess.run(
      DropDBProcess.path, ["explain"] + arguments,
      environment: ["DROPDB_DATABASE": "/nonexistent/drops.db"].merging(environment) { $1 })
  }

  static func json(_ result: DropDBProcess) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: result.output) as? [[String: Any]])
  }

  @Test(
    "A reason is explained by its name, with or without its prefix, in any case",
    arguments: ["NO_SOCKET", "no_socket", "SKB_DROP_REASON_NO_SOCKET", "skb_drop_reason_no_socket"])
  func names(name: String) throws {
    let result = try Self.run(name)
    #expect(result.status == 0 && result.error.isEmpty)
    #expect(result.text.hasPrefix("NO_SOCKET (core)\n"))
    for words in ["Usual causes", "Look next", "ss -lntup", "UdpNoPorts", "udpv6_rcv"] {
      #expect(result.text.contains(words), "\(words)")
    }
    #expect(!result.text.contains("In this database"))
  }

  @Test("Several are explained in the order asked for")
  func several() throws {
    let rows = try Self.json(Self.run("XDP", "qdisc_drop_congested", "TCP_CSUM", "--format", "json"))
    #expect(rows.compactMap { $0["reason"] as? String } == ["XDP", "QDISC_DROP_CONGESTED", "TCP_CSUM"])
    let markdown = try Self.run("XDP", "TCP_CSUM", "--format", "markdown").text
    #expect(markdown.hasPrefix("## XDP (core)\n") && markdown.contains("\n## TCP_CSUM (core)\n"))
  }

  @Test("Without a reason all are listed, in every format")
  func all() throws {
    let expected = try Explanation.all().map(\.name)
    let text = try Self.run()
    #expect(text.status == 0)
    let lines = text.text.split(separator: "\n")
    #expect(lines.dropFirst().map { String($0.prefix { $0 != " " }) } == expected)
    #expect(try Self.json(Self.run("--format", "json")).compactMap { $0["reason"] as? String } == expected)
    let markdown = try Self.run("--format", "markdown").text.split(separator: "\n")
    #expect(markdown.count == expected.count + 2 && markdown[0] == "| reason | subsystem | meaning |")
  }

  @Test("What is unknown is regretted with near names, and the rest is still explained")
  func unknown() throws {
    let result = try Self.run("NO_SOKCET", "TCP_CSUM", "skb_drop_reason_ip_csun", "6", "\u{1b}[2J")
    #expect(result.status == 1)
    #expect(result.text.hasPrefix("TCP_CSUM (core)"))
    #expect(result.error.contains("'NO_SOKCET' is known here; near names are NO_SOCKET"))
    #expect(result.error.contains("near names are SKB_DROP_REASON_IP_CSUM"))
    #expect(result.error.contains("'dropdb reasons 6'"))
    #expect(!result.error.contains("\u{1b}"))
    let nothing = try Self.run("nothing_like_it")
    #expect(nothing.status == 1 && nothing.output.isEmpty)
    #expect(nothing.error.contains("'dropdb explain' lists all"))
    let json = try Self.run("nothing_like_it", "--format", "json")
    #expect(json.status == 1 && json.text == "[]\n")
  }

  @Test("A database says how often, from the option and from the variable")
  func database() throws {
    let sample = try SampleDatabase()
    for result in [
      try Self.run("NO_SOCKET", "--db", sample.path),
      try Self.run("NO_SOCKET", environment: ["DROPDB_DATABASE": sample.path]),
    ] {
      #expect(result.status == 0 && result.error.isEmpty)
      #expect(result.text.contains("5 of 8 drops (exact), all from 2026-11-20 02:10:00+00:00 on"))
      #expect(result.text.contains("  packets  location\n        5  udp_queue_rcv+0x91\n"))
      #expect(result.text.contains("Also seen in: udp_queue_rcv\n"))
    }
    let rows = try Self.json(Self.run("--db", sample.path, "--format", "json"))
    let counts = rows.compactMap { ($0["database"] as? [String: Any])?["packets"] as? Int }
    #expect(counts.count == rows.count && counts.reduce(0, +) == 5)
    #expect(try Self.run("--db", sample.path).text.hasPrefix("reason"))
  }

  @Test("Without a database the explanation is all; one that was asked for must be there")
  func missing() throws {
    let without = try Self.run("NO_SOCKET")
    #expect(without.status == 0 && without.error.isEmpty)
    let asked = try Self.run("NO_SOCKET", "--db", "/nonexistent/drops.db")
    #expect(asked.status == 1 && asked.error.contains("/nonexistent/drops.db"))
  }

  @Test("A database that cannot be read is told and does not stand in the way")
  func unreadable() throws {
    let result = try Self.run("NO_SOCKET", environment: ["DROPDB_DATABASE": "/proc/self/status"])
    #expect(result.status == 0 && result.text.hasPrefix("NO_SOCKET (core)"))
    #expect(result.error.contains("how often it occurs is not told"))
    #expect(try Self.run("NO_SOCKET", "--db", "/proc/self/status").status == 1)
  }

  @Test("Wrong usage ends with 2, and the help has examples")
  func usage() throws {
    #expect(try Self.run("--format", "csv").status == 2)
    let help = try Self.run("--help")
    #expect(help.status == 0 && help.text.contains("Examples:") && help.text.contains("--db <path>"))
  }

  @Test("The queries among the steps are of this database")
  func queries() throws {
    let sample = try SampleDatabase()
    let reader = try DropReader(path: sample.path)
    var count = 0
    for explanation in try Explanation.all() {
      for step in explanation.steps where step.command.hasPrefix("dropdb ") {
        let sql = try #require(step.command.wholeMatch(of: /dropdb query "([^"]+)"/)).output.1
        var query = try reader.prepare(String(sql))
        #expect(try query.next() == nil || explanation.name == "NO_SOCKET")
        #expect(sql.contains("reason = '\(explanation.name)'"))
        count += 1
      }
    }
    #expect(count > 20)
  }

  @Test("What a capture takes for routine is explained as normal")
  func routine() throws {
    let normal = Set(try Explanation.all().filter(\.isNormal).map(\.name))
    #expect(RoutineReasons.names.subtracting(normal).sorted() == [])
  }

  @Test(
    "No reason of the running kernel and its modules is without an explanation",
    .enabled(if: FileManager.default.isReadableFile(atPath: "/sys/kernel/btf/vmlinux"), "no BTF"))
  func runningKernel() throws {
    let explained = Dictionary(try Explanation.all().map { ($0.name, $0.subsystem) }) { $1 }
    for reason in try DropReasons.runningKernel().reasons where !reason.isSentinel {
      #expect(explained[reason.name] == reason.subsystem, "\(reason.name)")
    }
  }
}

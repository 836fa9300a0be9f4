import ArgumentParser
import DropEvents
import DropReport
import Testing

@testable import DropCapture
@testable import dropdb

@Suite struct CounterOptionsTests {
  @Test(
    arguments: [
      ([], 10), (["--counters", "1s"], 1), (["--counters", "1min"], 60), (["--counters", "1h"], 3600),
      (["--counters", "5"], 5), (["--counters", "0"], nil), (["--counters", "0s"], nil),
      (["--no-counters"], nil),
    ] as [([String], Int64?)])
  func `so often is looked`(arguments: [String], seconds: Int64?) throws {
    #expect(try CounterOptions.parse(arguments).seconds == seconds)
  }

  @Test(arguments: [
    ["--counters", "often"], ["--counters", "500ms"], ["--counters", "1500ms"], ["--counters", "2h"],
    ["--counters", ""], ["--no-counters", "--counter-netns", "all"], ["--counter-netns", "a,,b"],
  ])
  func `what makes no sense is wrong usage`(arguments: [String]) {
    let error = #expect(throws: (any Error).self) { _ = try CounterOptions.parse(arguments) }
    #expect(error.map { CounterOptions.exitCode(for: $0) } == .validationFailure)
  }

  @Test func `namespaces are files, or all that have names`() throws {
    #expect(try CounterOptions.parse([]).namespaces() == .none)
    #expect(try CounterOptions.parse(["--counter-netns", "all"]).namespaces() == .named)
    #expect(
      try CounterOptions.parse(["--counter-netns", "/proc/self/ns/net"]).namespaces()
        == .files(["/proc/self/ns/net"]))
    for text in ["/proc/self/ns/mnt", "/etc/passwd", "there-is-none", "..", "a\u{0}b"] {
      #expect(throws: CommandFailure.self) {
        try CounterOptions.parse(["--counter-netns", text]).namespaces()
      }
    }
  }

  @Test func `the database is told what differs from the ordinary`() throws {
    #expect(try CounterOptions.parse([]).members.isEmpty)
    let members = try CounterOptions.parse([
      "--counters", "5s", "--counter-netns", "a", "--counter-netns", "b",
    ])
    .members
    #expect(members.map { "\($0.name)=\($0.value)" } == ["counters_seconds=5", #"counter_netns=["a","b"]"#])
    #expect(try CounterOptions.parse(["--no-counters"]).members.map(\.value) == ["0"])
  }

  @Test func `each counter that an explanation names is looked at`() throws {
    let names = Set([CounterSource.snmp, .netstat, .snmp6].flatMap(\.names))
    for explanation in try Explanation.all() {
      #expect(names.isSuperset(of: explanation.counters), "\(explanation.name)")
    }
  }

  @Test func `each counter of a device that goes with a reason is looked at`() throws {
    for explanation in try Explanation.all() {
      for counter in CounterReasons.deviceCounters(of: explanation.name) {
        let source = try #require(CounterSource(rawValue: counter.source))
        #expect(source.names.contains(counter.name))
      }
    }
  }
}

import DropEvents
import DropStore
import Foundation
import SampleDatabase
import Testing

@testable import DropReport

@Suite struct CounterSectionTests {
  private static let second = SampleDatabase.start / SampleDatabase.second

  private static func rise(
    _ source: CounterSource, _ scope: String?, _ netns: UInt32?, _ name: String, _ delta: UInt64,
    after seconds: Int64 = 0
  ) -> CounterRise {
    CounterRise(
      counter: KernelCounter(source: source, scope: scope, netns: netns, name: name), start: second + seconds,
      seconds: 10, delta: delta)
  }

  /// Reasons by number: as the kernel of the sample has none with these names, the drops are of 5 and 6.
  private static func batch(_ rises: [CounterRise], _ drops: [(DropSite, UInt64)] = []) -> DropBatch {
    var batch = DropBatch()
    batch.namespaces = [NetworkNamespace(inode: 7, name: "blue"), NetworkNamespace(inode: 8, name: "green")]
    batch.reasons = [
      ReasonName(value: 500, subsystem: "core", name: "SOCKET_RCVBUFF", symbol: "S", isSentinel: false),
      ReasonName(value: 501, subsystem: "core", name: "FULL_RING", symbol: "S", isSentinel: false),
      ReasonName(value: 502, subsystem: "core", name: "CPU_BACKLOG", symbol: "S", isSentinel: false),
    ]
    batch.rises = rises
    batch.tallies = drops.map { DropTally(site: $0, minute: second / 60 * 60, packets: $1, bytes: 0) }
    return batch
  }

  private static func section(_ batch: DropBatch) throws -> CounterSection {
    let database = try SampleDatabase(batch)
    return try CounterSection(reading: DropReader(path: database.path), in: 0..<Int64.max)
  }

  @Test func `a rise stands beside the drops of its place and reason`() throws {
    let section = try Self.section(
      Self.batch(
        [
          Self.rise(.snmp, nil, 7, "UdpRcvbufErrors", 5),
          Self.rise(.snmp, nil, 7, "UdpRcvbufErrors", 6, after: 10),
          Self.rise(.snmp, nil, 8, "UdpRcvbufErrors", 3), Self.rise(.interface, "tun0", 7, "tx_dropped", 2),
          Self.rise(.interface, "tun1", 7, "tx_dropped", 1), Self.rise(.softnet, "cpu1", nil, "dropped", 9),
        ],
        [
          (DropSite(reason: 500, netns: 7), 10), (DropSite(reason: 500, ifindex: 2, netns: 7), 1),
          (DropSite(reason: 501, ifindex: 3, interface: KernelName("tun0"), netns: 7), 2),
          (DropSite(reason: 502, ifindex: 3, interface: KernelName("eth0"), netns: 8), 9),
        ]))
    let rises = section.rises.map {
      "\($0.delta) \($0.name) \($0.netns ?? "-") \($0.reasons.map { "\($0)" })"
    }
    #expect(
      rises == [
        #"11 UdpRcvbufErrors blue ["(name: \"SOCKET_RCVBUFF\", packets: 11)"]"#,
        #"9 dropped - ["(name: \"CPU_BACKLOG\", packets: 9)"]"#,
        "3 UdpRcvbufErrors green []", #"2 tx_dropped blue ["(name: \"FULL_RING\", packets: 2)"]"#,
        "1 tx_dropped blue []",
      ])
    #expect(section.unexplained.map(\.delta) == [3, 1])
  }

  @Test func `drops of an unknown place may be behind a rise`() throws {
    let section = try Self.section(
      Self.batch([Self.rise(.qdisc, "eth0 1: fq", 7, "drops", 4)], [(DropSite(reason: 501), 4)]))
    #expect(section.unexplained.count == 1)
    let known = try Self.section(
      Self.batch([Self.rise(.interface, "eth0", 7, "tx_dropped", 4)], [(DropSite(reason: 501), 4)]))
    #expect(known.unexplained.isEmpty)
  }

  @Test func `a sign needs no drop, and what was no packet yet can have none`() throws {
    let section = try Self.section(
      Self.batch([
        Self.rise(.snmp, nil, 7, "TcpRetransSegs", 4),
        Self.rise(.interface, "eth0", 7, "rx_missed_errors", 3),
      ]))
    #expect(section.rises.map(\.meaning.kind) == [.sign, .unseen])
    #expect(section.unexplained.map(\.name) == ["rx_missed_errors"])
  }

  @Test func `the tables and the JSON say the same`() throws {
    let section = try Self.section(
      Self.batch(
        [
          Self.rise(.snmp, nil, 7, "UdpRcvbufErrors", 5), Self.rise(.softnet, "cpu1", nil, "time_squeeze", 7),
          Self.rise(.interface, SampleDatabase.hostileInterface, 7, "rx_missed_errors", 3),
        ], [(DropSite(reason: 500, netns: 7), 5)]))
    let text = section.text(top: 10, style: TableStyle(width: nil, isUnicode: false))
    #expect(text.contains("rose without a captured drop behind them"))
    #expect(text.contains("SOCKET_RCVBUFF 5"))
    #expect(text.contains("softnet time_squeeze"))
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(section.json.utf8)) as? [[String: Any]])
    #expect(json.count == 3)
    #expect(json.map { $0["delta"] as? Int } == [7, 5, 3])
    #expect(json[2]["scope"] as? String == SampleDatabase.hostileInterface)
    #expect(json.map { $0["unexplained"] as? Bool } == [false, false, true])
    #expect(CounterSection.empty.json == "[]")
    #expect(CounterSection.empty.text(top: 10, style: TableStyle(width: nil, isUnicode: false)).isEmpty)
    let few = section.text(top: 1, style: TableStyle(width: nil, isUnicode: false))
    #expect(few.contains("1 more counters"))
  }

  @Test func `a report has them, also where nothing was dropped`() throws {
    let database = try SampleDatabase(Self.batch([Self.rise(.interface, "eth0", 7, "rx_missed_errors", 3)]))
    let report = try Report(
      reading: DropReader(path: database.path),
      Report.Request(
        range: TimeRange(since: nil, until: nil, parser: TimeParser(now: SampleDatabase.start)), top: 10,
        now: SampleDatabase.start),
      isRunning: { _, _ in false })
    for format in ReportFormat.allCases {
      #expect(
        report.text(as: format, style: TableStyle(width: nil, isUnicode: false)).contains("rx_missed_errors")
          || report.text(as: format, style: TableStyle(width: nil, isUnicode: false)).contains(
            "rx\\_missed\\_errors")
      )
    }
  }

  @Test func `an explanation has its counters, and by how much they rose in the database`() throws {
    let database = try SampleDatabase(
      Self.batch([
        Self.rise(.snmp, nil, 7, "UdpRcvbufErrors", 5), Self.rise(.snmp, nil, 8, "UdpRcvbufErrors", 6),
        Self.rise(.snmp, nil, 8, "IpInHdrErrors", 9), Self.rise(.interface, "tun0", 8, "tx_dropped", 4),
      ]))
    let reader = try DropReader(path: database.path)
    let occurrences = try ReasonOccurrences(reading: reader)
    let rises = try CounterSums(reading: reader)
    let all = try Explanation.all()
    func text(_ name: String, _ format: ReportFormat, _ rises: CounterSums?) throws -> String {
      let explanation = try #require(all.first { $0.name == name })
      return ExplanationReport([explanation], occurrences: occurrences, rises: rises, extent: .full)
        .text(as: format, style: TableStyle(isUnicode: false))
    }
    #expect(try text("SOCKET_RCVBUFF", .text, rises).contains("counters rose by: UdpRcvbufErrors 11;"))
    #expect(try text("FULL_RING", .text, rises).contains("tx_dropped (interface): may rise with it"))
    #expect(try text("FULL_RING", .text, rises).contains("counters rose by: tx_dropped 4;"))
    #expect(try text("FULL_RING", .markdown, rises).contains("tx_dropped 4;"))
    // Not those of others, and none where nobody looked.
    #expect(try !text("NETFILTER_DROP", .text, rises).contains("counters rose"))
    #expect(try !text("SOCKET_RCVBUFF", .text, nil).contains("counters rose"))
    let json = try JSONSerialization.jsonObject(with: Data(try text("SOCKET_RCVBUFF", .json, rises).utf8))
    let found = try #require((json as? [[String: Any]])?.first?["database"] as? [String: Any])
    let list = try #require(found["rises"] as? [[String: Any]])
    #expect(list.map { $0["name"] as? String } == ["UdpRcvbufErrors"])
    #expect(list.map { $0["delta"] as? Int } == [11])
  }

  @Test func `each reason of the table has an explanation`() throws {
    let names = Set(try Explanation.all().map(\.name))
    #expect(CounterReasons.deviceReasons.subtracting(names).isEmpty)
  }

  @Test func `a damaged sum is refused`() throws {
    let section = try? Self.section(
      Self.batch([
        Self.rise(.snmp, nil, 7, "UdpNoPorts", .max), Self.rise(.snmp, nil, 7, "UdpNoPorts", .max, after: 10),
      ]))
    #expect(section == nil)
  }
}

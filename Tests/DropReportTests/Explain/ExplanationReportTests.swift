import DropEvents
import DropStore
import Foundation
import SampleDatabase
import Testing

@testable import DropReport

extension LocalTimeTests {
  @Suite struct ExplanationReportTests {
    static let hostile = "\u{1b}[2J<b>|`x\u{202e}\n"

    /// 30 drops for want of a socket in two minutes, at 15 places of which one has a hostile name and one no name, and 10 drops
    /// without a reason.
    static func sample() throws -> SampleDatabase {
      var batch = DropBatch()
      let minute = SampleDatabase.start / SampleDatabase.second
      batch.symbols = [
        KernelSymbol(address: 0x1000, name: hostile, offset: 0, module: nil),
        KernelSymbol(address: 0x1001, name: "udp_queue_rcv.cold", offset: 0x91, module: nil),
        KernelSymbol(address: 0x1002, name: "tcp_v4_rcv.cold", offset: 0x10, module: nil),
        KernelSymbol(address: 0x1003, name: "tcp_v4_rcv", offset: 0x20, module: nil),
      ]
      for index in 0..<15 {
        let location = index == 4 ? nil : 0x1000 + UInt64(index)
        batch.tallies.append(
          DropTally(
            site: DropSite(reason: 3, location: location), minute: minute + (index == 14 ? 600 : 0),
            packets: index == 0 ? 16 : 1, bytes: 60))
      }
      batch.tallies.append(DropTally(site: DropSite(reason: nil), minute: minute, packets: 10, bytes: 600))
      return try SampleDatabase(batch)
    }

    static func explanation(_ name: String) throws -> Explanation {
      try #require(try Explanation.all().first { $0.name == name })
    }

    static func text(
      _ names: [String], _ format: ReportFormat, _ sample: SampleDatabase?, style: TableStyle = TableStyle(),
      extent: ExplanationReport.Extent = .full
    ) throws -> String {
      let occurrences = try sample.map { try ReasonOccurrences(reading: DropReader(path: $0.path)) }
      return try ExplanationReport(names.map(explanation), occurrences: occurrences, extent: extent)
        .text(as: format, style: style)
    }

    static func json(_ names: [String], _ sample: SampleDatabase?) throws -> [[String: Any]] {
      let text = try text(names, .json, sample)
      return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    }

    @Test("Drops are counted by reason and location, over all tallies")
    func counts() throws {
      let sample = try Self.sample()
      let occurrences = try ReasonOccurrences(reading: DropReader(path: sample.path))
      let entry = occurrences["NO_SOCKET"]
      #expect(entry.packets == 30 && occurrences.total == 40)
      #expect(entry.seen?.first == SampleDatabase.start)
      #expect(entry.seen?.last == SampleDatabase.start + 10 * SampleDatabase.minute)
      #expect(entry.ranking.count == 15 && entry.ranking[0].packets == 16)
      #expect(entry.ranking.contains { $0.location == nil })
      #expect(Set(entry.functions).isSuperset(of: ["udp_queue_rcv.cold", "tcp_v4_rcv.cold", "tcp_v4_rcv"]))
      #expect(!entry.functions.contains { $0.hasPrefix("0x") })
      #expect(occurrences["TCP_CSUM"].packets == 0 && occurrences["TCP_CSUM"].seen == nil)
    }

    @Test("A page says what the database has, the places by their number, and the functions that are news")
    func database() throws {
      let text = try Self.text(["NO_SOCKET"], .text, Self.sample())
      let words = text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      let first = TimeFormatter.local(SampleDatabase.start, precision: .seconds)
      let last = TimeFormatter.local(SampleDatabase.start + 10 * SampleDatabase.minute, precision: .seconds)
      #expect(words.contains("30 of 40 drops (exact), first from \(first), last from \(last) on"))
      #expect(text.contains("5 more, with 5 packets"))
      let news = try #require(text.split(separator: "\n").last { $0.contains("Also seen in") })
      #expect(news.contains("udp_queue_rcv.cold") && !news.contains("tcp_v4_rcv"))
      #expect(try Self.text(["TCP_CSUM"], .text, Self.sample()).contains("never, among 40 drops (exact)"))
      #expect(try !Self.text(["NO_SOCKET"], .text, nil).contains("In this database"))
    }

    @Test("JSON can be parsed and has everything, with null for what is unknown")
    func jsonFields() throws {
      let rows = try Self.json(["NO_SOCKET", "TCP_CSUM", "CAKE_FLOOD"], Self.sample())
      #expect(rows.compactMap { $0["reason"] as? String } == ["NO_SOCKET", "TCP_CSUM", "CAKE_FLOOD"])
      let database = try #require(rows[0]["database"] as? [String: Any])
      #expect(database["packets"] as? Int == 30 && database["total"] as? Int == 40)
      #expect(database["basis"] as? String == "counted")
      #expect(database["first"] as? String == "2026-11-20T02:00:00.000000Z")
      let locations = try #require(database["locations"] as? [[String: Any]])
      #expect(locations.count == 15 && locations.contains { $0["location"] is NSNull })
      // What is not UTF-8 is not in a name that Swift made; the rest comes back as it was.
      #expect((locations[0]["location"] as? String)?.hasPrefix(Self.hostile) == true)
      #expect(rows[0]["counters"] as? [String] == ["UdpNoPorts", "Udp6NoPorts", "TcpOutRsts"])
      #expect((rows[0]["look"] as? [[String: Any]])?.first?["command"] as? String == "ss -lntup")
      #expect(rows[0]["normal"] as? Bool == false && rows[0]["newer_than"] is NSNull)
      #expect((rows[1]["database"] as? [String: Any])?["first"] is NSNull)
      #expect(rows[2]["older_than"] as? String == "7.1")
      #expect(rows[2]["renamed_to"] as? String == "QDISC_DROP_FLOOD_PROTECTION")
      #expect(try Self.json(["NO_SOCKET"], nil)[0]["database"] is NSNull)
      #expect(try Self.json([], nil).isEmpty)
    }

    @Test("Nothing from the database acts on a terminal or in Markdown", arguments: ReportFormat.allCases)
    func hostileDatabase(format: ReportFormat) throws {
      for extent in [ExplanationReport.Extent.full, .overview] {
        let text = try Self.text(["NO_SOCKET"], format, Self.sample(), extent: extent)
        #expect(text.unicodeScalars.filter { SafeText.isActive($0) && $0 != "\n" } == [])
        if format != .text { #expect(!text.contains("<b>")) }
      }
      let markdown = try Self.text(["NO_SOCKET"], .markdown, Self.sample())
      #expect(markdown.contains("&lt;b&gt;\\|\\`x"))
    }

    @Test(
      "Pages fit the terminal but for commands, which can be copied whole", arguments: [20, 40, 80, 100, 200])
    func widths(width: Int) throws {
      let all = try Explanation.all()
      let commands = Set(all.flatMap { $0.steps.map { "  " + $0.command } })
      let style = TableStyle(width: width)
      let text = ExplanationReport(all, occurrences: nil, extent: .full).text(as: .text, style: style)
      for line in text.split(separator: "\n") where !commands.contains(String(line)) {
        let title = line.wholeMatch(of: /[A-Z0-9_]+ \([a-z0-9_]+\)/) != nil
        // A long word, such as the name of a function or a reason, may be longer than a narrow line.
        let room = max(width, 40)
        #expect(title || line.count <= room || line.split(separator: " ").contains { $0.count > room - 20 })
        #expect(line.last != " ")
      }
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 180 })
      let overview = ExplanationReport(all, occurrences: nil, extent: .overview).text(as: .text, style: style)
      #expect(overview.split(separator: "\n").count == all.count + 1)
      if width >= 80 { #expect(overview.split(separator: "\n").allSatisfy { $0.count <= width }) }
    }

    @Test("Headings are bold only where colours are wanted")
    func colors() throws {
      #expect(try !Self.text(["XDP"], .text, nil).contains("\u{1b}"))
      let bold = try Self.text(["XDP"], .text, nil, style: TableStyle(isColored: true))
      #expect(bold.hasPrefix("\u{1b}[1mXDP (core)\u{1b}[0m\n"))
    }

    @Test("The overview has one line a reason, with the drops where there is a database")
    func overview() throws {
      let with = try Self.text(["NO_SOCKET", "TCP_CSUM"], .markdown, Self.sample(), extent: .overview)
      #expect(with.contains("| NO_SOCKET | core | 30 |") && with.contains("| TCP_CSUM | core | 0 |"))
      let without = try Self.text(["NO_SOCKET"], .text, nil, extent: .overview)
      #expect(without.hasPrefix("reason     subsystem  meaning\nNO_SOCKET  core       The packet reached"))
    }

    @Test("Markdown has commands in a block of their own")
    func markdown() throws {
      let text = try Self.text(["IP_RPFILTER"], .markdown, nil)
      #expect(text.hasPrefix("## IP_RPFILTER (core)\n\nThe reverse path filter"))
      #expect(text.components(separatedBy: "```").count == 3)
      #expect(text.contains("- **Counters**: TcpExtIPReversePathFilter"))
    }
  }
}

import DropEvents
import Foundation
import SampleDatabase
import Testing

/// What a report says of an incident, in each of its forms.
@Suite struct IncidentReportTests {
  static func report(_ more: String...) throws -> DropDBProcess {
    let sample = try SampleDatabase.incident()
    return try DropDBProcess.run(
      DropDBProcess.path,
      ["report", "--db", sample.path, "--since", "2026-11-20 03:00", "--until", "2026-11-20 04:00"] + more,
      environment: [:])
  }

  @Test("The first screen names what changed, with its causes")
  func firstScreen() throws {
    let result = try Self.report()
    #expect(result.status == 0 && result.error.isEmpty)
    let screen = result.text.split(separator: "\n", omittingEmptySubsequences: false).prefix(28)
    #expect(screen.joined(separator: "\n") == Self.screen)
  }

  static let screen = """
    Packets dropped from 2026-11-20 03:00:00+00:00 until 2026-11-20 04:00:00+00:00 (1h)
      Counted   5101 packets, 306060 bytes (exact), 1.4 packets a second of captured time
      Recorded  5101 of them as events (100.0%, exact)
      Captured  1h of 1h (100.0%), by 1 capture on sample (kernel 6.18.0), without a gap
      Baseline  2026-11-20 02:00:00+00:00 to 2026-11-20 03:00:00+00:00 (1h before), captured 100.0% of it
      Changes   1 reason is new, with too few packets to tell

    What changed (counted, exact; surest first)
      change    packets  expected  since  reason          means
      new          2000         0  03:10  NETFILTER_DROP  A firewall rule, a chain's policy or another netfilter hook decided to drop the packet
      gone            0       300         IP_CSUM         The checksum of the IPv4 header does not fit
      over ×11     2400        30  03:20  SOCKET_RCVBUFF  The receive buffer of the socket is full: packets come faster than the program reads them

    Leading reasons (more: dropdb explain REASON)
      NETFILTER_DROP: 2000 packets, 39.2%, new since 03:10
        Means  A firewall rule, a chain's policy or another netfilter hook decided to drop the packet.
        Often  a drop or reject rule, or a drop policy, of nftables or iptables
        Where  nf_hook_slow+0x10 (100.0%), on eth0 (100.0%)
        Hit    UDP 10.0.0.2:8 (100.0% of the newest 2000 recorded)
        Stack  nf_hook_slow < ip_local_deliver < entry;of x (100.0% of 2000 recorded with a stack)
        Look   nft list ruleset  # counters show which rule matches, where rules have one
      SOCKET_RCVBUFF: 2400 packets, 47.0%, over ×11 since 03:20
        Means  The receive buffer of the socket is full: packets come faster than the program reads them.
        Often  a program that is too slow, blocked, swapped out or starved of CPU
        Where  __udp_enqueue_schedule_skb+0x10 (100.0%), on eth0 (100.0%)
        Hit    UDP 10.0.0.2:6 (100.0% of the newest 2400 recorded)
        Look   ss -uamnp  # Recv-Q, and skmem: rb is the limit, d counts drops of the socket
      NO_SOCKET: 600 packets, 11.8%
    """

  @Test("JSON tells what changed and what did not")
  func json() throws {
    let object = try #require(
      try JSONSerialization.jsonObject(with: try Self.report("--format", "json").output) as? [String: Any])
    let baseline = try #require(object["baseline"] as? [String: Any])
    #expect(baseline["comparable"] as? Bool == true && baseline["captured_seconds"] as? Int == 3600)
    let changes = try #require(object["changes"] as? [String: [String: Any]])
    let reasons = try #require(changes["reasons"]?["entries"] as? [[String: Any]])
    let told = reasons.map { "\($0["reason"] ?? "") \($0["change"] ?? "") \($0["since"] ?? "")" }
    #expect(
      Set(told) == [
        "NETFILTER_DROP new 2026-11-20T03:10:00.000000Z", "SOCKET_RCVBUFF more 2026-11-20T03:20:00.000000Z",
        "IP_CSUM gone <null>",
      ])
    #expect(changes["reasons"]?["few_new"] as? Int == 1)
    let services = try #require(changes["services"]?["entries"] as? [[String: Any]])
    #expect(services.map { $0["service"] as? String } == ["/system.slice/db.service"])
    let leading = try #require(object["leading"] as? [[String: Any]])
    let first = try #require(leading.first { $0["reason"] as? String == "NETFILTER_DROP" })
    #expect(
      (first["stack"] as? [String: Any])?["frames"] as? [String] == [
        "nf_hook_slow+0x10", "ip_local_deliver+0x10", "entry;of x+0x10",
      ])
    #expect((first["explanation"] as? [String: Any])?["causes"] is [String])
  }

  @Test("A baseline can be chosen, and none is none")
  func baselines() throws {
    #expect(!(try Self.report("--baseline", "none").text.contains("What changed")))
    let later = try Self.report("--baseline", "2026-11-20 02:00..2026-11-20 02:30")
    #expect(later.text.contains("Baseline  2026-11-20 02:00:00+00:00 to 2026-11-20 02:30:00+00:00, captured"))
    let day = try Self.report("--baseline", "-1d")
    #expect(day.status == 0 && day.text.contains("Baseline  none: no capture ran from"))
    let wrong = try Self.report("--baseline", "autoo")
    #expect(wrong.status == 2 && wrong.error.contains("'autoo' is no baseline"))
  }

  @Test("Whom a reason hit is told where that is more than one of many", arguments: [(20, false), (2, true)])
  func target(ports: UInt16, isTold: Bool) throws {
    let site = DropSite(
      reason: 3, location: 3 << 12, ifindex: 1, interface: KernelName("lo"), etherType: 0x0800)
    var batch = DropBatch()
    for number in 0..<Int64(100) {
      var flow = Flow()
      flow.transport = 17
      flow.source = IPAddress(v4: 0x7f00_0001)
      flow.destination = IPAddress(v4: 0x7f00_0001)
      flow.sourcePort = 4000
      flow.destinationPort = UInt16(number) % ports + 1
      batch.events.append(
        DropEvent(
          time: SampleDatabase.start + number * 1000, site: site, context: .softirq, flow: flow, length: 60))
    }
    batch.tallies = [
      DropTally(site: site, minute: SampleDatabase.start / SampleDatabase.second, packets: 100, bytes: 6000)
    ]
    let sample = try SampleDatabase(batch)
    let text = try DropDBProcess.run("report", "--db", sample.path).text
    #expect(text.contains("NO_SOCKET: 100 packets"))
    #expect(text.contains("Hit    UDP 127.0.0.1:") == isTold)
  }

  @Test("HTML is well-formed, fetches nothing, runs nothing, and hostile names in it are text")
  func html() throws {
    let html = try Self.report("--format", "html")
    #expect(html.status == 0)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "report-\(UUID().uuidString).html")
    try html.output.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let checked = try DropDBProcess.run(
      "/usr/bin/python3", ["-c", Self.checker, file.path], environment: [:])
    #expect(checked.status == 0, "\(checked.error)")
    #expect(checked.text == "svg 2\n", "\(checked.text)")
    #expect(html.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    for words in ["NETFILTER_DROP", "A firewall rule", "prefers-color-scheme:dark", "</html>"] {
      #expect(html.text.contains(words), "\(words)")
    }
  }

  /// Python's own parsers: every element is closed, none can act or fetch, and the charts are XML.
  static let checker = """
    import html.parser, re, sys, xml.etree.ElementTree
    text = open(sys.argv[1], encoding="utf-8").read()
    void = {"meta"}
    charts = 0
    class Parser(html.parser.HTMLParser):
        open = []
        def handle_starttag(self, tag, attributes):
            assert tag not in {"script", "link", "img", "iframe", "object", "embed", "base", "form", "use", "image"}, tag
            for name, value in attributes:
                assert not name.startswith("on") and name not in {"href", "src", "xlink:href", "action"}, name
                assert name == "xmlns" or "://" not in (value or ""), value
            if tag not in void: self.open.append(tag)
        def handle_startendtag(self, tag, attributes):
            self.handle_starttag(tag, attributes)
            if tag not in void: self.open.pop()
        def handle_endtag(self, tag):
            assert self.open and self.open.pop() == tag, tag
    parser = Parser(convert_charrefs=True)
    parser.feed(text)
    parser.close()
    assert not parser.open, parser.open
    assert "url(" not in text and "@import" not in text
    for svg in re.findall(r"<svg xmlns.*?</svg>", text, re.S):
        xml.etree.ElementTree.fromstring(svg)
        charts += 1
    assert all(c == "\\n" or c.isprintable() for c in text)
    print("svg", charts)
    """
}

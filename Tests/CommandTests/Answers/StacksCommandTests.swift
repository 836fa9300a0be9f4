import Foundation
import SampleDatabase
import Testing

@Suite struct StacksCommandTests {
  @Test("Stacks by count, with their frames")
  func text() throws {
    let sample = try SampleDatabase.incident()
    let result = try DropDBProcess.run("stacks", "--db", sample.path)
    #expect(result.status == 0)
    #expect(
      result.text.replacing(/stack [12]/, with: "stack N") == """
        2000  >99.9%  stack N  NETFILTER_DROP
              nf_hook_slow+0x10
              ip_local_deliver+0x10
              entry;of x+0x10

           1  <0.1%  stack N  core:50
              <script>alert(1)</script>+0x10
              ip_local_deliver+0x10
              entry;of x+0x10

        """)
    let limited = try DropDBProcess.run("stacks", "--db", sample.path, "--limit", "1", "--format", "json")
    let rows = try #require(try JSONSerialization.jsonObject(with: limited.output) as? [[String: Any]])
    #expect(rows.map { $0["packets"] as? Int } == [2000])
  }

  @Test("Folded stacks have the outermost function first, and separators only where they separate")
  func folded() throws {
    let sample = try SampleDatabase.incident()
    let result = try DropDBProcess.run("stacks", "--db", sample.path, "--folded")
    #expect(
      result.text == """
        entry:of_x;ip_local_deliver;nf_hook_slow 2000
        entry:of_x;ip_local_deliver;<script>alert(1)</script> 1

        """)
  }

  @Test("The flame graph is XML without anything that acts")
  func svg() throws {
    let sample = try SampleDatabase.incident()
    let result = try DropDBProcess.shell(
      """
      "$DROPDB" stacks --db '\(sample.path)' --svg | python3 -c 'import sys, xml.etree.ElementTree as E
      root = E.fromstring(sys.stdin.buffer.read())
      print(root.tag.split("}")[1], sorted({e.tag.split("}")[1] for e in root.iter()}))'
      """)
    #expect(result.text == "svg ['g', 'rect', 'style', 'svg', 'text', 'title']\n", "\(result.error)")
  }

  @Test("Without stacks there is nothing to show; wrong usage ends with 2")
  func failures() throws {
    let sample = try SampleDatabase()
    #expect(try DropDBProcess.run("stacks", "--db", sample.path).status == 1)
    #expect(try DropDBProcess.run("stacks", "--db", sample.path, "--format", "json").text == "[]\n")
    #expect(try DropDBProcess.run("stacks", "--folded", "--svg").status == 2)
    #expect(try DropDBProcess.run("stacks", "--folded", "--format", "json").status == 2)
    #expect(try DropDBProcess.run("stacks", "--limit", "x").status == 2)
  }

  @Test("A limit of 0 is none", arguments: [("stacks", "1", 1), ("flows", "1", 1), ("diff", "1", 5)])
  func noLimit(command: String, limit: String, fewer: Int) throws {
    let sample = try SampleDatabase.incident()
    func rows(_ limit: String) throws -> Int {
      let ranges =
        command == "diff" ? ["2026-11-20 02:00..2026-11-20 03:00", "2026-11-20 03:00..2026-11-20 04:00"] : []
      let result = try DropDBProcess.run(
        DropDBProcess.path,
        [command] + ranges + ["--db", sample.path, "--format", "jsonl", "--limit", limit], environment: [:])
      #expect(result.status == 0, "\(result.error)")
      return result.text.split(separator: "\n").count
    }
    let (one, all, many) = (try rows("1"), try rows("0"), try rows("1000"))
    #expect(one <= fewer && all > one && all == many)
  }

  @Test("Flows by count, with first and last: as SQL counts them")
  func flows() throws {
    let sample = try SampleDatabase.incident()
    let result = try DropDBProcess.run("flows", "--db", sample.path, "--format", "jsonl")
    let sql = try DropDBProcess.run(
      "query", "--db", sample.path, "--format", "jsonl",
      """
      SELECT count(*) AS packets, transport, saddr, sport, daddr, dport, min(time) AS first, max(time) AS last FROM drops
      GROUP BY 2, 3, 4, 5, 6 ORDER BY 1 DESC, 2, 3, 4, 5, 6
      """)
    #expect(result.status == 0 && sql.status == 0)
    #expect(result.text == sql.text)
    #expect(
      try DropDBProcess.run("flows", "--db", sample.path, "--limit", "1").error.contains("5 more flows"))
  }

  @Test("The reasons of a database, with counts, first, last and kernels")
  func seen() throws {
    let sample = try SampleDatabase.incident()
    let result = try DropDBProcess.run("reasons", "--seen", "--db", sample.path, "--format", "csv")
    #expect(result.text.contains("\r\nSOCKET_RCVBUFF,core,2430,2430,"))
    #expect(
      result.text.contains(
        "IP_CSUM,core,300,300,2026-11-20T02:00:00.000000Z,2026-11-20T02:59:00.000000Z,6.18.0\r\n"))
    let late = try DropDBProcess.run(
      "reasons", "--seen", "--db", sample.path, "--since", "2026-11-20 03:00", "--format", "csv")
    #expect(!late.text.contains("IP_CSUM"))
    #expect(try DropDBProcess.run("reasons", "--seen", "NO_SOCKET").status == 2)
    #expect(try DropDBProcess.run("reasons", "--since", "today").status == 2)
  }
}

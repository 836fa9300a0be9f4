import Foundation
import SampleDatabase
import Testing

/// The options that choose drops, in commands besides `query`.
@Suite struct SelectedAnswerTests {
  private static let choices: [(options: [String], sql: String)] = [
    (["--reason", "SOCKET_RCVBUFF"], "reason = 'SOCKET_RCVBUFF'"),
    (
      ["--not-reason", "SOCKET_RCVBUFF,NETFILTER_DROP"], "reason NOT IN ('SOCKET_RCVBUFF', 'NETFILTER_DROP')"
    ),
    (["--protocol", "TCP", "--dport", "1-9999"], "transport = 'TCP' AND dport BETWEEN 1 AND 9999"),
    (["--where", "length > 60 OR ts % 2 = 1"], "(length > 60 OR ts % 2 = 1)"),
    (["--interface", "nowhere0"], "interface = 'nowhere0'"),
  ]

  @Test("They choose the same drops for flows, stacks and exports as SQL does", arguments: choices)
  func same(options: [String], sql: String) throws {
    let sample = try SampleDatabase.incident()
    let path = try DropDBProcess.path
    func answer(_ arguments: [String]) throws -> String {
      let result = try DropDBProcess.run(
        path, arguments, environment: ["DROPDB_DATABASE": sample.path])
      #expect(result.status == 0, "\(result.error)")
      return result.text
    }
    func query(_ text: String, _ format: String) throws -> String {
      try answer(["query", "--format", format, text])
    }
    #expect(
      try answer(["flows", "--limit", "1000", "--format", "csv"] + options)
        == query(
          """
          SELECT count(*) AS packets, transport, saddr, sport, daddr, dport, min(time) AS first, max(time) AS last FROM drops
          WHERE \(sql) GROUP BY 2, 3, 4, 5, 6 ORDER BY 1 DESC, 2, 3, 4, 5, 6
          """, "csv"))
    #expect(
      try answer(["export", "--format", "csv"] + options)
        == query("SELECT * FROM drops WHERE \(sql) ORDER BY ts", "csv"))
    let stacks = try answer(["stacks", "--format", "jsonl"] + options)
    let counted = try query(
      "SELECT stack, count(*) AS packets FROM drops WHERE stack NOT NULL AND \(sql) GROUP BY 1 ORDER BY 2 DESC, 1",
      "jsonl")
    func counts(_ text: String) throws -> [[Int?]] {
      try text.split(separator: "\n").map {
        let row = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        return [row?["stack"] as? Int, row?["packets"] as? Int]
      }
    }
    #expect(try counts(stacks) == counts(counted))
  }

  @Test("Packets are chosen too, and those left out of which no bytes were kept are counted of the chosen")
  func packets() throws {
    let sample = try PacketSample.database()
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).pcapng")
    defer { try? FileManager.default.removeItem(at: file) }
    func export(_ options: String...) throws -> (packets: Int, said: String) {
      let result = try DropDBProcess.run(
        DropDBProcess.path, ["export", "--db", sample.path, "--force", "-o", file.path] + options,
        environment: [:])
      #expect(result.status == 0, "\(result.error)")
      // Enhanced packet blocks have the type 6.
      var count = 0
      var rest = [UInt8](try Data(contentsOf: file))[...]
      while rest.count >= 8 {
        let words = rest.prefix(8).map(UInt32.init)
        if words[0] == 6 { count += 1 }
        rest = rest.dropFirst(Int(words[4] | words[5] << 8 | words[6] << 16 | words[7] << 24))
      }
      return (count, result.error)
    }
    let all = try export()
    #expect(all.packets == PacketSample.names.count - 1 && all.said.contains("; 1 drop left out"))
    let arp = try export("--protocol", "ARP")
    #expect(arp.packets == 1 && arp.said.isEmpty)
    let later = try export("--where", "pid >= 5")
    #expect(later.packets == 1 && later.said.contains("; 1 drop left out"))
  }
}

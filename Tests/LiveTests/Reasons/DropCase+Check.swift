import Foundation
import Testing

extension DropCase {
  /// How often to look for what is late: for ten seconds.
  private static let attempts = 200
  /// What is compared with ``columns``.
  private static let compared = [
    "protocol", "transport", "saddr", "daddr", "dport", "icmp_type", "icmp_code", "tcp_flags", "tcp_seq",
    "context", "vlan", "arp_op", "fragment", "direction", "mark", "encapsulation", "tunnel_id",
    "inner_transport", "inner_saddr", "inner_sport", "inner_daddr", "inner_dport",
  ]

  /// Causes the drops in a new namespace, and compares what the capture stored of them with what was sent.
  func check() throws {
    let shared = try #require(SharedCapture.current)
    let namespace = try NetworkNamespaceFixture()
    shared.keep(namespace)
    try namespace.addWire(withIPv6: isIPv6)
    if !setup.isEmpty { try namespace.shell(setup) }
    let printed = try namespace.python(PythonWire.script(traffic))
    try shared.waitForEnd(of: namespace)

    let mine =
      "netns = '\(namespace.name)' AND reason = '\(reason)' AND ifnull(interface, '') NOT IN ('wire0', 'lo')"
      + " AND protocol IS \(columns["protocol"].map { "'\($0)'" } ?? "NULL")"
    // What the last packets cause may be put off to a thread: it is on its way, but perhaps behind the end.
    var rows: [[String: Any]] = []
    for _ in 0..<Self.attempts {
      rows = try shared.capture.rows("SELECT * FROM drops WHERE \(mine) ORDER BY sport, ts")
      if rows.count >= packets { break }
      usleep(50_000)
    }
    try checkTally(shared.capture, mine, in: namespace)
    try checkEvents(rows, columns.merging(told(by: printed)) { $1 }, in: namespace)
    if let counter { #expect(try namespace.counter(counter) == packets, "\(counter)") }
  }

  private func checkTally(_ capture: RunningCapture, _ mine: String, in namespace: NetworkNamespaceFixture)
    throws
  {
    let tally = try #require(
      try capture.rows(
        "SELECT sum(packets) AS packets, sum(bytes) AS bytes, sum(recorded) AS recorded FROM tallies WHERE \(mine)"
      ).first)
    #expect(tally["packets"] as? Int == packets)
    #expect(tally["bytes"] as? Int == packets * length)
    #expect(tally["recorded"] as? Int == packets)
    // Nothing else that came in was dropped for any other reason.
    let others = try capture.rows(
      """
      SELECT reason, location, packets FROM tallies
      WHERE netns = '\(namespace.name)' AND interface = 'host0' AND reason NOT IN ('\(reason)', '\(besides ?? reason)')
      """)
    #expect(others.isEmpty, "\(others)")
  }

  /// Columns that only the traffic knows, as the cookie of its socket.
  private func told(by output: String) -> [String: String] {
    let lines = output.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
    return Dictionary(uniqueKeysWithValues: lines.filter { $0.count == 2 }.map { ($0[0], $0[1]) })
  }

  private func checkEvents(
    _ rows: [[String: Any]], _ columns: [String: String], in namespace: NetworkNamespaceFixture
  ) throws {
    if rows.count != packets {
      Issue.record("\(rows.count) of \(packets) drops; there were: \(try seen(in: namespace))")
    }
    let ifindex = try interface.map { try namespace.ifindex(of: $0) }
    for (index, row) in rows.enumerated() {
      // Compilers name the parts of what they split: ip_rcv_finish_core.isra.0.
      let function = (row["symbol"] as? String ?? "").prefix { $0 != "." }
      #expect(functions.contains(String(function)), "\(row["location"] ?? "nowhere")")
      #expect((row["location"] as? String)?.hasPrefix(row["symbol"] as? String ?? "?") == true)
      for column in Self.compared {
        #expect(text(row[column]) == columns[column] ?? "NULL", "\(column)")
      }
      for column in ["uid", "cookie"] {
        guard let value = columns[column] else { continue }
        #expect(text(row[column]) == value, "\(column)")
      }
      #expect(row["sport"] as? Int == firstPort.map { $0 + index })
      #expect(row["length"] as? Int == length)
      #expect(row["ifindex"] as? Int == ifindex)
      #expect(row["interface"] as? String == interface)
      #expect(row["origin"] as? String == "software")
      #expect(row["subsystem"] as? String == "core")
    }
  }

  /// What was counted there instead.
  private func seen(in namespace: NetworkNamespaceFixture) throws -> [[String: Any]] {
    try SharedCapture.current?.capture.rows(
      "SELECT reason, location, interface, protocol, packets FROM tallies WHERE netns = '\(namespace.name)'")
      ?? []
  }

  private func text(_ value: Any?) -> String {
    switch value {
    case let number as Int: String(number)
    case let string as String: string
    default: "NULL"
    }
  }
}

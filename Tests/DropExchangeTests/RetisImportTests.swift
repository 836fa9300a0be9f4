import DropExchange
import Foundation
import Testing

@Suite struct RetisImportTests {
  @Test("Packets are read, names stay, and the startup event tells kernel and date")
  func events() throws {
    let database = try ImportedDatabase()
    let result = try database.add(ImportedDatabase.fixture("retis.data"))
    #expect(result.format == .retis && result.drops == 5 && !result.isDateEstimated)
    #expect(
      try database.rows(
        """
        SELECT ts, reason, subsystem, location, protocol, transport, saddr, sport, daddr, dport, vlan, length, interface,
          ifindex, netns, pid, cpu FROM drops
        """) == [
          [
            "1795140002250000001", "NO_SOCKET", "core", "tcp_v4_rcv+0x91", "IPv4", "TCP", "192.0.2.1",
            "40000",
            "198.51.100.2", "80", "-", "40", "eth0", "2", "4026531840", "1360", "3",
          ],
          [
            "1795140002250000003", "OVS_DROP_LAST_ACTION", "openvswitch", "do_execute_actions+0x201", "IPv4",
            "UDP",
            "192.0.2.3", "5353", "192.0.2.4", "53", "42", "982", "-", "-", "-", "1360", "3",
          ],
          [
            "1795140002250000004", "UNHANDLED_PROTO", "core", "-", "ARP", "-", "192.0.2.9", "-", "192.0.2.1",
            "-", "7",
            "28", "-", "-", "-", "1360", "3",
          ],
          [
            "1795140002250000005", "3:1", "3", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-",
            "1360", "3",
          ],
        ] + database.rows("SELECT \(Self.last) FROM drops WHERE ts = 1795140002250000006"))
    #expect(
      try database.rows("SELECT DISTINCT kernel_version, machine, kernel, host FROM captures")
        == [["#1 SMP", "x86_64", "6.12.1", "unknown"]])
    #expect(
      try database.rows("SELECT tcp_flags, tcp_seq, direction FROM drops LIMIT 1") == [
        ["SYN", "16909060", "received"]
      ])
    #expect(
      try database.rows("SELECT count(*), min(link), min(network_offset), max(network_offset) FROM packets")
        == [["3", "Ethernet", "14", "18"]])
    #expect(
      try database.rows("SELECT frames FROM stacks ORDER BY id")
        == [["tcp_v4_rcv+0x91\nip_local_deliver_finish+0x81"], ["do_execute_actions+0x201 [openvswitch]"]])
  }

  /// The columns of the last one, which has nothing but a reason.
  private static let last = """
    1795140002250000006, 'NOT_SPECIFIED', 'core', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      pid, cpu
    """

  @Test(
    "Lines that are no events are named",
    arguments: ["{\"common\":{}", "17", "[1]", "{\"skb-drop\":{\"drop_reason\":\"X\"}}"])
  func malformed(line: String) throws {
    let database = try ImportedDatabase()
    let good = String(
      decoding: try Data(contentsOf: URL(fileURLWithPath: ImportedDatabase.fixture("retis.data"))),
      as: UTF8.self)
    let path = try database.file((good + line).utf8)
    #expect { try database.add(path) } throws: {
      ($0 as? ImportError)?.code == .malformed && ($0 as? ImportError)?.line == 7
    }
    #expect(!FileManager.default.fileExists(atPath: database.path))
  }
}

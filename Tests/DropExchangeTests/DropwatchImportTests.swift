import DropExchange
import Foundation
import Testing

@Suite struct DropwatchImportTests {
  @Test("What the kernel says stays, and a symbol that it cut is a function alone")
  func software() throws {
    let database = try ImportedDatabase()
    let result = try database.add(ImportedDatabase.fixture("dropwatch.txt"))
    #expect(result.format == .dropwatch && result.drops == 14 && result.missed == 0)
    let rows = try database.rows(
      "SELECT time, reason, subsystem, location, module, protocol, ifindex, interface, origin, length, comm FROM drops"
    )
    #expect(
      rows[0] == [
        "2026-11-21T14:30:11.156315Z", "NO_SOCKET", "core", "tcp_v4_rcv+0x9a", "-", "IPv4", "1", "-",
        "software", "-",
        "-",
      ])
    #expect(rows[5][1...4] == ["NETFILTER_DROP", "core", "nft_do_chain+0x40e", "nf_tables"])
    #expect(rows[10][1...4] == ["OVS_DROP_LAST_ACTION", "openvswitch", "do_execute_actions+0x201", "-"])
    // "__netif_receive_skb_core.constprop.0+0x" and no more.
    #expect(rows[11][3] == "__netif_receive_skb_core.constprop.0" && rows[11][5] == "0x0004")
    #expect(
      rows[13][1...3] == ["RX_DROP_U_DUP", "mac80211_unusable", "ieee80211_prepare_and_rx_handle+0xba1"])
  }

  @Test("Drops of hardware have a trap, and no reason")
  func hardware() throws {
    let database = try ImportedDatabase()
    let result = try database.add(ImportedDatabase.fixture("dropwatch-hardware.txt"))
    #expect(result.missed == 20)
    #expect(
      try database.rows(
        "SELECT time, origin, trap, trap_group, interface, ifindex, protocol, reason, location FROM drops")
        == [
          [
            "2026-11-06T03:10:06.000000Z", "hardware", "ingress_flow_action_drop", "acl_drops", "swp4", "8",
            "IPv6",
            "-", "-",
          ],
          [
            "2026-11-20T03:10:05.000000Z", "hardware", "blackhole_route", "l3_drops", "swp3", "7", "IPv4",
            "-", "-",
          ],
          [
            "2026-11-20T03:10:07.500000Z", "software", "-", "-", "-", "-", "0x88b5", "UNHANDLED_PROTO",
            "0xffffffffa3f2f9ba",
          ],
        ])
    #expect(try database.rows("SELECT ts % 1000000000 FROM drops LIMIT 2")[1] == ["42"])
  }

  @Test(
    "A malformed line is named, and nothing is imported",
    arguments: [
      ("drop at: tcp_v4_rcv+0x1/0x2", "brackets"), ("drop at: a (0x1)\norigin: nobody", "origin"),
      ("drop at: a (0x1)\n\n", "no timestamp"), ("drop at: a (0x1)\ndrop at: a (0x1)", "before the last"),
      ("drop at: a (0x1)\ntimestamp: Sat Nov 21 14:29:15 2026 nsec", "timestamp"),
      ("drop at: a (0x1)\ntimestamp: Sat Nov 21 14:29:15 2026 000000001 nsec", "ends within a drop"),
      ("drop at: a (0x1)\nprotocol: 0x10000", "16 bits"),
    ])
  func malformed(text: String, words: String) throws {
    let database = try ImportedDatabase()
    let path = try database.file(("dropwatch> start\n" + text).utf8)
    #expect { try database.add(path) } throws: {
      guard let error = $0 as? ImportError else { return false }
      return error.code == .malformed && (2...4).contains(error.line ?? 0) && error.message.contains(words)
    }
    #expect(!FileManager.default.fileExists(atPath: database.path))
  }
}

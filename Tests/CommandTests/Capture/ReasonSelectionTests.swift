import DropEvents
import Testing

@testable import dropdb

@Suite struct ReasonSelectionTests {
  static let subsystems = [
    SubsystemName(number: 0, name: "core"), SubsystemName(number: 1, name: "mac80211_unusable"),
    SubsystemName(number: 3, name: "openvswitch"), SubsystemName(number: 4, name: "qdisc"),
  ]
  static let reasons = [
    reason(0, "core", "NOT_DROPPED_YET", "SKB_NOT_DROPPED_YET", isSentinel: true),
    reason(2, "core", "NOT_SPECIFIED"), reason(3, "core", "NO_SOCKET"), reason(5, "core", "TCP_CSUM"),
    reason(6, "core", "MAX", isSentinel: true),
    reason(0x30000, "openvswitch", "__OVS_DROP_REASON", "__OVS_DROP_REASON", isSentinel: true),
    reason(0x30001, "openvswitch", "OVS_DROP_LAST_ACTION", "OVS_DROP_LAST_ACTION"),
    reason(0x30002, "openvswitch", "SHARED", "SHARED"), reason(0x40001, "qdisc", "SHARED", "SHARED"),
  ]

  private static func reason(
    _ value: UInt32, _ subsystem: String, _ name: String, _ symbol: String? = nil, isSentinel: Bool = false
  ) -> ReasonName {
    ReasonName(
      value: value, subsystem: subsystem, name: name, symbol: symbol ?? "SKB_DROP_REASON_\(name)",
      isSentinel: isSentinel)
  }

  private static let selection = ReasonSelection(reasons: reasons, subsystems: subsystems)

  @Test(
    "A reason is chosen by name, symbol, number, subsystem and either, or all of a subsystem",
    arguments: [
      ("NO_SOCKET", [3], "NO_SOCKET"), ("no_socket", [3], "NO_SOCKET"),
      ("skb_drop_reason_no_socket", [3], "NO_SOCKET"), ("3", [3], "NO_SOCKET"), ("0x3", [3], "NO_SOCKET"),
      ("0x30001", [0x30001], "OVS_DROP_LAST_ACTION"), ("core:NO_SOCKET", [3], "NO_SOCKET"),
      ("Core:no_socket", [3], "NO_SOCKET"), ("core:999", [999], "core:999"), ("999", [999], "core:999"),
      ("openvswitch:0x1", [0x30001], "OVS_DROP_LAST_ACTION"), ("3:1", [0x30001], "OVS_DROP_LAST_ACTION"),
      ("3:9", [0x30009], "openvswitch:9"), ("7:12", [0x7000c], "7:12"), ("458764", [0x7000c], "7:12"),
      ("SHARED", [0x30002, 0x40001], "SHARED"), ("qdisc:shared", [0x40001], "SHARED"),
      ("openvswitch", [0x30001, 0x30002], "openvswitch:*"),
      ("OPENVSWITCH:", [0x30001, 0x30002], "openvswitch:*"),
      ("openvswitch:*", [0x30001, 0x30002], "openvswitch:*"), ("3:*", [0x30001, 0x30002], "openvswitch:*"),
    ] as [(String, Set<UInt32>, String)])
  func choice(text: String, values: Set<UInt32>, label: String) throws {
    let choice = try Self.selection.choice(text)
    #expect(choice.values == values)
    #expect(choice.label == label)
    #expect(choice.isGroup == label.hasSuffix(":*"))
  }

  @Test(
    "What the kernel does not know is regretted, near names told",
    arguments: [
      ("NO_SOKCET", "near names are NO_SOCKET"), ("SKB_DROP_REASON_NO_SOCKTE", "SKB_DROP_REASON_NO_SOCKET"),
      ("openvswich", "near names are openvswitch"), ("something_else", "modules that are not loaded"),
      ("mac80211_unusable", "its module is not loaded"), ("mac80211_unusable:*", "its module is not loaded"),
      ("opnvswitch:1", "near names are openvswitch"),
      ("zzz:1", "core, mac80211_unusable, openvswitch, qdisc"),
      ("qdisc:NO_SOCKET", "no drop reason"), ("MAX", "mark"), ("__OVS_DROP_REASON", "mark"),
      ("NOT_DROPPED_YET", "mark"),
      ("9:*", "no drop reason of 9"), ("", "no drop reason"),
    ])
  func regret(text: String, words: String) {
    let error = #expect(throws: CommandFailure.self) { try Self.selection.choice(text) }
    #expect(error?.status == 1)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test(
    "A number out of its range is wrong usage",
    arguments: ["4294967296", "0x1ffffffff", "core:65536", "0x", "12ab", "99999999999999999999"])
  func range(text: String) {
    let error = #expect(throws: CommandFailure.self) { try Self.selection.choice(text) }
    #expect(error?.status == 2)
  }
}

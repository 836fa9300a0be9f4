/// The EtherTypes that are read (`include/uapi/linux/if_ether.h`).
enum EtherType {
  static let ipv4: UInt16 = 0x0800
  static let arp: UInt16 = 0x0806
  /// An Ethernet frame in a tunnel (`ETH_P_TEB`).
  static let ethernet: UInt16 = 0x6558
  static let vlan: UInt16 = 0x8100
  static let ipv6: UInt16 = 0x86dd
  static let pppoeSession: UInt16 = 0x8864
  /// The outer tag of two, by IEEE 802.1ad.
  static let serviceVLAN: UInt16 = 0x88a8
  /// The outer tag of two, as it was before there was a standard.
  static let oldServiceVLAN: UInt16 = 0x9100

  /// Smaller numbers in the place of an EtherType are lengths (IEEE 802.3).
  static let lowest: UInt16 = 0x0600
}

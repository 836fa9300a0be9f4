/// Bytes of a dropped packet, as they were in memory when it was dropped.
///
/// The bytes stand in ``DropBatch/packetBytes``.
public struct CapturedPacket: BitwiseCopyable, Sendable {
  /// What the bytes begin with.
  public var link: PacketLink
  /// Where they begin in ``DropBatch/packetBytes``.
  public var start: Int
  /// How many there are.
  public var count: Int
  /// How far the network header is from the first of them; beyond the last where only few are kept.
  public var networkOffset: Int

  /// A packet.
  public init(link: PacketLink, start: Int, count: Int, networkOffset: Int) {
    self.link = link
    self.start = start
    self.count = count
    self.networkOffset = networkOffset
  }
}

/// What a captured packet's bytes begin with; the numbers are those of pcap's link types
/// (https://www.tcpdump.org/linktypes.html).
public enum PacketLink: UInt8, BitwiseCopyable, Hashable, Sendable {
  /// An Ethernet header.
  case ethernet = 1
  /// An IPv4 or IPv6 header.
  case rawIP = 101
}

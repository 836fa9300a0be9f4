/// A reason for which the kernel drops packets, as the kernel itself names it.
public struct DropReason: Hashable, Sendable {
  /// The number in a drop: the upper 16 bits are the subsystem's, the lower 16 its reason's.
  ///
  /// It means something only for the kernel whose BTF it is from: numbers change with every build.
  public let value: UInt32
  /// The subsystem, such as `core`, `openvswitch` or `mac80211_unusable`.
  public let subsystem: String
  /// The name, as the kernel's own tables have it: `NO_SOCKET`, `OVS_DROP_METER`, `RX_DROP_U_REPLAY`.
  public let name: String
  /// The enumerator in the kernel's source: `SKB_DROP_REASON_NO_SOCKET`.
  public let symbol: String
  /// Whether it only marks a place in the enum (not dropped, a subsystem's base, the greatest value, a mask),
  /// so that no drop should carry it.
  public let isSentinel: Bool
}

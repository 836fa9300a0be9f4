/// What a packet's headers and its socket say, as far as they were captured.
///
/// A field that the packet does not have, or that could not be read, is `nil`.
public struct Flow: BitwiseCopyable, Hashable, Sendable {
  /// The IP protocol number (`include/uapi/linux/in.h`; 6 is TCP).
  public var transport: UInt8?
  /// The source address.
  public var source: IPAddress?
  /// The destination address.
  public var destination: IPAddress?
  /// The source port.
  public var sourcePort: UInt16?
  /// The destination port.
  public var destinationPort: UInt16?
  /// The ICMP or ICMPv6 type.
  public var icmpType: UInt8?
  /// The ICMP or ICMPv6 code.
  public var icmpCode: UInt8?
  /// The TCP flags, FIN = 1 up to CWR = 128.
  public var tcpFlags: UInt8?
  /// The VLAN identifier.
  public var vlan: UInt16?
  /// The packet's mark (`skb->mark`).
  public var mark: UInt32?
  /// The user that owns the receiving or sending socket.
  public var uid: UInt32?
  /// The identifier of the socket's cgroup (v2); its path is announced as a ``ControlGroup``.
  public var cgroup: UInt64?

  /// A flow of which nothing is known yet.
  public init() {}
}

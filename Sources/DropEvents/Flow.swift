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
  /// The operation of an ARP packet, 1 = request, 2 = reply (RFC 826); its addresses are ``source`` and ``destination``.
  public var arpOperation: UInt16?
  /// Which part of a fragmented IP packet this is; `nil` for a whole one.
  public var fragment: Fragment?
  /// The VLAN identifier, of the outer tag where there are several.
  public var vlan: UInt16?
  /// Which way it went, where the kernel tells.
  public var direction: Direction?
  /// The packet's mark (`skb->mark`).
  public var mark: UInt32?
  /// The cookie of the receiving or sending socket (`SO_COOKIE`, `ss -e`), unique within one boot.
  public var socketCookie: UInt64?
  /// The user that owns the receiving or sending socket.
  public var uid: UInt32?
  /// The identifier of the socket's cgroup (v2); its path is announced as a ``ControlGroup``.
  public var cgroup: UInt64?

  /// A flow of which nothing is known yet.
  public init() {}
}

/// Which part of a fragmented IP packet.
public enum Fragment: UInt8, BitwiseCopyable, Hashable, Sendable {
  /// The first, which has the transport's header.
  case first
  /// One behind it: its ports are unknown.
  case later
}

/// Which way a packet went.
public enum Direction: UInt8, BitwiseCopyable, Hashable, Sendable {
  /// It came in through an interface, the loopback included.
  case received
  /// A socket of this host sent it and it had not left.
  case sent
}

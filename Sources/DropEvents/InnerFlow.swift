/// What a packet carries inside: the packet in a tunnel, or the one an ICMP error is about.
///
/// A field that could not be read is `nil`.
public struct InnerFlow: BitwiseCopyable, Hashable, Sendable {
  /// What carries it.
  public var encapsulation: Encapsulation
  /// The tunnel's identifier: the VNI of VXLAN and Geneve, the key of GRE.
  public var tunnelID: UInt32?
  /// The inner IP protocol number.
  public var transport: UInt8?
  /// The inner source address.
  public var source: IPAddress?
  /// The inner destination address.
  public var destination: IPAddress?
  /// The inner source port.
  public var sourcePort: UInt16?
  /// The inner destination port.
  public var destinationPort: UInt16?

  /// An inner packet of which nothing is known yet.
  public init(encapsulation: Encapsulation) {
    self.encapsulation = encapsulation
  }
}

/// What carries an inner packet.
public enum Encapsulation: UInt8, BitwiseCopyable, CaseIterable, Hashable, Sendable {
  /// An ICMP or ICMPv6 error, which quotes the packet it is about.
  case icmpError
  /// IPv4 or IPv6 directly in IP (protocols 4 and 41).
  case ipip
  /// GRE (RFC 2784), with Ethernet or IP inside.
  case gre
  /// VXLAN (RFC 7348).
  case vxlan
  /// Geneve (RFC 8926).
  case geneve
}

/// The IP protocols that are read (`include/uapi/linux/in.h` and `in6.h`).
enum IPProtocol {
  static let icmp: UInt8 = 1
  static let ipv4: UInt8 = 4
  static let tcp: UInt8 = 6
  static let udp: UInt8 = 17
  static let dccp: UInt8 = 33
  static let ipv6: UInt8 = 41
  static let gre: UInt8 = 47
  static let icmpv6: UInt8 = 58
  static let sctp: UInt8 = 132
  static let udpLite: UInt8 = 136

  // Extension headers of IPv6 (https://www.iana.org/assignments/ipv6-parameters).
  static let hopByHop: UInt8 = 0
  static let routing: UInt8 = 43
  static let fragment: UInt8 = 44
  static let authentication: UInt8 = 51
  static let noNextHeader: UInt8 = 59
  static let destinationOptions: UInt8 = 60
  static let mobility: UInt8 = 135
  static let hip: UInt8 = 139
  static let shim6: UInt8 = 140

  /// Whether the protocol's header begins with the source and the destination port.
  static func hasPorts(_ number: UInt8?) -> Bool {
    switch number {
    case tcp, udp, dccp, sctp, udpLite: true
    default: false
    }
  }

  /// Whether an IPv6 header of this number may have another behind it.
  static func isExtension(_ number: UInt8) -> Bool {
    switch number {
    case hopByHop, routing, fragment, authentication, destinationOptions, mobility, hip, shim6: true
    default: false
    }
  }
}

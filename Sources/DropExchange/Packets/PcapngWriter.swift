/// Writes a pcapng file (draft-ietf-opsawg-pcapng): one section, with times in nanoseconds.
struct PcapngWriter {
  /// What a packet begins with (https://www.tcpdump.org/linktypes.html).
  enum LinkType {
    static let ethernet: UInt16 = 1
    /// An IPv4 or IPv6 header; which, its first four bits tell.
    static let rawIP: UInt16 = 101
    /// A made-up header of 16 bytes that tells the protocol ("Linux cooked capture").
    static let linuxCooked: UInt16 = 113
  }

  /// An interface that packets are at.
  struct Interface: Hashable {
    var linkType: UInt16
    /// Its name, if there was one.
    var name: String?
    /// Where it is.
    var description: String
  }

  /// A packet.
  struct Packet {
    /// Nanoseconds since the epoch.
    var time: Int64
    /// The bytes that were kept.
    var bytes: [UInt8]
    /// How many there were.
    var length: UInt32
    /// `epb_flags`: 1 for inbound, 2 for outbound; `nil` where that is unknown.
    var direction: UInt32?
    var comment: String
  }

  private enum Option {
    static let comment: UInt16 = 1
    static let hardware: UInt16 = 2
    static let operatingSystem: UInt16 = 3
    static let application: UInt16 = 4
    static let interfaceName: UInt16 = 2
    static let interfaceDescription: UInt16 = 3
    static let timeResolution: UInt16 = 9
    static let packetFlags: UInt16 = 2
  }

  private static let byteOrderMagic: UInt32 = 0x1a2b_3c4d

  private var interfaces: [Interface: UInt32] = [:]

  /// The head of the file.
  func sectionHeader(hardware: String, operatingSystem: String, application: String) -> [UInt8] {
    var block = PcapngBlock(.sectionHeader)
    block.append(Self.byteOrderMagic)
    // Version 1.0 of the format.
    block.append(UInt16(1))
    block.append(UInt16(0))
    // The section's length is not known in advance.
    block.append(Int64(-1))
    block.append(option: Option.hardware, hardware)
    block.append(option: Option.operatingSystem, operatingSystem)
    block.append(option: Option.application, application)
    return block.finished()
  }

  /// A packet, and before it its interface where it is the first there.
  mutating func packet(_ packet: Packet, at interface: Interface) -> [UInt8] {
    var output: [UInt8] = []
    let number: UInt32
    if let known = interfaces[interface] {
      number = known
    } else {
      number = UInt32(truncatingIfNeeded: interfaces.count)
      interfaces[interface] = number
      output = Self.description(of: interface)
    }
    var block = PcapngBlock(.enhancedPacket)
    block.append(number)
    let time = UInt64(clamping: packet.time)
    block.append(UInt32(truncatingIfNeeded: time >> 32))
    block.append(UInt32(truncatingIfNeeded: time))
    block.append(UInt32(truncatingIfNeeded: packet.bytes.count))
    block.append(packet.length)
    block.append(padded: packet.bytes)
    block.append(option: Option.comment, packet.comment)
    if let direction = packet.direction {
      block.append(
        option: Option.packetFlags, (0..<4).map { UInt8(truncatingIfNeeded: direction >> UInt32(8 * $0)) })
    }
    return output + block.finished()
  }

  private static func description(of interface: Interface) -> [UInt8] {
    var block = PcapngBlock(.interface)
    block.append(interface.linkType)
    block.append(UInt16(0))
    // No limit to the bytes of a packet.
    block.append(UInt32(0))
    if let name = interface.name { block.append(option: Option.interfaceName, name) }
    block.append(option: Option.interfaceDescription, interface.description)
    // 10^-9 s.
    block.append(option: Option.timeResolution, [9])
    return block.finished()
  }
}

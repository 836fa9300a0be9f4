internal import CDropRecord
internal import DropEvents

extension DropSite {
  /// A site in the kernel's terms, where 0 and the empty name mean unknown.
  init(
    kernelReason: UInt32, known: UInt16, location: UInt64, ifindex: UInt32, interface: KernelName?,
    netns: UInt32, ethertype: UInt16, names: InterfaceNames
  ) {
    self.init()
    if UInt32(known) & DROP_KNOWN_REASON != 0 { reason = kernelReason }
    if UInt32(known) & DROP_KNOWN_HARDWARE != 0 {
      origin = .hardware
      trap = location
    } else if location != 0 {
      self.location = location
    }
    if netns != 0 { self.netns = netns }
    if ethertype != 0 { etherType = ethertype }
    guard ifindex != 0 else { return }
    self.ifindex = ifindex
    if let interface, !interface.isEmpty {
      self.interface = interface
    } else {
      self.interface = names.name(netns: netns, ifindex: ifindex)
    }
  }
}

/// `char[DROP_NAME_BYTES]`, as Swift imports it.
typealias KernelCharacters = (
  CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar,
  CChar
)

extension KernelName {
  /// The name in a C array of 16 characters.
  init(kernel characters: KernelCharacters) {
    self = unsafe withUnsafeBytes(of: characters) { bytes in
      // In bounds: the array has 16 bytes.
      let low = unsafe bytes.loadUnaligned(as: UInt64.self)
      let high = unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      return KernelName(low: low.littleEndian, high: high.littleEndian)
    }
  }
}

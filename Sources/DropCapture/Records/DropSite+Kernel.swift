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

extension drop_site {
  /// What the BPF program counts a drop of this site by.
  ///
  /// - Parameters:
  ///   - site: The site of a drop.
  ///   - time: When it was dropped, ns since the epoch.
  init(_ site: DropSite, at time: Int64) {
    self.init()
    location = site.location ?? site.trap ?? 0
    reason = site.reason ?? 0
    ifindex = site.ifindex ?? 0
    netns = site.netns ?? 0
    minute = UInt32(truncatingIfNeeded: time / 60_000_000_000)
    ethertype = site.etherType ?? 0
    if site.reason != nil { known |= UInt16(DROP_KNOWN_REASON) }
    if site.origin == .hardware { known |= UInt16(DROP_KNOWN_HARDWARE) }
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

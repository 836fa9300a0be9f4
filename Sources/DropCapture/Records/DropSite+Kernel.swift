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

extension KernelName {
  /// The name in a C array of 16 characters.
  init<Characters: BitwiseCopyable>(kernel characters: Characters) {
    self = unsafe withUnsafeBytes(of: characters) { bytes in unsafe KernelName(bytes) }
  }
}

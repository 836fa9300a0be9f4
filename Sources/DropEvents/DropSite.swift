/// Where and why the kernel dropped: what it counts drops by.
///
/// Two drops of one boot with equal sites are counted together. A field the kernel did not know is `nil`.
public struct DropSite: BitwiseCopyable, Hashable, Sendable {
  /// The value of `enum skb_drop_reason` in the running kernel, the subsystem in its high 16 bits.
  public var reason: UInt32?
  /// The address from which the packet was freed, in the kernel's text.
  public var location: UInt64?
  /// The interface's index, unique within its network namespace.
  public var ifindex: UInt32?
  /// The interface's name when the packet was dropped.
  public var interface: KernelName?
  /// The inode number of the network namespace (`/proc/PID/ns/net`).
  public var netns: UInt32?
  /// The layer-3 protocol as an EtherType (`include/uapi/linux/if_ether.h`).
  public var etherType: UInt16?
  /// Who dropped.
  public var origin: DropOrigin
  /// The trap by which a device dropped; announced as a ``HardwareTrap``.
  public var trap: UInt64?

  /// A site; everything not given is unknown.
  public init(
    reason: UInt32? = nil, location: UInt64? = nil, ifindex: UInt32? = nil, interface: KernelName? = nil,
    netns: UInt32? = nil, etherType: UInt16? = nil, origin: DropOrigin = .software,
    trap: UInt64? = nil
  ) {
    self.reason = reason
    self.location = location
    self.ifindex = ifindex
    self.interface = interface
    self.netns = netns
    self.etherType = etherType
    self.origin = origin
    self.trap = trap
  }
}

/// Who dropped a packet: the kernel's software, or a device that reported a trap.
public enum DropOrigin: UInt8, BitwiseCopyable, Hashable, Sendable {
  case software
  case hardware
}

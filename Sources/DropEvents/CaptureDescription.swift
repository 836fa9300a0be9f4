/// What a capture knows before its first drop: everything a reader needs, years later, to understand the rest.
public struct CaptureDescription: Sendable {
  /// The machine.
  public var host: HostIdentity
  /// This boot of it (`/proc/sys/kernel/random/boot_id`).
  public var bootID: String
  /// The kernel it runs.
  public var kernel: KernelIdentity
  /// The names of the kernel's drop reasons, sentinels included.
  public var reasons: [ReasonName]
  /// The names of the subsystems that give reasons.
  public var subsystems: [SubsystemName]
  /// The options of the capture, as a JSON object.
  public var options: String
  /// The version of the program that captures.
  public var program: String
  /// Its process identifier.
  public var pid: Int32
  /// When it began, in nanoseconds since the epoch.
  public var start: Int64

  /// A description with all its fields.
  public init(
    host: HostIdentity, bootID: String, kernel: KernelIdentity, reasons: [ReasonName],
    subsystems: [SubsystemName], options: String, program: String, pid: Int32, start: Int64
  ) {
    self.host = host
    self.bootID = bootID
    self.kernel = kernel
    self.reasons = reasons
    self.subsystems = subsystems
    self.options = options
    self.program = program
    self.pid = pid
    self.start = start
  }
}

/// Which machine.
public struct HostIdentity: Hashable, Sendable {
  /// Its node name (`uname -n`).
  public var name: String
  /// The content of `/etc/machine-id`, where there is one.
  public var machineID: String?

  /// A machine.
  public init(name: String, machineID: String?) {
    self.name = name
    self.machineID = machineID
  }
}

/// Which kernel build.
///
/// The release alone does not tell: reason numbers change within one release.
public struct KernelIdentity: Hashable, Sendable {
  /// `uname -r`.
  public var release: String
  /// `uname -v`.
  public var version: String
  /// `uname -m`.
  public var machine: String
  /// The FNV-1a hash (64 bits, hexadecimal) of the kernel's BTF, from which the reason names were read.
  public var btfHash: String?

  /// A kernel build.
  public init(release: String, version: String, machine: String, btfHash: String?) {
    self.release = release
    self.version = version
    self.machine = machine
    self.btfHash = btfHash
  }
}

/// One value of `enum skb_drop_reason`, or of a subsystem's enum, and its names.
public struct ReasonName: Hashable, Sendable {
  /// The value, the subsystem in its high 16 bits.
  public var value: UInt32
  /// The subsystem's name, `core` for the kernel's own reasons.
  public var subsystem: String
  /// The kernel's name for it (`NO_SOCKET`).
  public var name: String
  /// The enumerator (`SKB_DROP_REASON_NO_SOCKET`).
  public var symbol: String
  /// Whether it marks a boundary or a mask rather than a reason.
  public var isSentinel: Bool
  /// Whether such drops are part of normal life: a socket closed with data unread, a frame for another host.
  public var isRoutine: Bool

  /// A reason's names.
  public init(
    value: UInt32, subsystem: String, name: String, symbol: String, isSentinel: Bool, isRoutine: Bool = false
  ) {
    self.value = value
    self.subsystem = subsystem
    self.name = name
    self.symbol = symbol
    self.isSentinel = isSentinel
    self.isRoutine = isRoutine
  }
}

/// A subsystem that gives reasons (`enum skb_drop_reason_subsys`).
public struct SubsystemName: Hashable, Sendable {
  /// Its number, the high 16 bits of its reasons.
  public var number: UInt16
  /// Its name, in lower case (`core`, `openvswitch`).
  public var name: String

  /// A subsystem.
  public init(number: UInt16, name: String) {
    self.number = number
    self.name = name
  }
}

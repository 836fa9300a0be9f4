/// One dropped packet, as recorded by the kernel and decoded.
///
/// Plain bytes without references, so that a storm of them costs no allocation. Its ``stack``, its site's
/// location and its namespace are numbers; what they mean has been announced in this ``DropBatch`` or an earlier one.
public struct DropEvent: BitwiseCopyable, Sendable {
  /// When: nanoseconds since the epoch.
  public var time: Int64
  /// Where and why.
  public var site: DropSite
  /// The kernel's stack, if one was taken.
  public var stack: StackID?
  /// What the CPU was doing, if the kernel's preempt count or its stack could be read.
  public var context: ExecutionContext?
  /// What the packet's headers and socket say.
  public var flow: Flow
  /// Which of ``DropBatch/innerFlows`` the packet carries, if any.
  public var inner: UInt32?
  /// The TCP sequence number.
  public var tcpSequence: UInt32?
  /// Which of ``DropBatch/packets`` holds its first bytes, if they were kept.
  public var packet: UInt32?
  /// Bytes of the packet from its network header on, as it was when dropped.
  public var length: UInt32?
  /// The CPU that dropped it.
  public var cpu: UInt32
  /// The process (thread group) that was running on that CPU, which is not always concerned: see ``context``.
  public var pid: UInt32
  /// The name of the running task.
  public var comm: KernelName

  /// An event with all its fields.
  public init(
    time: Int64, site: DropSite, stack: StackID? = nil, context: ExecutionContext? = nil, flow: Flow = Flow(),
    length: UInt32? = nil, cpu: UInt32 = 0, pid: UInt32 = 0, comm: KernelName = KernelName("")
  ) {
    self.time = time
    self.site = site
    self.stack = stack
    self.context = context
    self.flow = flow
    self.length = length
    self.cpu = cpu
    self.pid = pid
    self.comm = comm
  }
}

/// What a CPU was doing when it dropped: only in ``task`` context is the running process surely the one concerned.
public enum ExecutionContext: UInt8, BitwiseCopyable, Hashable, Sendable {
  case task
  case softirq
  case hardirq
  case nmi
}

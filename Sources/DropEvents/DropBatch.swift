/// What a capture hands over at once: events, counts, and the meaning of the numbers in them.
///
/// An address, stack, namespace or control group is announced once, in the batch that first uses it or earlier.
/// It may be announced again, with the same or a newer meaning.
public struct DropBatch: Sendable {
  /// Meanings of addresses.
  public var symbols: [KernelSymbol] = []
  /// Meanings of stack numbers; the symbols of their frames have been announced.
  public var stacks: [StackDefinition] = []
  /// Names of network namespaces.
  public var namespaces: [NetworkNamespace] = []
  /// Paths of control groups.
  public var controlGroups: [ControlGroup] = []
  /// Names of hardware traps.
  public var traps: [HardwareTrap] = []
  /// What packets of this batch carry inside, by ``DropEvent/inner``.
  public var innerFlows: [InnerFlow] = []
  /// Where the first bytes of packets of this batch stand, by ``DropEvent/packet``.
  public var packets: [CapturedPacket] = []
  /// The bytes of ``packets``, one packet after the other.
  public var packetBytes: [UInt8] = []
  /// Names of reasons that came with a module since the capture began.
  public var reasons: [ReasonName] = []
  /// Names of the subsystems of ``reasons``.
  public var subsystems: [SubsystemName] = []
  /// The drops recorded, in the order in which the kernel handed them over.
  public var events: [DropEvent] = []
  /// The drops counted since the last batch.
  ///
  /// Every event of this batch has been counted here or earlier.
  public var tallies: [DropTally] = []
  /// The drops counted but not recorded since the last batch.
  public var losses: [DropLoss] = []
  /// How the kernel's own counters of loss rose.
  public var rises: [CounterRise] = []

  /// An empty batch.
  public init() {}

  /// Whether there is nothing to store.
  public var isEmpty: Bool {
    events.isEmpty && tallies.isEmpty && losses.isEmpty && symbols.isEmpty && stacks.isEmpty
      && namespaces.isEmpty && controlGroups.isEmpty && traps.isEmpty && reasons.isEmpty && subsystems.isEmpty
      && rises.isEmpty
  }

  /// Empties the batch and keeps its memory for the next.
  public mutating func removeAll() {
    symbols.removeAll(keepingCapacity: true)
    stacks.removeAll(keepingCapacity: true)
    namespaces.removeAll(keepingCapacity: true)
    controlGroups.removeAll(keepingCapacity: true)
    traps.removeAll(keepingCapacity: true)
    innerFlows.removeAll(keepingCapacity: true)
    packets.removeAll(keepingCapacity: true)
    packetBytes.removeAll(keepingCapacity: true)
    reasons.removeAll(keepingCapacity: true)
    subsystems.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    tallies.removeAll(keepingCapacity: true)
    losses.removeAll(keepingCapacity: true)
    rises.removeAll(keepingCapacity: true)
  }
}

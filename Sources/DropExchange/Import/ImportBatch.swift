internal import DropCapture
internal import DropEvents
internal import DropStore

/// Gathers imported drops as the batches that are stored, with numbers of its own for what has only a name.
struct ImportBatch {
  /// How many drops a batch has at most.
  static let limit = 8192
  /// How many stacks are remembered before their numbers are given anew.
  private static let stackLimit = 1 << 16
  /// Where the numbers begin that stand for symbols: no kernel has text there, for the addresses of no machine reach so far
  /// from both ends.
  private static let firstSymbol: UInt64 = 1 << 63
  private static let symbolEnd: UInt64 = firstSymbol + 1 << 40

  private(set) var batch = DropBatch()
  /// Drops in all.
  private(set) var count: UInt64 = 0
  /// The times of the first and the last, in nanoseconds since the epoch.
  private(set) var start = Int64.max
  private(set) var end = Int64.min

  private var reasons: [ImportedDrop.Reason: UInt32] = [:]
  private var symbols: [ImportedSymbol: UInt64] = [:]
  private var stacks: [[UInt64]: StackID] = [:]
  private var traps: [HardwareTrap] = []
  private var tallies: [TallyKey: Int] = [:]

  private struct TallyKey: Hashable {
    var site: DropSite
    var minute: Int64
  }

  /// Whether it is time to store what there is.
  ///
  /// A stack's number must not change its meaning within a batch.
  var isFull: Bool { batch.events.count >= Self.limit || stacks.count >= Self.stackLimit }

  /// What there is; it begins anew.
  mutating func take() -> DropBatch {
    let taken = batch
    batch.removeAll()
    tallies.removeAll(keepingCapacity: true)
    if stacks.count >= Self.stackLimit { stacks.removeAll() }
    return taken
  }

  /// Adds a drop.
  ///
  /// - Parameters:
  ///   - drop: the drop.
  ///   - time: when, in nanoseconds since the epoch.
  mutating func add(_ drop: ImportedDrop, at time: Int64) {
    var site = DropSite(
      reason: drop.reason.map { number(of: $0) }, location: drop.location.flatMap { address(of: $0) },
      ifindex: drop.ifindex, interface: drop.interface, netns: drop.netns, etherType: drop.etherType,
      origin: drop.origin)
    if let trap = drop.trap { site.trap = number(ofTrap: trap.name, trap.group) }
    var event = DropEvent(
      time: time, site: site, flow: drop.flow, length: drop.length, cpu: drop.cpu ?? StagedImport.unknown,
      pid: drop.pid ?? StagedImport.unknown, comm: drop.comm ?? KernelName(""))
    let frames = drop.stack.compactMap { address(of: $0) }
    if !frames.isEmpty { event.stack = number(ofStack: frames) }
    event.tcpSequence = drop.tcpSequence
    if let inner = drop.inner {
      event.inner = UInt32(batch.innerFlows.count)
      batch.innerFlows.append(inner)
    }
    if let packet = drop.packet {
      event.packet = UInt32(batch.packets.count)
      batch.packets.append(
        CapturedPacket(
          link: .ethernet, start: batch.packetBytes.count, count: packet.bytes.count,
          networkOffset: packet.networkOffset))
      batch.packetBytes += packet.bytes
    }
    batch.events.append(event)
    count += 1
    start = min(start, time)
    end = max(end, time)
    let seconds = time / 1_000_000_000
    let key = TallyKey(site: site, minute: seconds - seconds % 60)
    if let known = tallies[key] {
      batch.tallies[known].packets += 1
      batch.tallies[known].bytes += UInt64(drop.length ?? 0)
    } else {
      tallies[key] = batch.tallies.count
      batch.tallies.append(
        DropTally(site: site, minute: key.minute, packets: 1, bytes: UInt64(drop.length ?? 0)))
    }
  }

  // MARK: Numbers

  private mutating func number(of reason: ImportedDrop.Reason) -> UInt32 {
    if let known = reasons[reason] { return known }
    let text: String
    let given: String?
    switch reason {
    case .number(let number) where number < StagedImport.numberOfFirstName: return number
    case .number(let number): (text, given) = ("0x" + String(number, radix: 16), nil)
    case .name(let name, let subsystem): (text, given) = (name, subsystem)
    }
    let number = StagedImport.numberOfFirstName + UInt32(truncatingIfNeeded: reasons.count)
    reasons[reason] = number
    let subsystem = given ?? ReasonNames.subsystem(of: text) ?? "unknown"
    let isCore = subsystem == RoutineReasons.subsystem
    batch.reasons.append(
      ReasonName(
        value: number, subsystem: subsystem, name: text, symbol: isCore ? "SKB_DROP_REASON_\(text)" : text,
        isSentinel: false, isRoutine: isCore && RoutineReasons.names.contains(text)))
    return number
  }

  private mutating func address(of symbol: ImportedSymbol) -> UInt64? {
    if let known = symbols[symbol] { return known }
    if symbol.name == nil, let address = symbol.address {
      // What says it is where symbols are numbered is not an address.
      return (Self.firstSymbol..<Self.symbolEnd).contains(address) ? nil : address
    }
    guard let name = symbol.name else { return nil }
    let number = Self.firstSymbol + UInt64(symbols.count)
    symbols[symbol] = number
    batch.symbols.append(
      KernelSymbol(address: number, name: name, offset: symbol.offset, module: symbol.module))
    return number
  }

  private mutating func number(ofStack frames: [UInt64]) -> StackID {
    if let known = stacks[frames] { return known }
    let number = StackID(UInt32(stacks.count))
    stacks[frames] = number
    batch.stacks.append(StackDefinition(id: number, frames: frames))
    return number
  }

  private mutating func number(ofTrap name: String, _ group: String) -> UInt64 {
    if let known = traps.first(where: { $0.name == name && $0.group == group }) { return known.id }
    let trap = HardwareTrap(id: UInt64(traps.count) + 1, name: name, group: group)
    traps.append(trap)
    batch.traps.append(trap)
    return trap.id
  }
}
